"""The letters that went out, and the acceptance of their conditions. Never changed, never deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.enums import Revision
from decisions.models.decision import Decision


class LetterRevision(models.Model):
    """One file that the portal issued: 1 is the signed letter, 2 the same with the acceptance.

    The object in the store is named by `sha256` (portal.store).
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField(help_text="bytes")
    issued_at = models.DateTimeField()
    receipt_sha256 = models.CharField(
        max_length=64, blank=True, help_text="readable receipt of the acceptance, with revision 2"
    )

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "revision"], name="letter_revision_once"),
            models.CheckConstraint(
                condition=Q(revision__in=[Revision.SIGNED, Revision.ACCEPTED]),
                name="letter_revision_known",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="letter_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} revision {self.revision}"


class LetterAnnex(models.Model):
    """A file with part of the decision on many variables. The signed letter names it by `sha256`."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="annexes")
    number = models.PositiveSmallIntegerField()
    volumes = models.PositiveSmallIntegerField()
    title = models.TextField()
    filename = models.TextField()
    first = models.PositiveIntegerField(help_text="number of the first row in it")
    last = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField(help_text="bytes")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="letter_annex_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="annex_digest_is_sha256"
            ),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="annex_has_rows"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} annex {self.number}"


class Acceptance(models.Model):
    """Who bound the recipient to the conditions, with what right, and where data are to go."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="acceptance")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    title = models.TextField()
    authority = models.TextField(help_text="what lets them bind the recipient, in their words")
    institution = models.TextField(help_text="as in the letter")
    authorised = models.BooleanField(help_text="“I am authorised to bind the recipient”")
    letter_sha256 = models.CharField(max_length=64, help_text="of the letter that they read")
    accepted_at = models.DateTimeField()
    delivery_recipient = models.TextField(help_text="who receives the files")
    delivery_mobile = models.TextField(help_text="E.164; the password of the files goes there")
    approval = models.ForeignKey(
        "institutions.InstitutionApproval",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="of the institution, that held when it accepted",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(authorised=True), name="acceptance_is_authorised"),
            models.CheckConstraint(
                condition=~Q(name="")
                & ~Q(title="")
                & ~Q(authority="")
                & ~Q(institution="")
                & ~Q(delivery_recipient=""),
                name="acceptance_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(delivery_mobile__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="acceptance_mobile_e164",
            ),
            models.CheckConstraint(
                condition=Q(letter_sha256__regex="^[0-9a-f]{64}$"), name="acceptance_of_a_letter"
            ),
        ]

    def __str__(self) -> str:
        return f"acceptance of {self.decision_id}"
