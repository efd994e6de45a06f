"""Words of lists of approved institutions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Fate(TextChoices):
    """What a new edition makes of a line."""

    NEW = "new", _("new on the list")
    CHANGED = "changed", _("changed")
    BACK = "back", _("on the list again")
    GONE = "gone", _("no longer on the list")
    SAME = "same", _("unchanged")
