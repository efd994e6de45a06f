"""Institutions, who belongs to them, and who has approved them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from institutions.enums import (
    ApprovalSource,
    Basis,
    InstitutionStatus,
    Kind,
    MemberRole,
    MembershipStatus,
)
from portal import clock

PERSON = settings.AUTH_USER_MODEL


def _pair(who: str, when: str, name: str) -> models.CheckConstraint:
    """Who and when are known together or not at all."""
    neither = Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
    both = Q(**{f"{who}__isnull": False, f"{when}__isnull": False})
    return models.CheckConstraint(condition=neither | both, name=name)


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

    class Meta:
        constraints = [
            # A rejected registration does not keep the number from its owner.
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
                | Q(status__in=["confirmed", "rejected"], decided_at__isnull=False),
                name="institution_decided_or_pending",
            ),
            _pair("decided_by", "decided_at", "institution_decided_who_and_when"),
            # Nobody confirms an institution of their own making.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(status=InstitutionStatus.REJECTED)
                | ~Q(decided_by=F("registered_by")),
                name="institution_confirmed_by_another",
            ),
        ]
        indexes = [models.Index(Lower("name"), name="institution_by_name")]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """The name in `language` when there is one, else the main name."""
        return self.names.get(language) or self.name


class MailDomain(models.Model):
    """A mail domain of an institution. Only a verified one lets people in, and only when equal."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="domains")
    domain = models.CharField(max_length=253, help_text="ASCII (IDNA), small letters")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    verified_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "domain"], name="mail_domain_once_per_institution"
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(verified_at__isnull=False),
                name="mail_domain_verified_for_one",
            ),
            models.CheckConstraint(
                condition=Q(domain=Lower("domain"))
                & Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"),
                name="mail_domain_plain",
            ),
            _pair("verified_by", "verified_at", "mail_domain_verified_who_and_when"),
        ]

    def __str__(self) -> str:
        return self.domain


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
            # A mail domain admits by itself; everything else needs somebody who said yes.
            models.CheckConstraint(
                condition=~Q(status="active") | Q(basis="domain") | Q(decided_at__isnull=False),
                name="membership_active_by_domain_or_decision",
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
            _pair("decided_by", "decided_at", "membership_decided_who_and_when"),
            _pair("ended_by", "ended_at", "membership_ended_who_and_when"),
        ]
        indexes = [
            models.Index(fields=["institution", "status"], name="membership_by_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.institution_id}: {self.status}"


class InstitutionApproval(models.Model):
    """That an institution is approved for an agency's data, by whom, and how long."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="approvals")
    agency = models.CharField(max_length=20, help_text="Code of the agency that relies on it")
    source = models.CharField(max_length=20, choices=ApprovalSource.choices)
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
                condition=Q(source__in=ApprovalSource.values), name="approval_source_known"
            ),
            models.UniqueConstraint(
                fields=["institution", "agency", "source", "valid_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="approval_recorded_once",
            ),
            _pair("withdrawn_by", "withdrawn_at", "approval_withdrawn_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.agency} {self.source}"
