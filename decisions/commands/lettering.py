"""What the worker says when a letter has its signature. The only moves of a machine here."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from applications.commands import Act, Done, Effect, NotNow, handles
from applications.commands.submitting import end_of_day
from applications.workflow import OUTRIGHT
from decisions import composing
from decisions.commands.drafting import current
from decisions.enums import Outcome, Revision, Status
from decisions.models import Decision, LetterAnnex, LetterRevision
from institutions import commands as institutions


def _issue(act: Act, decision: Decision, revision: int) -> LetterRevision:
    return LetterRevision.objects.create(
        decision=decision,
        revision=revision,
        sha256=act.payload["sha256"],
        size=act.payload["size"],
        issued_at=act.now,
        receipt_sha256=act.payload.get("receipt_sha256", ""),
    )


@handles("letter_signed")
def letter_signed(act: Act) -> Done:
    """The letter is signed and stored: the case moves on by its outcome, both sides are told.

    Payload: `decision`, `sha256` and `size` of the stored object, `annexes` that the letter names. A second one for the same
    decision changes nothing: the first that came is the letter.
    """
    decision = current(act)
    if str(decision.pk) != act.payload["decision"] or decision.status != Status.APPROVED:
        raise NotNow
    issued = _issue(act, decision, Revision.SIGNED)
    annexes = [LetterAnnex(decision=decision, **facts) for facts in act.payload["annexes"]]
    LetterAnnex.objects.bulk_create(annexes)
    decision.status, decision.delivered_at = Status.DELIVERED, act.now
    decision.save()
    act.application.due_at = _due(act, decision)
    act.application.label = ""
    pk = str(decision.pk)
    data = {
        "decision": pk,
        "outcome": decision.outcome,
        "revision": issued.revision,
        "sha256": issued.sha256,
        "content": decision.approved_digest,
        "annexes": [annex.sha256 for annex in annexes],
    }
    branch = decision.outcome
    kind = act.scheme.type(act.application.type)
    if kind is not None and not kind.access and Outcome(branch).gives_access:
        branch = OUTRIGHT
        if kind.approves:
            _approve(act, decision, kind.approves)
    mail = Effect("decision.mail", {"decision": pk}, f"decision.mail:{pk}")
    return Done(data, branch=branch, effects=[mail], value=issued)


def _approve(act: Act, decision: Decision, source: str) -> None:
    """The institution is approved by this decision, as the letter says: from and to which day."""
    content, place, by = composing.thaw(decision), act.application.institution, decision.approved_by
    if place is not None and by is not None and content.valid_from is not None:
        institutions.approve_by_decision(
            place,
            act.application.agency,
            source,
            by,
            content.valid_from,
            content.valid_until,
            str(act.application.number),
        )


def _due(act: Act, decision: Decision) -> datetime:
    """Until when the recipient can accept; for a refusal until when an appeal can come."""
    due = composing.thaw(decision).acceptance_due
    zone = act.scheme.timezone
    if due is not None:
        return datetime.combine(due, time(23, 59, 59), ZoneInfo(zone))
    days = act.application.config.get("deadlines", {}).get("appeal", 0)
    return end_of_day(act.now, zone, days)


@handles("acceptance_signed")
def acceptance_signed(act: Act) -> Done:
    """The acceptance stands in the letter as its second signature.

    Payload: `decision`, `sha256`, `size`, `receipt_sha256`. A second one changes nothing.
    """
    decision = current(act)
    if str(decision.pk) != act.payload["decision"] or decision.status != Status.ACCEPTED:
        raise NotNow
    if decision.revisions.filter(revision=Revision.ACCEPTED).exists():
        return Done(nothing=True)
    issued = _issue(act, decision, Revision.ACCEPTED)
    pk = str(decision.pk)
    data = {"decision": pk, "revision": issued.revision, "sha256": issued.sha256}
    mail = Effect("acceptance.mail", {"decision": pk}, f"acceptance.mail:{pk}")
    return Done(data, effects=[mail], value=issued)
