"""Four eyes: sending a draft for approval, taking it back, sending it back, approving it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.commands import Act, Done, Effect, Forbidden, Invalid, NotNow, Stale, handles
from decisions import checking, composing, leaning, policy
from decisions.commands.drafting import contribute, current, draft_of
from decisions.enums import Outcome, Status
from decisions.models import Decision, SendBack
from decisions.readiness import blocking
from decisions.typed import lines, one_line

LONGEST_TITLE = 120
GIVES = (Outcome.GRANTED, Outcome.PARTLY)


@handles("send_for_approval")
def send_for_approval(act: Act) -> Done:
    """Freezes the letter and lays it before the decision makers.

    Payload: `version` of the draft that the person looked at. Raises Stale when it is another
    one, Invalid with everything that is missing (code -> texts).
    """
    decision = draft_of(act)
    if act.payload.get("version") not in (None, decision.version):
        raise Stale
    checking.renewed(act, decision, "sending")
    found = checking.gaps(decision, act.scheme, act.now, get_language() or "en")
    if stops := blocking(found):
        errors: dict[str, list[str]] = {}
        for gap in stops:
            errors.setdefault(gap.code, []).append(gap.text)
        raise checking.left_behind(act, Invalid(errors), "sending")
    decision.approval = leaning.needed(act, decision)
    content = composing.compose(decision, act.scheme, act.now)
    decision.content = composing.freeze(content)
    decision.sent_digest = composing.digest(content)
    decision.sent_by, decision.sent_at = act.by.user, act.now
    decision.status = Status.FOR_APPROVAL
    decision.save()
    contribute(act, decision)
    act.application.label = ""
    data = {
        "decision": str(decision.pk),
        "outcome": decision.outcome,
        "digest": decision.sent_digest,
    }
    return Done(data, value=decision)


def lying_for_approval(act: Act) -> Decision:
    """The decision that lies with the decision makers, as the person saw it.

    Payload `digest`: the content that they looked at; another one raises Stale.
    """
    decision = current(act)
    if decision.status != Status.FOR_APPROVAL:
        raise NotNow
    if act.payload.get("digest") not in (None, decision.sent_digest):
        raise Stale
    return decision


def _back_to_draft(decision: Decision) -> None:
    decision.status = Status.DRAFT
    decision.content = None
    decision.sent_digest = ""
    decision.sent_by = decision.sent_at = None
    decision.version += 1
    decision.save()


@handles("recall")
def recall(act: Act) -> Done:
    """Takes a draft back from the decision makers, to go on writing."""
    decision = lying_for_approval(act)
    _back_to_draft(decision)
    return Done({"decision": str(decision.pk)}, value=decision)


@handles("send_back")
def send_back(act: Act) -> Done:
    """Sends a draft back to the officer. Payload: `text`, what is to be done; `digest`."""
    decision = lying_for_approval(act)
    text = lines(act.payload.get("text")).strip()
    if not text:
        raise Invalid({"text": ["say what is to be changed"]})
    digest = decision.sent_digest
    _back_to_draft(decision)
    SendBack.objects.create(
        decision=decision, text=text, sent_by=act.by.user, sent_at=act.now, digest=digest
    )
    return Done({"decision": str(decision.pk), "digest": digest}, value=decision)


@handles("approve")
def approve(act: Act) -> Done:
    """Decides. Payload: `digest` of the content that was read, required; `title` for the letter.

    Raises Forbidden for whoever wrote or sent the draft, Stale when the content is another one,
    Invalid when name or title cannot be printed.
    """
    if not act.payload.get("digest"):
        raise Stale
    decision = lying_for_approval(act)
    # Role, own application and interests are the gate's business.
    if policy.had_a_hand(act.by.user, decision):
        raise Forbidden
    title = one_line(act.payload.get("title"))
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": [f"longer than {LONGEST_TITLE} characters"]})
    if act.application.submissions.latest("sequence").pk != decision.submission_id:
        raise Stale  # another application has come in since: it is not what was read
    checking.renewed(act, decision, "approval")
    if decision.outcome in GIVES:
        first = _("Nothing was decided. Found by the checks today:")
        checking.refuse_stopped(act, decision, "approval", first)
    decision.approval = leaning.needed(act, decision)
    frozen = composing.thaw(decision)
    if composing.digest(frozen) != decision.sent_digest:
        raise Stale  # the row was tampered with: nothing of it may be signed
    deadlines = act.application.config.get("deadlines", {})
    final = composing.finish(frozen, deadlines, act.by.user.name, title, act.now)
    if found := checking.unprintable(final):
        raise Invalid({"title": [f"{where}: {character!r}" for character, _p, where in found]})
    decision.content = composing.freeze(final)
    decision.approved_digest = composing.digest(final)
    decision.approved_by, decision.approved_at = act.by.user, act.now
    decision.approver_title = title
    decision.status = Status.APPROVED
    with leaning.refused():
        decision.save()
    pk = str(decision.pk)
    data = {
        "decision": pk,
        "outcome": decision.outcome,
        "read": decision.sent_digest,
        "digest": decision.approved_digest,
    }
    effect = Effect("letter.make", {"decision": pk}, f"letter.make:{pk}")
    return Done(data, effects=[effect], value=decision)
