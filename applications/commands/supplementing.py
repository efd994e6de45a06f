"""A supplement is an answer within an open case: it becomes part of that case and is not decided
on by itself."""

from typing import Any

from applications import schemes, selectors
from applications.commands import frozen
from applications.commands.checks import ask
from applications.commands.editing import TITLE
from applications.commands.errors import Invalid, NotNow
from applications.commands.gate import Act, Done, Effect, execute, handles, worker
from applications.enums import ScanStatus
from applications.models import Application, Attachment, Row, Submission

FACTS = (
    "kind",
    "filename",
    "ext",
    "size",
    "digest",
    "content_type",
    "status",
    "refusal",
    "scanner",
)


def follows_open_case(act: Act) -> bool:
    """Whether the application supplements a case that is open."""
    kind = act.scheme.type(act.application.type)
    return kind is not None and kind.follows == schemes.OPEN


def supplement(act: Act, submission: Submission) -> None:
    """Gives what was sent to the case that it supplements, in the same transaction.

    Raises Invalid when that case cannot take it: it has moved on, or was sent anew since the copy.
    """
    case = act.application.follows
    if case is None:
        raise Invalid({"follows": ["supplements no case"]})
    payload = {"supplement": str(act.application.pk), "submission": submission.pk}
    try:
        execute("take_supplement", case.pk, worker("supplement"), payload)
    except NotNow as moved_on:
        raise Invalid({"follows": ["the case takes no supplement now"]}) from moved_on
    case.refresh_from_db()
    act.application.assignee = case.assignee


@handles("take_supplement")
def take_supplement(act: Act) -> Done:
    """The system: takes over what a supplement of the case says, as its newest submission.

    Payload: `supplement` (the application) and `submission` of it.
    """
    case = act.application
    given = Application.objects.get(pk=act.payload["supplement"], follows=case)
    sent = Submission.objects.get(pk=act.payload["submission"], application=given)
    sequence = case.submissions.count()
    if given.config.get("copy_of") != sequence:
        raise Invalid({"follows": ["the case was sent anew since"]})
    fields = [f for f in act.scheme.fields(case.type) if f.asked]
    answers: dict[str, Any] = {}
    for field in fields:
        value = selectors.pick(sent.document, field.path)
        if field.type != "rows" and value is not None:
            selectors.put(answers, field.path, value)
    case.answers = answers
    case.title = case.sent_title = str(selectors.pick(answers, TITLE) or case.title)[:300]
    _rows(case, given)
    unseen = _files(act, case, given)
    document = selectors.document(case)
    submission = Submission.objects.create(
        application=case,
        sequence=sequence + 1,
        document=document,
        digest=frozen.digest_of(document),
        attachments=frozen.attachments(selectors.live_attachments(case)),
        declaration=sent.declaration,
        personal=sent.personal,
        submitted_by=sent.submitted_by,
        submitted_at=act.now,
    )
    pk, number = str(case.pk), submission.sequence
    paper = {"application": pk, "submission": submission.pk}
    return Done(
        {"supplement": str(given.pk), "submission": number, "digest": submission.digest},
        content=True,
        effects=[
            ask(act, submission, "submission"),
            Effect("submission.render", paper, f"submission.render:{pk}:{number}"),
            *unseen,
        ],
        value=submission,
    )


def _rows(case: Application, given: Application) -> None:
    Row.objects.filter(application=case).delete()
    rows = Row.objects.filter(application=given).order_by("list_path", "position")
    Row.objects.bulk_create(
        (
            Row(application=case, list_path=path, position=at, data=data)
            for path, at, data in rows.values_list("list_path", "position", "data")
        ),
        batch_size=1000,
    )


def _files(act: Act, case: Application, given: Application) -> list[Effect]:
    """The files of the supplement; one that is in both stays where it is. Returns the checks of
    those that no scanner has looked at yet."""
    there = {(a.kind, a.digest): a for a in selectors.live_attachments(case)}
    here = {(a.kind, a.digest): a for a in selectors.live_attachments(given)}
    for key in there.keys() - here.keys():
        gone = there[key]
        gone.removed_at, gone.removed_by = act.now, given.owner
        gone.save(update_fields=["removed_at", "removed_by"])
    made = Attachment.objects.bulk_create(
        Attachment(
            application=case,
            updated=True,
            uploaded_by=new.uploaded_by,
            uploaded_at=new.uploaded_at,
            checked_at=new.checked_at,
            **{name: getattr(new, name) for name in FACTS},
        )
        for key, new in here.items()
        if key not in there
    )
    return [
        Effect("attachment.check", {"attachment": str(a.pk)}, f"attachment.check:{a.pk}")
        for a in made
        if a.status != ScanStatus.CLEAN
    ]
