"""Invitations: a link by mail, of which only a digest is stored."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from institutions.enums import MemberRole
from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock


class Invitation(models.Model):
    """Somebody is invited to an institution. The secret of the link stands in the mail alone;
    here is its SHA-256. Counts until `expires_at`, once, for the address it was sent to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField(help_text="small letters; who accepts has verified it")
    roles = ArrayField(models.CharField(max_length=20, choices=MemberRole.choices))
    valid_until = models.DateField(null=True, help_text="last day of the membership")
    link_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "email"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_plain"
            ),
            models.CheckConstraint(
                condition=Q(link_digest__regex="^[0-9a-f]{64}$"), name="invitation_digest_only"
            ),
            # A signatory is appointed with a document, by an administrator, never by a link.
            models.CheckConstraint(
                condition=Q(roles__contained_by=["researcher", "administrator"])
                & Q(roles__len__gte=1),
                name="invitation_roles",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("expires_at")),
                name="invitation_used_in_time",
            ),
            models.CheckConstraint(
                condition=Q(used_by__isnull=True) | ~Q(used_by=F("created_by")),
                name="invitation_used_by_another",
            ),
            pair("used_by", "used_at", "invitation_used_who_and_when"),
            pair("revoked_by", "revoked_at", "invitation_revoked_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.institution_id}"
