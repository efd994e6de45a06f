"""Institutions, who belongs to them, and who has approved them."""

from institutions.models.approval import InstitutionApproval
from institutions.models.institution import Institution
from institutions.models.lists import ListEdition, ListLine
from institutions.models.mail_domain import MailDomain
from institutions.models.membership import Membership

__all__ = [
    "Institution",
    "InstitutionApproval",
    "ListEdition",
    "ListLine",
    "MailDomain",
    "Membership",
]
