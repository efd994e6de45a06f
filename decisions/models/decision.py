"""A decision, who wrote in it, and why it was sent back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models import Application, Submission
from decisions.enums import UNDECIDED, Outcome, Status

USER = settings.AUTH_USER_MODEL
NOT_APPROVED = (*UNDECIDED, Status.LAPSED)


def pair(who: str, when: str, name: str) -> models.CheckConstraint:
    """Who and when are known together or not at all."""
    neither = Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
    both = Q(**{f"{who}__isnull": False, f"{when}__isnull": False})
    return models.CheckConstraint(condition=neither | both, name=name)


class Decision(models.Model):
    """What an agency decides on one application, from the first draft to the accepted letter.

    `content` is the whole letter (decisions.letters.content.LetterContent as JSON), frozen when
    it is sent for approval; `sent_digest` is the SHA-256 of exactly that. Approval fills in who
    decides and when, and nothing else: `approved_digest` is of what will be signed. The database
    refuses an approver who drafted or sent it or has an interest in the case (migration 0002), and
    every step of a decision whose case is over (migration 0007): such a one has lapsed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    sequence = models.PositiveIntegerField(help_text="1, 2, 3 … of its application")
    letter_id = models.TextField(unique=True, help_text="number printed in the letter")
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the frozen application that it decides on",
    )
    status = models.TextField(default=Status.DRAFT)
    changes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changed_by",
        help_text="the decision in force that it changes, as it was when the rows were taken over",
    )
    version = models.PositiveIntegerField(default=1, help_text="grows with each edit of the draft")
    outcome = models.TextField(blank=True)
    reasons = models.TextField(blank=True)
    deletion_date = models.DateField(null=True, blank=True)
    valid_until = models.DateField(
        null=True, blank=True, help_text="last day of what is granted, when it is no access to data"
    )
    language = models.TextField(help_text="language of the letter")

    drafted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approver_title = models.TextField(blank=True, help_text="as it stands in the letter")
    content = models.JSONField(null=True, blank=True)
    sent_digest = models.CharField(max_length=64, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(
        "institutions.InstitutionApproval",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="of the institution, that held when it was sent, and then when it was approved",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="decision_sequence"),
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(status=Status.SUPERSEDED.value),
                name="one_current_decision",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(s) for s in Status]), name="decision_status_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *map(str, Outcome)]), name="decision_outcome_known"
            ),
            pair("sent_by", "sent_at", "decision_sent_who_and_when"),
            pair("approved_by", "approved_at", "decision_approved_who_and_when"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("sent_by"))),
                name="decision_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, sent_at__isnull=True, sent_digest="")
                | Q(status=Status.LAPSED, sent_at__isnull=True, sent_digest="")
                | (
                    ~Q(status=Status.DRAFT)
                    & ~Q(outcome="")
                    & Q(sent_at__isnull=False, content__isnull=False)
                    & Q(sent_digest__regex="^[0-9a-f]{64}$")
                ),
                name="decision_sent_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[str(s) for s in NOT_APPROVED],
                    approved_at__isnull=True,
                    approved_digest="",
                )
                | Q(
                    status__in=[str(s) for s in Status if s not in NOT_APPROVED],
                    approved_at__isnull=False,
                    approved_digest__regex="^[0-9a-f]{64}$",
                ),
                name="decision_approved_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        Status.DRAFT.value,
                        Status.FOR_APPROVAL.value,
                        Status.APPROVED.value,
                        Status.LAPSED.value,
                    ],
                    delivered_at__isnull=True,
                )
                | Q(
                    status__in=[
                        Status.DELIVERED.value,
                        Status.ACCEPTED.value,
                        Status.SUPERSEDED.value,
                    ],
                    delivered_at__isnull=False,
                ),
                name="decision_delivered_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sent_at", "id"],
                name="decision_for_approval",
                condition=Q(status=Status.FOR_APPROVAL.value),
            ),
        ]

    def __str__(self) -> str:
        return self.letter_id


class Contributor(models.Model):
    """Somebody who wrote in a draft or sent it: never its approver."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="contributors")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "user"], name="contributor_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.decision_id}"


class SendBack(models.Model):
    """Why a decision maker sent a draft back. Staff only."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="send_backs")
    text = models.TextField()
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="of the content that was sent back")

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="send_back_says_why")]

    def __str__(self) -> str:
        return f"sent back {self.sent_at:%Y-%m-%d}"
