"""Words of institutions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Who an applicant institution is (rules.md 2.1.2)."""

    RESEARCH_INSTITUTION = "research_institution", _("Research institution")
    STATE_BODY = "state_body", _("State body (ministry, directorate and the like)")
    COUNTY = "county", _("County or region")
    MUNICIPALITY = "municipality", _("Municipality")
    CENTRAL_BANK = "central_bank", _("Central bank")
    AUDIT_OFFICE = "audit_office", _("Office of the Auditor General")
    FOREIGN_NSI = "foreign_nsi", _("Central statistics authority of another country")
    INTL_ORG = "intl_org", _("International organisation founded on a treaty")
    PUBLIC_COMPANY = "public_company", _("Company owned by the public")
    PRIVATE_COMPANY = "private_company", _("Private company")
    PRIVATE_PERSON = "private_person", _("Private person")
    OTHER = "other", _("Other")


class InstitutionStatus(TextChoices):
    """Whether an agency administrator has confirmed that the institution is what it says.

    A merged one is part of another from then on and takes part in nothing itself."""

    PENDING = "pending", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("not accepted")
    MERGED = "merged", _("merged into another")


class MemberRole(TextChoices):
    """What a member may do for the institution."""

    RESEARCHER = "researcher", _("researcher")
    ADMINISTRATOR = "administrator", _("administrator")
    SIGNATORY = "signatory", _("signatory")


class MembershipStatus(TextChoices):
    """Where a membership stands. Only `active` gives any right."""

    PENDING = "pending", _("waiting for approval")
    ACTIVE = "active", _("active")
    REJECTED = "rejected", _("not approved")
    ENDED = "ended", _("ended")


class Basis(TextChoices):
    """How a membership came about."""

    DOMAIN = "domain", _("verified mail domain")  # of the time when a domain let people in
    INVITATION = "invitation", _("invitation")
    REQUEST = "request", _("request")
    REGISTRATION = "registration", _("registered the institution")


class ApprovalBasis(TextChoices):
    """What the approval of an institution rests on."""

    LIST = "list", _("on an imported list")
    CASE = "case", _("by a decision in a case")
    PEOPLE = "people", _("by two administrators")
    EARLIER = "earlier", _("recorded before the basis was kept")
