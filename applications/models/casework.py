"""What happens to a case after it was sent: submissions, check runs, returns, notes, messages."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application

USER = settings.AUTH_USER_MODEL


class Submission(models.Model):
    """The frozen copy of what was sent: the document as JSON, and a PDF made by the worker."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="submissions"
    )
    sequence = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON")
    attachments = models.JSONField(default=list, help_text="id, kind, filename, size, digest")
    declaration = models.TextField(help_text="the sentence that was confirmed, as it was shown")
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    personal = models.BooleanField(
        default=False,
        db_default=False,
        help_text="sent by a person for no institution, as the type allows; the database takes any "
        "other one from active members of the institution that applies alone",
    )
    pdf_digest = models.CharField(max_length=64, blank=True)
    annexes = models.JSONField(
        default=list,
        help_text="long lists as PDF: path, and what portal.pdf.volumes.Annex tells, with its sha256",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="submission_sequence")
        ]

    def __str__(self) -> str:
        return f"submission {self.sequence}"


class CheckRun(models.Model):
    """One run of all checks over one submission, from when it was asked for; with its findings.

    `ran_at` is when it was finished: before that it found neither something nor nothing. What a
    case's check has come to is told by `applications.selectors.checks` and nowhere else. `inputs`
    stands for all that went in (the frozen document, what the portal knew, the day, the rules'
    severities): runs with the same inputs find the same.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="check_runs"
    )
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="check_runs"
    )
    reason = models.TextField(help_text="submission, attachment, person, draft, sending, …")
    requested_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    content_version = models.PositiveIntegerField()
    scheme_version = models.TextField()
    today = models.DateField(null=True, blank=True, help_text="the day the checks were told")
    inputs = models.CharField(max_length=64, blank=True, help_text="SHA-256 of all that went in")
    ran_at = models.DateTimeField(null=True, blank=True, help_text="when it was finished")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ran_at__isnull=True, today__isnull=True)
                | Q(ran_at__isnull=False, today__isnull=False),
                name="check_run_finished_on_a_day",
            )
        ]
        indexes = [
            models.Index(fields=["application", "-requested_at"], name="check_run_latest"),
            models.Index(fields=["submission", "-requested_at"], name="check_run_of_submission"),
        ]

    def __str__(self) -> str:
        return f"checks of {self.requested_at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """One rule that was raised in a run."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="findings")
    rule_id = models.TextField()
    severity = models.TextField()
    rows = models.JSONField(default=list)
    open = models.BooleanField(
        default=False, db_default=False, help_text="its message rests on an answer not given"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "rule_id"], name="one_finding_per_rule")
        ]

    def __str__(self) -> str:
        return self.rule_id


class ReturnRound(models.Model):
    """A case sent back as incomplete: the officer's text, the points, the date it is due."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="return_rounds"
    )
    sequence = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    due_on = models.DateField()
    returned_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    resubmitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="return_sequence"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(resubmitted_at__isnull=True),
                name="one_open_return",
            ),
        ]

    def __str__(self) -> str:
        return f"return {self.sequence}"


class ReturnPoint(models.Model):
    """One point of a return: a finding or the officer's own, and the applicant's answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(ReturnRound, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveIntegerField()
    rule_id = models.TextField(blank=True)
    rows = models.JSONField(default=list)
    text = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(rule_id="", text=""), name="return_point_says_something"
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="return_point_answered_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.rule_id or self.text[:40]


class Message(models.Model):
    """A message between the applicant and the agency. Both sides read it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    from_staff = models.BooleanField()
    body = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["application", "sent_at"], name="message_sent")]

    def __str__(self) -> str:
        return f"message of {self.sent_at:%Y-%m-%d}"


class Note(models.Model):
    """An internal note of the agency. Applicants never see it; no message model is shared."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [models.Index(fields=["application", "written_at"], name="note_written")]

    def __str__(self) -> str:
        return f"note of {self.written_at:%Y-%m-%d}"


class ChecklistAnswer(models.Model):
    """The officer's answer to one item of the checklist that no machine can decide (3.6)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checklist")
    item = models.TextField()
    assessed = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="checklist_item_once")
        ]

    def __str__(self) -> str:
        return self.item


class Review(models.Model):
    """One question to one lawyer or reviewer on one case; only the person asked answers, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reviews")
    question = models.TextField()
    reviewer = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="reviews")
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="review_answered_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["reviewer", "asked_at"],
                name="review_waiting",
                condition=Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"review by {self.reviewer_id}"
