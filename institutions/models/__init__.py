"""Institutions, who belongs to them, and who has approved them."""

from institutions.models.approval import ApprovalProposal, InstitutionApproval
from institutions.models.authority import AuthorityClaim, AuthorityDocument, DocumentStatus
from institutions.models.database_manager import DatabaseManager
from institutions.models.details import InstitutionDetails
from institutions.models.institution import Institution
from institutions.models.invitation import Invitation
from institutions.models.lists import ListEdition, ListLine
from institutions.models.mail_domain import MailDomain
from institutions.models.membership import Membership
from institutions.models.merge import InstitutionMerge

__all__ = [
    "ApprovalProposal",
    "AuthorityClaim",
    "AuthorityDocument",
    "DatabaseManager",
    "DocumentStatus",
    "Institution",
    "InstitutionApproval",
    "InstitutionDetails",
    "InstitutionMerge",
    "Invitation",
    "ListEdition",
    "ListLine",
    "MailDomain",
    "Membership",
]
