"""Sending an application in, answering what was asked, taking it back; the worker's check runs."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from applications import selectors, standing
from applications.commands import frozen, supplementing
from applications.commands.checks import ask
from applications.commands.errors import Invalid, NotFound
from applications.commands.gate import Act, Done, Effect, handles
from applications.enums import ScanStatus
from applications.models import (
    RecordedCase,
    ReturnPoint,
    ReturnRound,
    Row,
    Submission,
)
from applications.models.application import SINGLE
from applications.selectors.unread import unread
from portal import clock

NEEDED = "needed"  # the key of a refusal that lists the paths without which it is not sent


def end_of_day(day: datetime, zone: str, days: int) -> datetime:
    """The last second of the day `days` after `day`, in the agency's zone."""
    local = day.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(local, time(23, 59, 59), ZoneInfo(zone))


def next_number(act: Act) -> str:
    """The next case number of the agency and year. Unique; gaps are allowed."""
    year = clock.today(act.scheme.timezone).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO applications_casenumbercounter (agency, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (agency, year) DO UPDATE"
            " SET last = applications_casenumbercounter.last + 1 RETURNING last",
            [act.application.agency, year],
        )
        last = cursor.fetchone()[0]
    return act.scheme.case_number(year, last)


def _drop_unasked(act: Act) -> dict:
    """Drops answers to questions that no longer apply, and returns the document without them."""
    document = act.document or selectors.document(act.application)
    unasked = [
        f
        for f in act.scheme.fields(act.application.type)
        if f.asked and f.at == "draft" and not f.shown(document)
    ]
    answers = selectors.copy(act.application.answers)
    for field in unasked:
        if field.type == "rows":
            Row.objects.filter(application=act.application, list_path=field.path).delete()
        elif selectors.pick(answers, field.path) is not None:
            selectors.put(answers, field.path, None)
    act.application.answers = answers
    return selectors.document(act.application)


def _freeze(act: Act) -> Submission:
    application = act.application
    kind = act.scheme.type(application.type)
    if stops := standing.hindrance(act.by.user, application, kind):
        raise Invalid({standing.INSTITUTION: [str(stops)]})
    document = act.document or selectors.document(application)
    if wrong := unread(act.scheme, application.type, application.answers, document):
        raise Invalid({path: ["not readable"] for path in wrong})
    needs = kind.needs if kind else ()
    if unsaid := [p for p in needs if not str(selectors.pick(document, p) or "").strip()]:
        raise Invalid({NEEDED: unsaid})
    if not act.payload.get("declaration"):
        raise Invalid({"declaration": ["confirm the declaration"]})
    live = selectors.live_attachments(application)
    if refused := [a.filename for a in live if a.status == ScanStatus.REFUSED]:
        raise Invalid({"attachments": refused})
    document = _drop_unasked(act)
    application.sent_title = application.title
    sequence = application.submissions.count() + 1
    return Submission.objects.create(
        application=application,
        sequence=sequence,
        document=document,
        digest=frozen.digest_of(document),
        attachments=frozen.attachments(live),
        declaration=act.payload["declaration"],
        personal=application.institution_id is None,
        submitted_by=act.by.user,
        submitted_at=act.now,
    )


def _sent(act: Act, submission: Submission) -> Done:
    application = act.application
    pk, sequence = str(application.pk), submission.sequence
    payload = {"application": pk, "submission": submission.pk}
    return Done(
        data={"number": application.number, "submission": sequence, "digest": submission.digest},
        content=True,
        effects=[
            ask(act, submission, "submission"),
            Effect("submission.render", payload, f"submission.render:{pk}:{sequence}"),
            Effect("receipt.mail", payload, f"receipt.mail:{pk}:{sequence}"),
        ],
        value=submission,
    )


def _take_place(act: Act) -> None:
    """The one place of a single type: the database lets one case of an institution have it."""
    application = act.application
    held = RecordedCase.objects.filter(
        agency=application.agency,
        type=application.type,
        institution=application.institution,
        ended_at__isnull=True,
    )
    if held.exists():
        raise Invalid({SINGLE: ["the institution has one already"]})
    key = f"{application.agency}:{application.type}:{application.institution_id}"
    application.single_key = key


@handles("submit")
def submit(act: Act) -> Done:
    """Freezes the document, gives a case number, queues check, PDF and receipt.

    Payload: `declaration`, the confirmed sentence. BLOCK findings were refused by the gate.
    """
    application = act.application
    kind = act.scheme.type(application.type)
    if kind is not None and kind.single and application.institution_id:
        _take_place(act)
    submission = _freeze(act)
    if supplementing.follows_open_case(act):
        supplementing.supplement(act, submission)
    application.number = next_number(act)
    application.submitted_at = act.now
    application.due_at = end_of_day(
        act.now, act.scheme.timezone, application.config["deadlines"]["queue"]
    )
    return _sent(act, submission)


@handles("resubmit")
def resubmit(act: Act) -> Done:
    """Sends a returned case in again. Every point must be answered. Payload: `declaration`."""
    application = act.application
    round_ = ReturnRound.objects.get(application=application, resubmitted_at__isnull=True)
    if unanswered := list(round_.points.filter(answered_at__isnull=True)):
        raise Invalid({str(point.pk): ["answer this point"] for point in unanswered})
    submission = _freeze(act)
    round_.resubmitted_at = act.now
    round_.save()
    application.due_at = end_of_day(
        act.now, act.scheme.timezone, application.config["deadlines"]["queue"]
    )
    return _sent(act, submission)


@handles("answer_point")
def answer_point(act: Act) -> Done:
    """Answers one point of the open return. Payload: `point` (id), `answer`."""
    point = ReturnPoint.objects.filter(
        pk=act.payload["point"],
        round__application=act.application,
        round__resubmitted_at__isnull=True,
    ).first()
    if point is None:
        raise NotFound
    answer = act.payload["answer"].strip()
    if answer == point.answer:
        return Done(nothing=True, value=point)
    point.answer = answer
    point.answered_by = act.by.user if answer else None
    point.answered_at = act.now if answer else None
    point.save()
    return Done({"point": str(point.pk)}, value=point)


@handles("withdraw")
def withdraw(act: Act) -> Done:
    """Takes the application back before a decision. A draft is discarded the same way."""
    return Done({"reason_given": bool(act.payload.get("reason"))})


@handles("submission_rendered")
def submission_rendered(act: Act) -> Done:
    """Notes the digest of the submission's PDF and its annexes.

    Payload: `submission`, `pdf_digest`, `annexes` (as in the model).
    """
    submission = Submission.objects.get(pk=act.payload["submission"], application=act.application)
    if submission.pdf_digest:
        return Done(nothing=True, value=submission)
    submission.pdf_digest = act.payload["pdf_digest"]
    submission.annexes = act.payload["annexes"]
    submission.save()
    data = {
        "submission": submission.sequence,
        "digest": submission.pdf_digest,
        "annexes": [annex["sha256"] for annex in submission.annexes],
    }
    return Done(data, value=submission)
