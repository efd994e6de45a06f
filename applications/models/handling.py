"""Which month's cases an agency has begun to handle, as its administrators say."""

from django.conf import settings
from django.db import models
from django.db.models import Q

LONGEST_NOTICE = 500  # characters, in each language


class AgencyNotice(models.Model):
    """What applicants whose cases wait are told (rules.md 4.3, SOS-ST-03). Only added to; the
    newest counts, and one that says nothing takes the notice away.

    `sequence` counts an agency's notices from 1. `texts`: by language, in the agency's own words.
    """

    agency = models.TextField()
    sequence = models.PositiveIntegerField()
    handling_from = models.DateField(null=True, blank=True, help_text="the first of a month")
    texts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "sequence"], name="agency_notice_one_after_another"
            ),
            models.CheckConstraint(
                condition=Q(handling_from__isnull=True) | Q(handling_from__day=1),
                name="agency_notice_is_of_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.sequence}"
