"""What the agency says that it will do and for about how much, version by version."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.application import Application
from portal.events.canonical import canonical

USER = settings.AUTH_USER_MODEL
LONGEST_TEXT = 20_000  # characters
LONGEST_NOTE = 2_000
ANSWERS = ("confirmed", "questioned", "recalled", "replaced")


class Specification(models.Model):
    """One version of a case's specification (rules.md 4.3, SOS-ST-06 and -07). Never changed: the
    database refuses it. It is answered once: the applicant's side confirms or questions it, or the
    agency takes it back or sends another.

    Prices are in hundredths of `currency`; `digest` is what was confirmed, to the letter.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="specifications"
    )
    submission = models.ForeignKey(
        "applications.Submission",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the application as it was sent, of which it speaks",
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    price_from = models.PositiveBigIntegerField()
    price_to = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    hours_from = models.PositiveIntegerField(null=True, blank=True)
    hours_to = models.PositiveIntegerField(null=True, blank=True)
    delivery = models.TextField(blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON")
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    case_due_at = models.DateTimeField(help_text="when the case was due before it was sent")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="specification_number"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answer=""),
                name="one_specification_waits",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & Q(price_from__lte=F("price_to")),
                name="specification_says_what_and_how_much",
            ),
            models.CheckConstraint(
                condition=Q(hours_from__isnull=True, hours_to__isnull=True)
                | Q(hours_from__lte=F("hours_to")),
                name="specification_hours_together",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(answer__in=ANSWERS, answered_by__isnull=False, answered_at__isnull=False),
                name="specification_answered_who_and_when",
            ),
            models.CheckConstraint(
                condition=(Q(answer="questioned") & ~Q(objection=""))
                | (~Q(answer="questioned") & Q(objection="")),
                name="specification_objection_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"specification {self.number}"

    def fingerprint(self) -> str:
        """SHA-256 of everything that is confirmed, as hexadecimal digits."""
        told = {
            name: getattr(self, name)
            for name in (
                *("number", "text", "price_from", "price_to", "currency"),
                *("hours_from", "hours_to", "delivery"),
            )
        }
        told["application"] = str(self.application_id)
        return hashlib.sha256(canonical(told)).hexdigest()
