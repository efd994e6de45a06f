"""What a signatory's authority rests on: the document, and the claim that somebody decides."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.models.common import PERSON, pair
from institutions.models.membership import Membership
from portal import clock


class DocumentStatus(models.TextChoices):
    """What the worker has found out about a document. Only a clean one is handed out."""

    WAITING = "waiting", _("is being checked")
    CLEAN = "clean", _("checked")
    REFUSED = "refused", _("not accepted")


class AuthorityDocument(models.Model):
    """A PDF that says why somebody may bind the institution. The newest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="authority_documents"
    )
    digest = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    size = models.PositiveIntegerField(help_text="bytes")
    status = models.CharField(
        max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.WAITING
    )
    refusal = models.CharField(max_length=20, blank=True, default="")
    scanner = models.CharField(max_length=200, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="waiting", checked_at__isnull=True)
                | Q(status="clean", checked_at__isnull=False, refusal="") & ~Q(scanner="")
                | Q(status="refused", checked_at__isnull=False) & ~Q(refusal=""),
                name="authority_document_checked",
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "-uploaded_at"], name="authority_document_newest")
        ]

    def __str__(self) -> str:
        return f"{self.status} document of {self.membership_id}"


class AuthorityClaim(models.Model):
    """A member says that they may sign for the institution, with the document it rests on.

    It gives no right until somebody else confirms it: an administrator of the institution or, while
    there is no other one, of an agency. `confirmed` null: not decided, or taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="authority_claims"
    )
    document = models.OneToOneField(
        AuthorityDocument, on_delete=models.PROTECT, related_name="claim"
    )
    title = models.CharField(max_length=200)
    authority = models.TextField(help_text="What the authority to sign rests on")
    authority_from = models.DateField()
    authority_until = models.DateField(null=True, help_text="last day; without one it has no end")
    claimed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(default=clock.now)
    confirmed = models.BooleanField(null=True)
    reason = models.TextField(blank=True, default="", help_text="Why it was declined")
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(ended_at__isnull=True),
                name="authority_claim_open_once",
            ),
            models.CheckConstraint(
                condition=Q(authority_until__isnull=True)
                | Q(authority_until__gte=F("authority_from")),
                name="authority_claim_days",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(ended_by=F("claimed_by")),
                name="authority_claim_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True) | Q(confirmed=True) | ~Q(reason=""),
                name="authority_claim_declined_with_reason",
            ),
            pair("ended_by", "ended_at", "authority_claim_ended_who_and_when"),
        ]
        indexes = [
            models.Index(
                fields=["claimed_at"],
                name="authority_claims_that_wait",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"claim of {self.membership_id}"
