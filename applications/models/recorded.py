"""Cases that the portal did not decide, recorded by the agency."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


class RecordedCase(models.Model):
    """A case of an institution that is in force and was decided outside of the portal.

    It counts among the facts like one that the portal decided (applications.selectors.facts).
    `document`: what is known of it, in the field paths of the agency's forms.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.TextField()
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="recorded_cases"
    )
    type = models.TextField()
    number = models.TextField()
    title = models.TextField()
    document = models.JSONField(default=dict)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "number"],
                condition=Q(ended_at__isnull=True),
                name="recorded_case_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="recorded_case_ended_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["institution", "agency"], name="recorded_case_of")]

    def __str__(self) -> str:
        return self.number
