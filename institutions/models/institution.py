"""An organisation that applies."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from institutions.enums import (
    InstitutionStatus,
    Kind,
)
from institutions.models.common import PERSON, pair
from portal import clock


class Institution(models.Model):
    """An organisation that applies. Until an agency administrator confirms it, it is pending."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=300)
    names = models.JSONField(default=dict, blank=True, help_text="Other names: language -> name")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    org_number = models.CharField(max_length=30, blank=True, default="")
    status = models.CharField(
        max_length=10, choices=InstitutionStatus.choices, default=InstitutionStatus.PENDING
    )
    registered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_from"
    )

    class Meta:
        constraints = [
            # A rejected registration does not keep the number from its owner. A merged one does:
            # whoever looks for its number finds the one that it was merged into.
            models.UniqueConstraint(
                fields=["country", "org_number"],
                condition=~Q(org_number="") & ~Q(status="rejected"),
                name="org_number_once_per_country",
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$"), name="institution_country_iso2"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="institution_kind"),
            models.CheckConstraint(
                condition=Q(status=InstitutionStatus.PENDING, decided_at__isnull=True)
                | Q(status__in=["confirmed", "rejected", "merged"], decided_at__isnull=False),
                name="institution_decided_or_pending",
            ),
            pair("decided_by", "decided_at", "institution_decided_who_and_when"),
            # Nobody confirms an institution of their own making.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(status=InstitutionStatus.CONFIRMED)
                | ~Q(decided_by=F("registered_by")),
                name="institution_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=InstitutionStatus.MERGED, merged_into__isnull=False)
                & ~Q(merged_into=F("id"))
                | ~Q(status=InstitutionStatus.MERGED) & Q(merged_into__isnull=True),
                name="institution_merged_into_another",
            ),
        ]
        indexes = [models.Index(Lower("name"), name="institution_by_name")]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """The name in `language` when there is one, else the main name."""
        return self.names.get(language) or self.name
