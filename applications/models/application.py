"""One case, its rows, and who stands where to it."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from applications.enums import (
    OPEN_STATES,
    WAITING_FOR_APPLICANT,
    ColleagueBasis,
    ColleagueRole,
    State,
)
from applications.models.guard import GuardedModel

_OPEN = Q(state__in=[str(s) for s in OPEN_STATES])
_WITH_APPLICANT = Q(state__in=[str(s) for s in WAITING_FOR_APPLICANT])


# The constraint by which an institution has at most one case of a single type at a time.
SINGLE = "one_of_a_single_type"


class Application(GuardedModel):
    """An application for access, and after submission the case.

    `answers` holds the single fields, nested in the field paths of rules.md 2; lists of rows are
    `Row`. `version` grows with every write, `content_version` with every write of the document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.TextField()
    scheme_version = models.TextField()
    type = models.TextField(default="new")
    state = models.TextField(default=State.DRAFT)
    number = models.TextField(null=True, blank=True)
    language = models.TextField(help_text="language of the letter, chosen by the applicant")
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    content_version = models.PositiveIntegerField(default=1)
    config = models.JSONField(default=dict, help_text="settings as they were when it began")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications_owned"
    )
    institution = models.ForeignKey(
        "institutions.Institution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
        help_text="the earlier case that it began as a copy of",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications_assigned",
    )
    title = models.TextField(blank=True, help_text="copy of project.title, for lists")
    sent_title = models.TextField(
        blank=True, help_text="`title` as it was sent last: the agency reads no other"
    )
    label = models.TextField(blank=True, help_text="progress inside the state")
    passed = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="ids of the steps of the agency's sequence that are passed",
    )
    single_key = models.TextField(
        null=True,
        blank=True,
        help_text="of what an institution may have once, while it is in force",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True)
    search_names = models.TextField(blank=True)
    search_vector = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="one_case_per_number"),
            models.UniqueConstraint(fields=["single_key"], name=SINGLE),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in State]), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, submitted_at__isnull=True)
                | Q(number__isnull=False, submitted_at__isnull=False),
                name="number_and_submitted_together",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT.value, State.WITHDRAWN.value])
                | Q(submitted_at__isnull=False, due_at__isnull=False),
                name="submitted_case_has_number_and_due_date",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-updated_at"], name="app_owner"),
            models.Index(fields=["institution", "-updated_at"], name="app_institution"),
            models.Index(fields=["agency", "due_at", "id"], name="app_open_due", condition=_OPEN),
            models.Index(
                fields=["agency", "assignee", "due_at", "id"],
                name="app_open_assignee",
                condition=_OPEN,
            ),
            models.Index(
                fields=["agency", "due_at", "id"],
                name="app_unassigned",
                condition=_OPEN & Q(assignee__isnull=True),
            ),
            models.Index(
                fields=["agency", "due_at", "id"],
                name="app_with_applicant",
                condition=_WITH_APPLICANT,
            ),
            models.Index(fields=["agency", "state", "due_at", "id"], name="app_state_due"),
            models.Index(
                fields=["agency", "-submitted_at", "-id"],
                name="app_submitted",
                condition=Q(submitted_at__isnull=False),
            ),
            GinIndex(fields=["search_vector"], name="app_search"),
            GinIndex(fields=["search_names"], name="app_names_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.id}"


class Row(models.Model):
    """One row of a list in the document, such as a variable or a person with access.

    Rows alike are not refused here: COM-CHK-03 tells of them (docs/adr/0002).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="rows")
    list_path = models.TextField()
    position = models.PositiveIntegerField()
    data = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "list_path", "position"],
                name="one_row_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_path}[{self.position}]"


class Colleague(models.Model):
    """Somebody besides the owner who may see, edit or send an application."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="colleagues"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    role = models.TextField(choices=[(str(r), str(r)) for r in ColleagueRole])
    basis = models.TextField(
        choices=[(str(b), str(b)) for b in ColleagueBasis], default=str(ColleagueBasis.MEMBER)
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"],
                condition=Q(ended_at__isnull=True),
                name="colleague_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(r) for r in ColleagueRole]), name="colleague_role_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=[str(b) for b in ColleagueBasis]),
                name="colleague_basis_known",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="colleague_user", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.application_id}"


class Interest(models.Model):
    """A member of staff's declared interest in a case: bars every act on it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="interests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reason = models.TextField()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="interest_once")
        ]

    def __str__(self) -> str:
        return f"interest in {self.application_id}"


class Presence(models.Model):
    """Who was last seen editing which section, so that two people get told of each other."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    section = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"in {self.section}"


class Receipt(models.Model):
    """The answer already given to a command with this key: a second click gets the same."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="receipts")
    key = models.TextField(unique=True)
    command = models.TextField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class CaseNumberCounter(models.Model):
    """The last case number given, per agency and year."""

    agency = models.TextField()
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="one_counter_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"
