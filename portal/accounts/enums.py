"""Words of people and roles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StaffRoleName(TextChoices):
    """What a member of staff may be at one agency."""

    CASE_OFFICER = "case_officer", _("case officer")
    REVIEWER = "reviewer", _("reviewer")
    LAWYER = "lawyer", _("lawyer")
    DECISION_MAKER = "decision_maker", _("decision maker")
    AGENCY_ADMIN = "agency_admin", _("agency administrator")
    AUDITOR = "auditor", _("auditor")


class NotificationKind(TextChoices):
    """What a person may be told of in another way than at once. What the law or a deadline
    requires (receipts, decisions, returns, specifications, sign-in) is none of these."""

    CASE = "case", _("Messages and progress in my cases")
    INSTITUTION = "institution", _("My institution: requests, members, memberships")


class NotificationWay(TextChoices):
    """When a mail comes."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day, together")
    NONE = "none", _("not by mail")
