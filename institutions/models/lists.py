"""Lists of approved institutions: their editions, and what stands on them.

A line that fits no institution waits. One that drops off stays, marked, until an administrator has
said whether its approval ends.
"""

import uuid

from django.db import models
from django.db.models import Q

from institutions.models.approval import InstitutionApproval
from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock

SETTLED = ("kept", "withdrawn")


class ListEdition(models.Model):
    """One edition of a list that an agency relies on, numbered from 1 without a gap."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="Of lines that do not say it themselves")
    imported_at = models.DateTimeField(default=clock.now)
    imported_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="The file, in portal.store")
    filename = models.CharField(max_length=200, blank=True, default="")
    counts = models.JSONField(default=dict, help_text="fate -> how many")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "source", "number"], name="list_edition_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="list_edition_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.source} {self.number}"


class ListLine(models.Model):
    """An institution as a list names it, and which one of the portal it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    # What tells it from the others of its list: its number, or its name when it has none.
    key = models.CharField(max_length=400)
    name = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, help_text="The name as it is compared")
    country = models.CharField(max_length=2)
    org_number = models.CharField(max_length=30, blank=True, default="")
    number = models.CharField(max_length=50, blank=True, default="", help_text="Of the approval")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    institution = models.ForeignKey(
        Institution, null=True, on_delete=models.PROTECT, related_name="list_lines"
    )
    matched_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    matched_at = models.DateTimeField(null=True)
    approval = models.ForeignKey(
        InstitutionApproval, null=True, on_delete=models.PROTECT, related_name="list_lines"
    )
    dropped = models.DateField(null=True, help_text="First day on which it was no longer there")
    settled = models.CharField(
        max_length=10, blank=True, default="", help_text="What became of the approval then"
    )
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "source", "key"], name="list_line_once"),
            models.UniqueConstraint(
                fields=["agency", "source", "institution"],
                condition=Q(dropped__isnull=True),
                name="list_names_institution_once",
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=False) | Q(approval__isnull=True),
                name="list_approves_whom_it_fits",
            ),
            models.CheckConstraint(
                condition=Q(settled="", settled_at__isnull=True)
                | Q(settled__in=SETTLED, settled_at__isnull=False, dropped__isnull=False),
                name="list_line_settled_when_dropped",
            ),
            pair("matched_by", "matched_at", "list_line_matched_who_and_when"),
            pair("settled_by", "settled_at", "list_line_settled_who_and_when"),
        ]
        indexes = [
            models.Index(
                fields=["country", "org_number"],
                condition=Q(institution__isnull=True, dropped__isnull=True),
                name="list_line_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.name
