"""One institution merged into another: proposed by one administrator, confirmed by another."""

import uuid

from django.db import models
from django.db.models import F, Q

from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock


class InstitutionMerge(models.Model):
    """That `gone` is the same as `kept` and becomes part of it. Open until somebody ends it: merged
    by another agency administrator than who proposed it, or dropped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="merges_in")
    gone = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="merges_away")
    reason = models.TextField()
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False, help_text="ended by merging")
    moved = models.JSONField(default=dict, help_text="what was moved -> how many")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(ended_at__isnull=True), name="merge_open_once"
            ),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(done=True), name="merge_done_once"
            ),
            models.CheckConstraint(
                condition=Q(done=False) | Q(ended_by__isnull=False) & ~Q(ended_by=F("proposed_by")),
                name="merge_confirmed_by_another",
            ),
            pair("ended_by", "ended_at", "merge_ended_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
