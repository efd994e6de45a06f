"""The document that a signatory's authority rests on."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models.common import PERSON
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
