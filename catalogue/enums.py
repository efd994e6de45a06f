"""Words of the catalogue (rules.md 2.1.4)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Collection(TextChoices):
    """How the data of a variable were collected."""

    ADMINISTRATIVE = "administrative", _("From administrative registers")
    DIRECT_SURVEY = "direct_survey", _("Asked for directly (survey)")


class UnitType(TextChoices):
    """What a variable tells about."""

    PERSON = "person", _("Person")
    ENTERPRISE = "enterprise", _("Enterprise")
    LEGAL_ENTITY = "legal_entity", _("Legal entity")


class Fate(TextChoices):
    """What an import does to a register or a variable."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    BACK = "back", _("Here again")
    GONE = "gone", _("No longer in the file")
    SAME = "same", _("Unchanged")
