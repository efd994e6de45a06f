"""Who belongs to an institution."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from institutions.enums import (
    Basis,
    MemberRole,
    MembershipStatus,
)
from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock


class Membership(models.Model):
    """A person at an institution, with what they may do for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=MemberRole.choices), default=list)
    status = models.CharField(
        max_length=10, choices=MembershipStatus.choices, default=MembershipStatus.PENDING
    )
    basis = models.CharField(max_length=15, choices=Basis.choices, default=Basis.REQUEST)
    title = models.CharField(max_length=200, blank=True, default="")
    authority = models.TextField(
        blank=True, default="", help_text="What lets the signatory bind the institution"
    )
    authority_from = models.DateField(null=True, help_text="first day of the authority to sign")
    authority_until = models.DateField(
        null=True, help_text="last day of the authority to sign; without one it has no end"
    )
    valid_until = models.DateField(
        null=True, help_text="last day of the membership (UTC); without one it has no end"
    )
    message = models.TextField(blank=True, default="", help_text="What the person wrote on asking")
    requested_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution"],
                condition=Q(status__in=["pending", "active"]),
                name="membership_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", started_at__isnull=True, ended_at__isnull=True)
                | Q(status="active", started_at__isnull=False, ended_at__isnull=True)
                | Q(
                    status="rejected",
                    decided_at__isnull=False,
                    started_at__isnull=True,
                    ended_at__isnull=True,
                )
                | Q(status="ended", ended_at__isnull=False),
                name="membership_status_and_dates",
            ),
            # A mail domain is a hint and admits nobody: somebody said yes to everyone.
            models.CheckConstraint(
                condition=~Q(status="active") | Q(decided_at__isnull=False),
                name="membership_active_by_decision",
            ),
            models.CheckConstraint(
                condition=Q(authority_from__isnull=True)
                | Q(authority_until__isnull=True)
                | Q(authority_until__gte=F("authority_from")),
                name="membership_authority_days",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")),
                name="membership_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=MemberRole.values), name="membership_roles_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(roles__len__gte=1),
                name="membership_active_has_role",
            ),
            models.CheckConstraint(
                condition=~Q(roles__contains=["signatory"]) | (~Q(title="") & ~Q(authority="")),
                name="membership_signatory_has_authority",
            ),
            # Nobody becomes a signatory by asking to belong: that is claimed and decided apart.
            models.CheckConstraint(
                condition=~Q(status="pending") | ~Q(roles__contains=["signatory"]),
                name="membership_asked_without_signing",
            ),
            pair("decided_by", "decided_at", "membership_decided_who_and_when"),
            pair("ended_by", "ended_at", "membership_ended_who_and_when"),
        ]
        indexes = [
            models.Index(fields=["institution", "status"], name="membership_by_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.institution_id}: {self.status}"
