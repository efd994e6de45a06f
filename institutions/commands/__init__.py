"""Writes about institutions and memberships. Each locks the institution, checks who may, and
records an event in the same transaction."""

from institutions.commands.approvals import (
    approve_by_decision,
    propose_approval,
    settle_approval,
    withdraw_approval,
)
from institutions.commands.authority import (
    Claim,
    add_document,
    claim_authority,
    decide_claim,
    take_claim_back,
)
from institutions.commands.common import Forbidden, Refused
from institutions.commands.database_managers import end_manager, name_manager
from institutions.commands.details import Stale, change_details, change_identity
from institutions.commands.invitations import (
    AnotherAddress,
    NoSuchInvitation,
    accept,
    invite,
    revoke,
)
from institutions.commands.mail_domains import add_domain, verify_domain
from institutions.commands.memberships import ask, change, decide, end, set_end
from institutions.commands.merging import confirm_merge, drop_merge, propose_merge
from institutions.commands.registering import decide_institution, register

__all__ = [
    "AnotherAddress",
    "Claim",
    "Forbidden",
    "NoSuchInvitation",
    "Refused",
    "Stale",
    "accept",
    "add_document",
    "add_domain",
    "approve_by_decision",
    "ask",
    "change",
    "change_details",
    "change_identity",
    "claim_authority",
    "confirm_merge",
    "decide",
    "decide_claim",
    "decide_institution",
    "drop_merge",
    "end",
    "end_manager",
    "invite",
    "name_manager",
    "propose_approval",
    "propose_merge",
    "register",
    "revoke",
    "set_end",
    "settle_approval",
    "take_claim_back",
    "verify_domain",
    "withdraw_approval",
]
