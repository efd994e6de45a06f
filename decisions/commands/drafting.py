"""Writing the draft: outcome, reasons, variables, conditions. Officers only, during assessment."""

from datetime import date
from typing import Any

from applications.commands import Act, Done, Invalid, NotFound, NotNow, Stale, checks, handles
from applications.models import Application
from applications.schemes import Scheme
from decisions import terms
from decisions.commands import rowwise
from decisions.digests import digest_of
from decisions.enums import Outcome, Status
from decisions.models import Contributor, Decision
from decisions.selectors.decision import current_of
from decisions.selectors.in_force import changed_decision
from decisions.typed import lines
from portal import days

FIELDS = ("outcome", "reasons", "deletion_date", "valid_until", "language")
LONGEST_REASONS = 50_000


def current(act: Act) -> Decision:
    """The decision that the case has now. Raises NotFound without one, NotNow when the payload's
    `decision` names another."""
    found = current_of(act.application).first()
    if found is None:
        raise NotFound
    _as_meant(act, found)
    return found


def _as_meant(act: Act, decision: Decision) -> None:
    # A page of an older decision of the same case must not act on a newer one.
    if act.payload.get("decision") not in (None, str(decision.pk)):
        raise NotNow


def draft_of(act: Act) -> Decision:
    """The draft of the case. Raises NotFound without a decision, NotNow when it is no draft."""
    decision = current(act)
    if decision.status != Status.DRAFT:
        raise NotNow
    return decision


def contribute(act: Act, decision: Decision) -> None:
    """Notes that the person had a hand in the draft: they cannot approve it."""
    Contributor.objects.get_or_create(
        decision=decision, user=act.by.user, defaults={"since": act.now}
    )


@handles("draft_decision")
def draft_decision(act: Act) -> Done:
    """Begins the draft, or changes it. Payload, each part on its own or together:

    `fields` {outcome, reasons, deletion_date, valid_until, language} with `base` {field: digest_of what the
    page showed}; `rows` {position: {granted: true, false or None for not decided, reason, base}};
    `bulk` {granted: true or false, reason, positions or source and show, or neither for all, base:
    of what the page showed}; `condition` (see decisions.terms.change); `refresh` takes over a
    newer submission. Raises Stale with both texts for fields that somebody else changed, after
    nothing was written; Invalid with all that cannot be used.
    """
    decision = current_of(act.application).first()
    changed: list[str] = []
    if decision is None:
        decision = _begin(act)
        changed.append("begun")
    elif decision.status != Status.DRAFT:
        raise NotNow
    _as_meant(act, decision)
    payload = act.payload
    if payload.get("refresh"):
        changed += _refresh(act, decision)
    if "fields" in payload:
        changed += _fields(act, decision, payload["fields"], payload.get("base") or {})
    if "bulk" in payload:
        rowwise.unchanged(decision, payload["bulk"])
    if "rows" in payload:
        changed += rowwise.single(decision, payload["rows"])
    if "bulk" in payload:
        changed += rowwise.many(decision, payload["bulk"])
    if "condition" in payload:
        changed += terms.change(decision, act.scheme, payload["condition"])
    if not changed:
        return Done(nothing=True, value=decision)
    contribute(act, decision)
    if "begun" not in changed:
        decision.version += 1
    decision.save()
    begun = {"begun", "submission"} & set(changed)
    effects = checks.renew(act, decision.submission, "draft") if begun else []
    data = {"decision": str(decision.pk), "changed": sorted(set(changed))}
    return Done(data, effects=effects, value=decision)


def _begin(act: Act) -> Decision:
    application = act.application
    submission = application.submissions.latest("sequence")
    sequence = Decision.objects.filter(application=application).count() + 1
    languages = act.scheme.letter_languages
    language = application.language if application.language in languages else languages[0]
    decision = Decision.objects.create(
        application=application,
        sequence=sequence,
        letter_id=_letter_id(application, sequence),
        submission=submission,
        language=language,
        drafted_by=act.by.user,
        drafted_at=act.now,
    )
    _take_over(act, decision, submission.document)
    return decision


def _take_over(act: Act, decision: Decision, document: dict) -> None:
    """Rows and standard conditions of the frozen document. What gives no access has neither."""
    kind = act.scheme.type(act.application.type)
    if kind is None or kind.access:
        decision.changes = changed_decision(act.application)
        decision.save()
        rowwise.snapshot(decision, act.scheme, decision.submission)
        terms.pick(decision, act.scheme, document)


def _letter_id(application: Application, sequence: int) -> str:
    # Unique over all agencies: two may well count their cases alike.
    agency, number = application.agency, str(application.number)
    return f"{number if number.startswith(agency) else f'{agency}-{number}'}-{sequence}"


def _refresh(act: Act, decision: Decision) -> list[str]:
    latest = act.application.submissions.latest("sequence")
    changes = changed_decision(act.application)
    present = (latest.pk, changes.pk if changes else None)
    taken = (decision.submission_id, decision.changes_id)
    if present == taken and not lacks_rows(decision, act.scheme):
        return []
    decision.submission = latest
    _take_over(act, decision, latest.document)
    return ["submission", "variables", "conditions"]


def lacks_rows(decision: Decision, scheme: Scheme) -> bool:
    """Whether nothing is there to be decided on: a draft from before lists in files were."""
    kind = scheme.type(decision.application.type)
    return (kind is None or kind.access) and not decision.variables.exists()


def _fields(act: Act, decision: Decision, given: dict, base: dict) -> list[str]:
    cleaned = _clean(act, given)
    theirs, yours, changed = {}, {}, []
    for name, value in cleaned.items():
        present = getattr(decision, name)
        if present == value:
            continue
        if name in base and base[name] != digest_of(present):
            theirs[name], yours[name] = present, value
            continue
        changed.append(name)
    if theirs:
        raise Stale(theirs, yours)
    for name in changed:
        setattr(decision, name, cleaned[name])
    if "language" in changed:
        terms.translate(decision, act.scheme)
    if "deletion_date" in changed:
        changed.append("conditions")
    return changed


def _clean(act: Act, given: dict) -> dict[str, Any]:
    errors: dict[str, list[str]] = {
        name: ["not a field of a decision"] for name in given if name not in FIELDS
    }
    if given.get("outcome", "") not in ("", *Outcome):
        errors["outcome"] = ["not an outcome"]
    for name in ("deletion_date", "valid_until"):
        if not isinstance(given.get(name), date | None) or not days.within(given.get(name)):
            errors[name] = [str(days.BETWEEN)]
    if "language" in given and given["language"] not in act.scheme.letter_languages:
        errors["language"] = ["not a language of this agency's letters"]
    if len(given.get("reasons", "")) > LONGEST_REASONS:
        errors["reasons"] = [f"longer than {LONGEST_REASONS} characters"]
    if errors:
        raise Invalid(errors)
    return {**given, **({"reasons": lines(given["reasons"])} if "reasons" in given else {})}
