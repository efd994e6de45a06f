"""That an institution is approved for an agency's data."""

import uuid

from django.db import models
from django.db.models import F, Q

from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock


class InstitutionApproval(models.Model):
    """That an institution is approved for an agency's data, by whom, and how long."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="approvals")
    agency = models.CharField(max_length=20, help_text="Code of the agency that relies on it")
    source = models.CharField(max_length=20, help_text="One of those that the agency names")
    number = models.CharField(max_length=50, blank=True, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="Last day; none means until withdrawn")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="approval_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(source__regex="^[a-z][a-z0-9_]*$"), name="approval_source_plain"
            ),
            models.UniqueConstraint(
                fields=["institution", "agency", "source", "valid_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="approval_recorded_once",
            ),
            pair("withdrawn_by", "withdrawn_at", "approval_withdrawn_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.agency} {self.source}"
