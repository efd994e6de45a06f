"""Writes about institutions and memberships. Each locks the institution, checks who may, and
records an event in the same transaction."""

from institutions.commands.approvals import approve_by_decision, record_approval
from institutions.commands.common import Forbidden, Refused
from institutions.commands.mail_domains import add_domain, verify_domain
from institutions.commands.memberships import ask, change, decide, end, join
from institutions.commands.registering import decide_institution, register

__all__ = [
    "Forbidden",
    "Refused",
    "add_domain",
    "approve_by_decision",
    "ask",
    "change",
    "decide",
    "decide_institution",
    "end",
    "join",
    "record_approval",
    "register",
    "verify_domain",
]
