"""Conditions of a draft: picked by the scheme's rule, edited by the officer."""

from datetime import date
from typing import Any

from babel.dates import format_date

from applications.commands.errors import Invalid
from applications.schemes import Condition, Scheme
from applications.schemes.model import Placeholder
from applications.selectors import pick as pick_value
from decisions.letters.texts import Texts
from decisions.models import Decision, DecisionCondition
from decisions.typed import lines
from portal import days

LONGEST = 4_000
DELETION_DATE = "decision.deletion_date"  # a fact of the decision, not of the document


def catalogue(scheme: Scheme) -> dict[str, Condition]:
    """The scheme's standard conditions by id, in their order."""
    return {condition.id: condition for condition in scheme.conditions}


def free_id(scheme: Scheme) -> str:
    """The id under which conditions in the officer's own words stand in the letter, if any."""
    return next((condition.id for condition in scheme.conditions if condition.free), "")


def pick(decision: Decision, scheme: Scheme, document: dict) -> None:
    """Adds what the rule picks for `document`; keeps what an officer has touched.

    A condition that the rule no longer picks goes, unless it was added, dropped or filled in.
    """
    present = {c.catalogue_id: c for c in decision.conditions.exclude(catalogue_id="")}
    picked = scheme.picked_conditions(document)
    for gone in present.keys() - {c.id for c in picked}:
        old = present[gone]
        if not (old.added or old.dropped or old.values):
            old.delete()
    last = _last(decision)
    DecisionCondition.objects.bulk_create(
        DecisionCondition(
            decision=decision,
            number=last + n,
            catalogue_id=condition.id,
            text=condition.text(decision.language),
        )
        for n, condition in enumerate(picked, start=1)
        if condition.id not in present
    )
    renumber(decision, scheme)


def translate(decision: Decision, scheme: Scheme) -> None:
    """Puts the texts of the catalogue into the decision's language. Free texts stay as typed."""
    known = catalogue(scheme)
    rows = [c for c in decision.conditions.all() if c.catalogue_id in known]
    for row in rows:
        row.text = known[row.catalogue_id].text(decision.language)
    DecisionCondition.objects.bulk_update(rows, ["text"])


def renumber(decision: Decision, scheme: Scheme) -> None:
    """Numbers 1, 2, 3 …: the catalogue's in its order, then the free ones as they were added."""
    order = {condition_id: n for n, condition_id in enumerate(catalogue(scheme))}
    rows = sorted(
        decision.conditions.all(),
        key=lambda c: (order.get(c.catalogue_id, len(order)), c.number, c.pk),
    )
    for number, row in enumerate(rows, start=1):
        row.number = number
    DecisionCondition.objects.bulk_update(rows, ["number"])


def fact(decision: Decision, holder: Placeholder) -> str:
    """What the portal itself knows for a bracket, in the language of the letter; else empty."""
    if not holder.fact:
        return ""
    if holder.fact == DELETION_DATE:
        value: Any = decision.deletion_date
    else:
        value = pick_value(decision.submission.document, holder.fact)
    if value in (None, "", []):
        return ""
    return written_out(value, decision.language) if holder.type == "date" else str(value)


def written_out(day: date | str, language: str) -> str:
    """A date (or its ISO text) as letters write it. Not by the portal's own catalogue, where "May"
    may be a verb: a letter's dates come from Babel alone. What is no date comes back as it is."""
    try:
        read = date.fromisoformat(str(day))
    except ValueError:
        return str(day)
    return str(format_date(read, "long", locale=Texts(language)["locale"]))


def values_of(
    decision: Decision, condition: Condition | None, row: DecisionCondition
) -> dict[str, str]:
    """What stands in the row's brackets, by id: the officer's words, else what the portal knows."""
    holders = condition.placeholders if condition else ()
    known = {holder.id: fact(decision, holder) for holder in holders}
    return known | {str(name): str(value) for name, value in row.values.items() if value}


def words(decision: Decision, condition: Condition | None, row: DecisionCondition) -> str:
    """The condition as it stands in the letter; an open bracket shows what it asks for."""
    if condition is None:
        return row.text
    return condition.fill(decision.language, values_of(decision, condition, row))


def open_labels(
    decision: Decision, condition: Condition | None, row: DecisionCondition, language: str
) -> list[str]:
    """What the open brackets ask for. The deletion date is asked for by itself, once."""
    if condition is None:
        return []
    values = values_of(decision, condition, row)
    open_ids = condition.open(decision.language, values)
    return [
        holder.label(language)
        for holder in condition.placeholders
        if holder.id in open_ids and holder.fact != DELETION_DATE
    ]


def change(decision: Decision, scheme: Scheme, given: dict[str, Any]) -> list[str]:
    """One change of the conditions. `given["do"]`:

    `fill` {condition, values}; `drop` {condition, reason}; `restore` {condition};
    `add` {catalogue_id or text, reason}; `remove` {condition}, for added ones.
    Returns what changed. Raises Invalid with all that cannot be used.
    """
    does = {"fill": _fill, "drop": _drop, "restore": _restore, "add": _add, "remove": _remove}
    return ["conditions"] if does[given["do"]](decision, scheme, given) else []


def _row(decision: Decision, given: dict[str, Any]) -> DecisionCondition:
    row = decision.conditions.filter(pk=given["condition"]).first()
    if row is None:
        raise Invalid({"condition": ["no such condition in this draft"]})
    return row


def _fill(decision: Decision, scheme: Scheme, given: dict[str, Any]) -> bool:
    row = _row(decision, given)
    condition = scheme.condition(row.catalogue_id)
    values = {}
    for holder in condition.placeholders if condition else ():
        typed = lines(given["values"].get(holder.id)).strip()
        if len(typed) > LONGEST:
            raise Invalid({"values": [f"longer than {LONGEST} characters"]})
        day = days.read(typed) if holder.type == "date" else None
        if not days.within(day):
            raise Invalid({"values": [str(days.BETWEEN)]})
        # What the portal would fill in anyhow is left to it, so that it follows the date.
        if typed not in ("", fact(decision, holder), holder.default(decision.language)):
            values[holder.id] = typed
    if values == row.values:
        return False
    row.values = values
    row.save()
    return True


def _drop(decision: Decision, scheme: Scheme, given: dict[str, Any]) -> bool:
    row = _row(decision, given)
    row.reason = _text(given, "reason")
    row.dropped = True
    row.save()
    return True


def _restore(decision: Decision, scheme: Scheme, given: dict[str, Any]) -> bool:
    row = _row(decision, given)
    if not row.dropped:
        return False
    row.dropped = False
    row.reason = row.reason if row.added else ""
    row.save()
    return True


def _add(decision: Decision, scheme: Scheme, given: dict[str, Any]) -> bool:
    catalogue_id = str(given.get("catalogue_id") or "")
    known = catalogue(scheme)
    errors: dict[str, list[str]] = {}
    text = ""
    if catalogue_id and (catalogue_id not in known or known[catalogue_id].free):
        errors["catalogue_id"] = ["not in the catalogue"]
    elif catalogue_id and decision.conditions.filter(catalogue_id=catalogue_id).exists():
        errors["catalogue_id"] = ["is in the draft already"]
    elif catalogue_id:
        text = known[catalogue_id].text(decision.language)
    else:
        text = lines(given.get("text")).strip()
        if not text:
            errors["text"] = ["write something"]
    if not str(given.get("reason") or "").strip():
        errors["reason"] = ["write something"]
    if len(text) > LONGEST:
        errors["text"] = [f"longer than {LONGEST} characters"]
    if errors:
        raise Invalid(errors)
    DecisionCondition.objects.create(
        decision=decision,
        number=_last(decision) + 1,
        catalogue_id=catalogue_id,
        text=text,
        added=True,
        reason=_text(given, "reason"),
    )
    renumber(decision, scheme)
    return True


def _remove(decision: Decision, scheme: Scheme, given: dict[str, Any]) -> bool:
    row = _row(decision, given)
    if not row.added:
        raise Invalid({"condition": ["picked by the rule: it can be dropped with a reason"]})
    row.delete()
    renumber(decision, scheme)
    return True


def _text(given: dict[str, Any], name: str) -> str:
    text = lines(given.get(name)).strip()
    if not text:
        raise Invalid({name: ["write something"]})
    if len(text) > LONGEST:
        raise Invalid({name: [f"longer than {LONGEST} characters"]})
    return text


def _last(decision: Decision) -> int:
    numbers = decision.conditions.order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0
