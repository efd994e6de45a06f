"""That an institution is approved for an agency's data, and what two administrators agree on."""

import uuid

from django.db import models
from django.db.models import F, Q

from institutions.enums import ApprovalBasis
from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock


class InstitutionApproval(models.Model):
    """That an institution is approved for an agency's data, by whom, on what basis, how long.

    Without a list and without a case a second administrator has confirmed it, with grounds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="approvals")
    agency = models.CharField(max_length=20, help_text="Code of the agency that relies on it")
    source = models.CharField(max_length=20, help_text="One of those that the agency names")
    number = models.CharField(max_length=50, blank=True, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="Last day; none means until withdrawn")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    basis = models.CharField(max_length=10, choices=ApprovalBasis.choices)
    grounds = models.TextField(blank=True, default="", help_text="Why, when people agreed on it")
    confirmed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True, default="")

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
            models.CheckConstraint(
                condition=Q(basis=ApprovalBasis.PEOPLE, confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("recorded_by"))
                & ~Q(grounds="")
                | ~Q(basis=ApprovalBasis.PEOPLE) & Q(confirmed_by__isnull=True),
                name="approval_by_two_with_grounds",
            ),
            models.CheckConstraint(
                condition=~Q(basis=ApprovalBasis.CASE) | ~Q(number=""),
                name="approval_by_a_case_names_it",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=ApprovalBasis.values), name="approval_basis"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
                name="approval_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "valid_until"],
                condition=Q(withdrawn_at__isnull=True),
                name="approval_ending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.agency} {self.source}"


class ApprovalProposal(models.Model):
    """One administrator proposes an approval that rests on neither list nor case; another confirms
    or declines it. Nothing holds before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="approval_proposals"
    )
    agency = models.CharField(max_length=20, help_text="Code of the agency that would rely on it")
    source = models.CharField(max_length=20, help_text="One of those that the agency names")
    number = models.CharField(max_length=50, blank=True, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="Last day; none means until withdrawn")
    grounds = models.TextField()
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    approval = models.OneToOneField(
        InstitutionApproval, null=True, on_delete=models.PROTECT, related_name="proposal"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="proposal_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(grounds=""), name="proposal_has_grounds"),
            models.UniqueConstraint(
                fields=["institution", "agency", "source"],
                condition=Q(ended_at__isnull=True),
                name="proposal_open_once",
            ),
            # Who proposed may take it back, but never confirm it.
            models.CheckConstraint(
                condition=Q(approval__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(ended_by=F("proposed_by")),
                name="proposal_confirmed_by_another",
            ),
            pair("ended_by", "ended_at", "proposal_ended_who_and_when"),
        ]
        indexes = [
            models.Index(
                fields=["agency", "proposed_at"],
                condition=Q(ended_at__isnull=True),
                name="proposal_open",
            ),
        ]

    def __str__(self) -> str:
        return f"proposed: {self.institution_id} {self.agency} {self.source}"
