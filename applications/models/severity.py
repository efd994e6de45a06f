"""What an agency's administrators have made of the severities of its rules."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from applications.completeness import Severity

LONGEST_REASON = 500  # characters


class SeverityChange(models.Model):
    """One change of how severe a rule is at an agency. Only added to; the newest counts.

    `sequence` counts the changes of one rule at one agency from 1: of two people who saw the same
    and change it at once, the database takes the first only.
    """

    agency = models.TextField()
    rule_id = models.TextField()
    sequence = models.PositiveIntegerField()
    severity = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "rule_id", "sequence"], name="severity_change_one_after_another"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[str(s) for s in Severity]),
                name="severity_change_severity_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason="")  # type: ignore[arg-type]
                & LessThanOrEqual(Length("reason"), LONGEST_REASON),
                name="severity_change_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1), name="severity_change_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.rule_id}: {self.severity}"
