"""People who sign in, and the roles that staff hold at an agency."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from portal import clock
from portal.accounts.enums import NotificationKind, NotificationWay, StaffRoleName
from portal.accounts.managers import UserManager


class User(AbstractBaseUser):
    """A person. What they may do follows from roles and memberships, never from a flag here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    orcid = models.CharField(
        max_length=19, blank=True, editable=False, help_text="Verified by signing in at ORCID"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Sessions begun before this moment are over: "sign out everywhere".
    sessions_ended_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    # Set by the session, not stored: True while this sign-in has shown no second factor, and the
    # level of assurance that it has (oidc.config.Level; None outside of a session: no limit).
    lacks_second_factor = False
    sign_in_level: int | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            # With the unique index this makes addresses unique whatever their case.
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="email_in_small_letters"
            ),
            models.CheckConstraint(
                condition=Q(orcid="") | Q(orcid__regex=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"),
                name="orcid_in_its_form",
            ),
            models.UniqueConstraint(
                fields=["orcid"], condition=~Q(orcid=""), name="orcid_of_one_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Brings the address into the form that is stored."""
        self.email = self.email.strip().lower()

    def save(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        """Stores with the address in small letters, the only form the database takes."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """The name as other people see it."""
        return self.name

    def get_short_name(self) -> str:
        """The name as other people see it; we do not guess which part is the given name."""
        return self.name

    @property
    def reference(self) -> str:
        """How events name this person: user:<uuid>."""
        return f"user:{self.pk}"


class StaffRole(models.Model):
    """One role of one person at one agency, with who gave it and who took it, and when.

    A decision maker's rests on a `proposal` that a second administrator confirmed: a trigger holds
    it. An administrator whom an operator named (manage.py grant_role) was given it by themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_roles")
    agency = models.CharField(max_length=20, help_text="Code of the agency: SSB, DST, SOS")
    role = models.CharField(max_length=20, choices=StaffRoleName.choices)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    proposal = models.OneToOneField(
        "RoleProposal", null=True, on_delete=models.PROTECT, related_name="given"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=Q(revoked_at__isnull=True),
                name="staff_role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="staff_role_revoked_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("granted_at")),
                name="staff_role_revoked_after_granted",
            ),
            models.CheckConstraint(
                condition=Q(role__in=StaffRoleName.values), name="staff_role_known"
            ),
        ]
        indexes = [models.Index(fields=["agency", "role"], name="staff_role_by_agency")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.agency} {self.role}"


class RoleProposal(models.Model):
    """A role that one administrator proposes to give, and another confirms: who decides cases is
    not one person's choice. `taking` names the role that is to be taken away instead. With
    `confirmed_by` it was done; `ended_at` without it: declined or withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_proposals")
    agency = models.CharField(max_length=20)
    role = models.CharField(max_length=20, choices=StaffRoleName.choices)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    taking = models.ForeignKey(
        StaffRole, null=True, on_delete=models.PROTECT, related_name="proposals_to_take"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=Q(ended_at__isnull=True),
                name="role_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("proposed_by")) & ~Q(confirmed_by=F("user"))),
                name="role_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(ended_at__isnull=False),
                name="role_confirmed_is_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="role_proposal_ended_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.agency} {self.role}?"


class Absence(models.Model):
    """Days on which a member of staff is away from an agency, and who stands in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    agency = models.CharField(max_length=20)
    first_day = models.DateField()
    last_day = models.DateField(help_text="Both days are included")
    stand_in = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("user")),
                name="absence_stood_in_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "last_day"],
                name="absence_current",
                condition=Q(cancelled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} away {self.first_day} to {self.last_day}"


class OpenSession(models.Model):
    """Where a person is signed in, for the person to see and end. Without any network address.

    The session itself is Django's; a row here whose session is gone says nothing any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60, blank=True, help_text="Kind of browser and system")
    provider = models.CharField(max_length=40, blank=True, help_text="Where it began; empty: here")
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["user", "seen_at"], name="open_sessions_of_somebody")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"


class NotificationChoice(models.Model):
    """How somebody wants to be told of one kind of thing; no row: at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    how = models.CharField(max_length=10, choices=NotificationWay.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notification_chosen_once"),
            models.CheckConstraint(
                condition=Q(kind__in=NotificationKind.values), name="notification_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(how__in=NotificationWay.values), name="notification_way_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.how}"


class DigestLine(models.Model):
    """One thing that somebody is told of with the next daily mail. `key`: told once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digest_lines")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    key = models.TextField(unique=True)
    text = models.TextField(help_text="Number and what happened, nothing of the case")
    link = models.TextField()
    at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "at"], name="digest_unsent", condition=Q(sent_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.key
