"""The agency's work on a case before the decision, and messages between both sides."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from applications import policy
from applications.commands import checks as checking
from applications.commands.errors import Forbidden, Invalid, NotFound
from applications.commands.gate import Act, Done, Effect, handles
from applications.commands.submitting import end_of_day
from applications.enums import APPLICANT_ROLES
from applications.models import (
    ChecklistAnswer,
    Interest,
    Message,
    Note,
    ReturnPoint,
    ReturnRound,
    Review,
)
from applications.selectors import checks
from portal import days
from portal.accounts import policy as accounts


def _text(act: Act, name: str) -> str:
    text = str(act.payload.get(name) or "").strip()
    if not text:
        raise Invalid({name: ["write something"]})
    return text


def _notice(act: Act, what: str, key: str) -> Effect:
    """A mail to the applicant's side that says only: something awaits you in case so-and-so."""
    pk = str(act.application.pk)
    name = f"notice:{what}:{pk}:{key}"
    return Effect("notice.mail", {"application": pk, "what": what, "key": name}, name)


@handles("assign")
def assign(act: Act) -> Done:
    """Gives the case to a case officer, or to nobody. Payload: `officer` (a user or None)."""
    officer = act.payload.get("officer")
    if officer is not None:
        if "case_officer" not in accounts.staff_roles(officer, act.application.agency):
            raise Invalid({"officer": ["not a case officer of this agency"]})
        if policy.is_barred(officer, act.application):
            raise Invalid({"officer": ["barred by an interest in this case"]})
    if act.application.assignee == officer:
        return Done(nothing=True)
    before = act.application.assignee_id
    act.application.assignee = officer
    return Done(
        {
            "assignee": str(officer.pk) if officer else None,
            "previous": str(before) if before else None,
        }
    )


@handles("declare_interest")
def declare_interest(act: Act) -> Done:
    """Declares that the person has an interest in the case; bars every further act on it."""
    reason = _text(act, "reason")
    Interest.objects.create(
        application=act.application, user=act.by.user, reason=reason, declared_at=act.now
    )
    if act.application.assignee_id == act.by.user.pk:
        act.application.assignee = None
    return Done(personal={"reason": reason})


@handles("set_label")
def set_label(act: Act) -> Done:
    """Says where the case is inside its state. Payload: `label`, one of the scheme's or ""."""
    label = act.payload.get("label") or ""
    if label and label not in act.scheme.workflow.labels:
        raise Invalid({"label": ["not a label of this agency"]})
    if label == act.application.label:
        return Done(nothing=True)
    act.application.label = label
    return Done({"label": label})


@handles("add_note")
def add_note(act: Act) -> Done:
    """An internal note. Payload: `body`. Applicants never see it."""
    note = Note.objects.create(
        application=act.application,
        author=act.by.user,
        body=_text(act, "body"),
        written_at=act.now,
    )
    return Done({"note": note.pk}, value=note)


@handles("send_message")
def send_message(act: Act) -> Done:
    """A message to the other side. Payload: `body`."""
    from_staff = not act.roles & APPLICANT_ROLES
    message = Message.objects.create(
        application=act.application,
        author=act.by.user,
        from_staff=from_staff,
        body=_text(act, "body"),
        sent_at=act.now,
    )
    effects = [_notice(act, "message", str(message.pk))] if from_staff else []
    return Done({"message": message.pk, "from_staff": from_staff}, effects=effects, value=message)


@handles("close")
def close(act: Act) -> Done:
    """Ends a conversation that nothing is decided in. Either side may; either may open it again."""
    from_staff = not act.roles & APPLICANT_ROLES
    act.application.label = ""
    effects = [_notice(act, "closed", str(act.application.version))] if from_staff else []
    return Done({"from_staff": from_staff}, effects=effects)


@handles("reopen")
def reopen(act: Act) -> Done:
    """Takes a closed conversation up again, with a new date by which it is to be answered."""
    act.application.due_at = end_of_day(
        act.now, act.scheme.timezone, act.application.config["deadlines"]["queue"]
    )
    return Done({"from_staff": not act.roles & APPLICANT_ROLES})


@handles("return")
def return_(act: Act) -> Done:
    """Sends the case back as incomplete (000: not processed until complete).

    Payload: `points`, a list of {rule_id, rows, text}; `text`; `due_on` (a date in the future).
    """
    points, due_on = act.payload.get("points") or [], act.payload.get("due_on")
    text = str(act.payload.get("text") or "").strip()
    errors = {}
    if not points:
        errors["points"] = ["choose at least one finding, or write a point of your own"]
    today = act.now.astimezone(ZoneInfo(act.scheme.timezone)).date()
    if not isinstance(due_on, date) or due_on <= today or not days.within(due_on):
        errors["due_on"] = ["choose a date in the future"]
    if errors or not isinstance(due_on, date):
        raise Invalid(errors)
    round_ = ReturnRound.objects.create(
        application=act.application,
        sequence=act.application.return_rounds.count() + 1,
        text=text,
        due_on=due_on,
        returned_by=act.by.user,
        returned_at=act.now,
        submission=act.application.submissions.latest("sequence"),
    )
    ReturnPoint.objects.bulk_create(
        ReturnPoint(
            round=round_,
            position=at,
            rule_id=point.get("rule_id", ""),
            rows=point.get("rows", []),
            text=point.get("text", "").strip(),
        )
        for at, point in enumerate(points)
    )
    zone = ZoneInfo(act.scheme.timezone)
    act.application.due_at = datetime.combine(due_on, time(23, 59, 59), zone)
    act.application.label = ""
    data = {
        "round": round_.sequence,
        "rules": [p["rule_id"] for p in points if p.get("rule_id")],
        "points": len(points),
        "due_on": due_on.isoformat(),
    }
    return Done(data, effects=[_notice(act, "returned", str(round_.sequence))], value=round_)


@handles("start_assessment")
def start_assessment(act: Act) -> Done:
    """The case is complete: assessment begins. Takes the case when nobody has it. Raises Unchecked
    without a finished check of what was sent."""
    last = act.application.submissions.latest("sequence")
    if not checks.of(last).is_finished:
        checking.today(act, last, "assessment")
    if act.application.assignee_id is None:
        act.application.assignee = act.by.user
    act.application.label = ""
    act.application.due_at = end_of_day(
        act.now, act.scheme.timezone, act.application.config["deadlines"]["assessment"]
    )
    return Done(effects=[_notice(act, "assessment", str(act.application.version))])


@handles("save_checklist")
def save_checklist(act: Act) -> Done:
    """Answers checklist items. Payload: `items`, {item: {"assessed": bool, "note": text}}."""
    known = {item.id for item in act.scheme.checklist}
    if unknown := set(act.payload["items"]) - known:
        raise Invalid({item: ["not on this agency's checklist"] for item in unknown})
    present = {a.item: a for a in ChecklistAnswer.objects.filter(application=act.application)}
    changed = []
    for item, given in act.payload["items"].items():
        assessed, note = bool(given.get("assessed")), str(given.get("note") or "").strip()
        answer = present.get(item)
        if (answer.assessed, answer.note) == (assessed, note) if answer else not (assessed or note):
            continue
        ChecklistAnswer.objects.update_or_create(
            application=act.application,
            item=item,
            defaults={
                "assessed": assessed,
                "note": note,
                "answered_by": act.by.user,
                "answered_at": act.now,
            },
        )
        changed.append(item)
    return Done({"items": sorted(changed)}, nothing=not changed, value=changed)


@handles("ask_review")
def ask_review(act: Act) -> Done:
    """Asks one lawyer or reviewer one question. Payload: `question`, `reviewer` (a user)."""
    reviewer = act.payload.get("reviewer")
    held = accounts.staff_roles(reviewer, act.application.agency) if reviewer else frozenset()
    if reviewer is None or not held & {"lawyer", "reviewer"}:
        raise Invalid({"reviewer": ["choose a lawyer or reviewer of this agency"]})
    if policy.is_barred(reviewer, act.application):
        raise Invalid({"reviewer": ["barred by an interest in this case"]})
    review = Review.objects.create(
        application=act.application,
        question=_text(act, "question"),
        reviewer=reviewer,
        asked_by=act.by.user,
        asked_at=act.now,
    )
    return Done({"review": str(review.pk), "reviewer": str(reviewer.pk)}, value=review)


@handles("answer_review")
def answer_review(act: Act) -> Done:
    """Answers a question. Payload: `review` (id), `answer`. The person asked only, once."""
    review = Review.objects.filter(pk=act.payload["review"], application=act.application).first()
    if review is None:
        raise NotFound
    if review.reviewer_id != act.by.user.pk:
        raise Forbidden
    if review.answered_at is not None:
        raise Invalid({"answer": ["answered already"]})
    review.answer, review.answered_at = _text(act, "answer"), act.now
    review.save()
    return Done({"review": str(review.pk)}, value=review)
