"""Attachments: the file under its digest, and what is known of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import ScanStatus
from applications.models.application import Application


class Attachment(models.Model):
    """One file handed in for one purpose (`kind`). The stored name is the digest of its bytes.

    Removed attachments stay as rows while a submission refers to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="attachments"
    )
    kind = models.TextField()
    filename = models.TextField(help_text="as the applicant named it, cleaned for display")
    ext = models.TextField(blank=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes; names the object")
    content_type = models.TextField(blank=True, help_text="chosen by the server")
    status = models.TextField(default=ScanStatus.WAITING)
    refusal = models.TextField(blank=True, help_text="code of the reason, when refused")
    scanner = models.TextField(blank=True, help_text="what scanned it, with its version")
    updated = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_by__isnull=True, removed_at__isnull=True)
                | Q(removed_by__isnull=False, removed_at__isnull=False),
                name="attachment_removed_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(s) for s in ScanStatus]),
                name="attachment_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=ScanStatus.REFUSED.value) | ~Q(refusal=""),
                name="attachment_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["application", "uploaded_at"],
                name="attachment_live",
                condition=Q(removed_at__isnull=True),
            ),
            models.Index(fields=["digest"], name="attachment_digest"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def waits_for_scanner(self) -> bool:
        """A scanner is set up and has not answered yet: it is asked again by itself. False where
        there is none to wait for."""
        return self.status == ScanStatus.UNSCANNED and settings.SCANNER != "none"
