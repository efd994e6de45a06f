"""Attachments: handing in, removing, and what the worker found out."""

from applications import selectors
from applications.commands.checks import ask, last
from applications.commands.errors import Invalid, NotFound
from applications.commands.gate import Act, Done, Effect, handles
from applications.enums import ScanStatus
from applications.models import Attachment

MOST_FILES = 250
MOST_BYTES = 2 * 1024**3  # of one application


@handles("attach")
def attach(act: Act) -> Done:
    """Adds a file that lies in the store already. Payload: `kind`, `filename`, `ext`, `size`
    (bytes), `digest`; `updated` marks it as new documentation of a change."""
    payload, application = act.payload, act.application
    if payload["kind"] not in {kind.kind for kind in act.scheme.attachment_kinds}:
        raise Invalid({"kind": ["not a purpose of this application"]})
    live = selectors.live_attachments(application)
    if len(live) >= MOST_FILES:
        raise Invalid({"file": [f"at most {MOST_FILES} files"]})
    if sum(a.size for a in live) + payload["size"] > MOST_BYTES:
        raise Invalid({"file": ["the files of one application are too large together"]})
    same = [a for a in live if a.digest == payload["digest"] and a.kind == payload["kind"]]
    if same:
        return Done(nothing=True, value=same[0])
    attachment = Attachment.objects.create(
        application=application,
        kind=payload["kind"],
        filename=payload["filename"],
        ext=payload["ext"],
        size=payload["size"],
        digest=payload["digest"],
        # What is handed in to a change is new beside what was carried over.
        updated=bool(payload.get("updated")) or application.follows_id is not None,
        uploaded_by=act.by.user,
        uploaded_at=act.now,
    )
    pk = str(attachment.pk)
    effect = Effect("attachment.check", {"attachment": pk}, f"attachment.check:{pk}")
    data = {"attachment": pk, "kind": attachment.kind, "digest": attachment.digest}
    return Done(data, content=True, effects=[effect], value=attachment)


@handles("detach")
def detach(act: Act) -> Done:
    """Removes an attachment from the application. Payload: `attachment` (id)."""
    attachment = Attachment.objects.filter(
        pk=act.payload["attachment"], application=act.application
    ).first()
    if attachment is None:
        raise NotFound
    if attachment.removed_at is not None:
        return Done(nothing=True, value=attachment)
    attachment.removed_at, attachment.removed_by = act.now, act.by.user
    attachment.save()
    return Done({"attachment": str(attachment.pk)}, content=True, value=attachment)


def _was_sent(attachment: Attachment) -> bool:
    last = attachment.application.submissions.order_by("-sequence").first()
    sent = last.attachments if last else []
    return str(attachment.pk) in {file["id"] for file in sent}


@handles("attachment_checked")
def attachment_checked(act: Act) -> Done:
    """What the worker found. Payload: `attachment`, `status`, `refusal`, `content_type`,
    `scanner`. What was sent is checked anew; who sent a file that is then
    refused is told."""
    payload = act.payload
    attachment = Attachment.objects.filter(
        pk=payload["attachment"], application=act.application
    ).first()
    if attachment is None:
        raise NotFound
    before = (attachment.status, attachment.refusal)
    attachment.status = payload["status"]
    attachment.refusal = payload.get("refusal", "")
    attachment.content_type = payload.get("content_type", "")
    attachment.scanner = payload.get("scanner", "")
    attachment.checked_at = act.now
    attachment.save()
    if before == (attachment.status, attachment.refusal):
        return Done(nothing=True, value=attachment)
    submission = last(act.application)
    effects = [ask(act, submission, "attachment")] if submission else []
    if attachment.status == ScanStatus.REFUSED and _was_sent(attachment):
        pk = str(act.application.pk)
        name = f"notice:file_refused:{pk}:{attachment.pk}"
        payload = {"application": pk, "what": "file_refused", "key": name}
        effects.append(Effect("notice.mail", payload, name))
    data = {
        "attachment": str(attachment.pk),
        "status": str(attachment.status),
        "refusal": attachment.refusal,
    }
    return Done(data, content=True, effects=effects, value=attachment)
