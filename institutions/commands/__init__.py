"""Writes about institutions and memberships. Each locks the institution, checks who may, and
records an event in the same transaction."""

from institutions.commands.approvals import (
    approve_by_decision,
    propose_approval,
    settle_approval,
    withdraw_approval,
)
from institutions.commands.authority import add_document
from institutions.commands.common import Forbidden, Refused
from institutions.commands.database_managers import end_manager, name_manager
from institutions.commands.invitations import (
    AnotherAddress,
    NoSuchInvitation,
    accept,
    invite,
    revoke,
)
from institutions.commands.mail_domains import add_domain, verify_domain
from institutions.commands.memberships import ask, change, decide, end, set_end
from institutions.commands.registering import decide_institution, register

__all__ = [
    "AnotherAddress",
    "Forbidden",
    "NoSuchInvitation",
    "Refused",
    "accept",
    "add_document",
    "add_domain",
    "approve_by_decision",
    "ask",
    "change",
    "decide",
    "decide_institution",
    "end",
    "end_manager",
    "invite",
    "name_manager",
    "propose_approval",
    "register",
    "revoke",
    "set_end",
    "settle_approval",
    "verify_domain",
    "withdraw_approval",
]
