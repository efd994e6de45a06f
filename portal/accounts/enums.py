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
