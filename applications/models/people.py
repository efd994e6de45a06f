"""Invitations to a case, handing it over, and who has confirmed the duty of confidentiality.

Of a link's secret only the SHA-256 is here; the secret stands in the mail alone.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from applications.enums import ColleagueRole
from applications.models.application import Application

PERSON = settings.AUTH_USER_MODEL
DIGEST = "^[0-9a-f]{64}$"


def _person(**more: Any) -> models.ForeignKey:
    return models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", **more)


def _together(first: str, second: str, name: str) -> models.CheckConstraint:
    """Both are there or none."""
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return models.CheckConstraint(condition=neither | both, name=name)


class ColleagueInvitation(models.Model):
    """Somebody is invited to a case by mail. Counts until `expires_at`, once, for the address it
    was sent to, and while who sent it has the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(help_text="small letters; who answers has verified it")
    role = models.TextField()
    link_digest = models.CharField(max_length=64, unique=True)
    created_by = _person()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_by = _person(null=True)
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"],
                condition=Q(answered_at__isnull=True, revoked_at__isnull=True),
                name="colleague_invited_once",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="colleague_invitation_email_plain"
            ),
            models.CheckConstraint(
                condition=Q(link_digest__regex=DIGEST), name="colleague_invitation_digest_only"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(r) for r in ColleagueRole]),
                name="colleague_invitation_role_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="colleague_invitation_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(revoked_at__isnull=True),
                name="colleague_invitation_answered_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__lt=F("expires_at")),
                name="colleague_invitation_answered_in_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("created_by")),
                name="colleague_invitation_answered_by_another",
            ),
            _together("answered_by", "answered_at", "colleague_invitation_answered_who_and_when"),
            _together("accepted", "answered_at", "colleague_invitation_answered_how"),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.application_id}"


class Handover(models.Model):
    """The owner offers the case to a colleague. Until `outcome` is "accepted" nothing changes."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="handovers")
    proposed_to = _person()
    proposed_by = _person()
    proposed_at = models.DateTimeField()
    stays = models.BooleanField(help_text="who hands over goes on editing the case")
    outcome = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_at__isnull=True),
                name="one_open_handover",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_to=F("proposed_by")), name="handover_to_another"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True)
                | Q(outcome__in=["accepted", "declined", "withdrawn", "void"]),
                name="handover_outcome_known",
            ),
            _together("outcome", "ended_at", "handover_outcome_and_when"),
        ]

    def __str__(self) -> str:
        return f"handover of {self.application_id}"


class ConfidentialityLink(models.Model):
    """Who was asked by mail to confirm the duty of confidentiality: one for each address in the
    case's list of people with access. Asked again, it has a new secret and a new end."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="confidentiality_links"
    )
    email = models.EmailField(help_text="small letters, from the list")
    link_digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"], name="confidentiality_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="confidentiality_link_email_plain"
            ),
            models.CheckConstraint(
                condition=Q(link_digest__regex=DIGEST), name="confidentiality_link_digest_only"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="confidentiality_link_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"asked in {self.application_id}"


class ConfidentialityConfirmation(models.Model):
    """A person has confirmed, by themselves, that they know the duty of confidentiality.

    `text_digest` is the SHA-256 of what they read (applications.schemes.confidentiality). Triggers
    refuse a person to whom the address does not belong, an address that was not asked, and every
    later change (migration 0014).
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="confidentiality_confirmations"
    )
    person = _person()
    email = models.EmailField(help_text="the row's, in small letters; the person's own")
    scheme_version = models.TextField()
    language = models.TextField()
    text_digest = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"], name="confidentiality_once_an_address"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="confidentiality_email_plain"
            ),
            models.CheckConstraint(
                condition=Q(text_digest__regex=DIGEST), name="confidentiality_text_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"confirmation in {self.application_id}"
