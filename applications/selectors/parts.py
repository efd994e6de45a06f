"""Everything that hangs on a case, in one query: a case page costs the same whatever it holds."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject

from applications import schemes
from applications.models import (
    Application,
    Attachment,
    ChecklistAnswer,
    CheckRun,
    ConfidentialityConfirmation,
    ConfidentialityLink,
    Finding,
    HandoffReference,
    Message,
    Note,
    ProjectLink,
    ReturnPoint,
    ReturnRound,
    Review,
    StepRecord,
    Submission,
)
from applications.selectors import checks
from institutions import selectors as institutions
from portal import clock

# What is a moment comes out of JSON as text and is made a moment again.
MOMENTS = frozenset(
    {
        "ran_at",
        "returned_at",
        "sent_at",
        "written_at",
        "asked_at",
        "answered_at",
        "uploaded_at",
        "withdrawn_at",
        "confirmed_at",
    }
)


# The answer to a point of a return: the agency's to read once the case has been sent in again.
_SENT_ANSWER = Case(
    When(round__resubmitted_at__isnull=False, then=F("answer")),
    default=Value(""),
    output_field=TextField(),
)


def _each(rows: QuerySet, *fields: str, **more: Any) -> ArraySubquery:
    named = {field.replace("__", "_"): F(field) for field in fields}
    return ArraySubquery(rows.values(json=JSONObject(**named, **more)))


def _own(model: Any, *order: str) -> QuerySet:
    return model.objects.filter(application=OuterRef("pk")).order_by(*order)


def parts(
    application: Application, last: Submission | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The lists of the case by name, each element a dict; `pk` and `<person>_name` among its keys.

    `checks` is the state of the checks of what was sent `last` (selectors.checks.of_json), `found`
    holds the findings of their newest finished run; attachments are those that
    went with it. What a returned case's points are answered is left out until it is sent.
    """
    runs = CheckRun.objects.filter(application=OuterRef("pk"), submission=last)
    files = [each["id"] for each in last.attachments] if last else []
    findings = Finding.objects.filter(run=OuterRef("pk")).order_by("pk")
    points = ReturnPoint.objects.filter(round=OuterRef("pk")).order_by("position")
    attachments = _own(Attachment, "uploaded_at", "id").filter(pk__in=files)
    columns = {
        "checks": checks.column(runs),
        "found": _each(
            runs.filter(ran_at__isnull=False).order_by("-ran_at", "-pk")[:1],
            "ran_at",
            findings=_each(findings, "rule_id", "severity", "rows", "open"),
        ),
        "checklist": _each(_own(ChecklistAnswer, "pk"), "item", "assessed", "note"),
        "attachments": _each(
            attachments, "pk", "kind", "filename", "size", "status", "refusal", "scanner"
        ),
        # The approval that the institution has lost, for the staff alone.
        "lost": _each(
            institutions.lost(clock.today(schemes.current(application.agency).timezone)),
            "source",
            "withdrawn_at",
            "valid_until",
            reason=F("withdrawal_reason"),
        ),
        "references": _each(_own(HandoffReference, "pk"), "handoff", "reference"),
        "nordman": _each(
            _own(ProjectLink, "pk").filter(
                project__nordman=True, project__offices__contains=[application.agency]
            ),
            "project__offices",
            "project__other_offices",
        ),
        "steps": _each(
            _own(StepRecord, "recorded_at", "pk"), "step", "day", "text", "recorded_by__name"
        ),
        "confirmed": _each(_own(ConfidentialityConfirmation, "pk"), "email", "confirmed_at"),
        "asked": _each(_own(ConfidentialityLink, "pk"), "email", "sent_at"),
        "notes": _each(_own(Note, "-written_at", "-pk"), "body", "written_at", "author__name"),
        "thread": _each(
            _own(Message, "sent_at", "pk"), "body", "sent_at", "from_staff", "author__name"
        ),
        "rounds": _each(
            _own(ReturnRound, "-sequence"),
            "text",
            "due_on",
            "returned_at",
            "returned_by__name",
            points=_each(points, "rule_id", "text", answer=_SENT_ANSWER),
        ),
        "reviews": _each(
            _own(Review, "-asked_at", "-pk"),
            "pk",
            "question",
            "answer",
            "asked_at",
            "answered_at",
            "reviewer_id",
            "reviewer__name",
            "asked_by__name",
        ),
    }
    named = {f"part_{name}": column for name, column in columns.items()}
    found: Any = Application.objects.filter(pk=application.pk).values(**named).get()
    return {name: [_timed(line) for line in found[f"part_{name}"] or []] for name in columns}


def _timed(line: dict[str, Any]) -> dict[str, Any]:
    for name in MOMENTS & line.keys():
        if line[name]:
            line[name] = datetime.fromisoformat(line[name])
    return line
