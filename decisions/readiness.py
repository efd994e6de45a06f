"""What a draft still lacks before it may be sent for approval: all of it, never the first only.

One list serves the draft page, which shows it while the officer writes, and the command, which
refuses while anything on it blocks. Pure, apart from the fonts that tell what can be printed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from decisions.enums import Outcome

NAMES_SHOWN = 5


@dataclass(frozen=True)
class Gap:
    """One thing that is missing. `place` is where on the draft page it is mended (an anchor)."""

    code: str
    text: str
    place: str
    blocks: bool = True


@dataclass(frozen=True)
class Term:
    """A condition as far as readiness asks. `open`: what its unfilled brackets ask for."""

    number: int
    name: str
    open: Sequence[str] = ()
    dropped: bool = False
    added: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Facts:
    """All that the list is made from. Of the `rows`, `undecided` ones nobody has decided on;
    `limited` ones are granted with a reason that says what is not, and so are `kept_limits`, as the
    decision that is changed has them; `unreasoned_names` are the first refused ones without a reason;
    `unprintable` are (character, place, where in words). `access`: whether granting gives access to
    data. `not_finished`: that there is no finished check of this submission, in words; `stops`: its
    gravest findings."""

    outcome: str
    reasons: str
    deletion_date: date | None
    today: date
    rows: int = 0
    undecided: int = 0
    refused: int = 0
    limited: int = 0
    kept_limits: int = 0
    unreasoned: int = 0
    unreasoned_names: Sequence[str] = ()
    terms: Sequence[Term] = ()
    unassessed: Sequence[str] = ()
    open_reviews: int = 0
    outdated: bool = False
    unchecked: Sequence[str] = ()
    project_end: date | None = None
    unprintable: Sequence[tuple[str, str, str]] = field(default=())
    access: bool = True
    not_finished: str = ""
    stops: Sequence[str] = ()
    valid_until: date | None = None


def gaps(facts: Facts) -> list[Gap]:
    """Everything that is missing or worth a look, what stops first."""
    found = [
        *_outcome(facts),
        *_variables(facts),
        *_deletion(facts),
        *_conditions(facts),
        *_checks(facts),
        *_casework(facts),
        *_print(facts),
    ]
    return sorted(found, key=lambda gap: not gap.blocks)


def blocking(found: Iterable[Gap]) -> list[Gap]:
    """Those that stop the draft from being sent."""
    return [gap for gap in found if gap.blocks]


def _grants(facts: Facts) -> bool:
    return facts.outcome in (Outcome.GRANTED, Outcome.PARTLY)


def _outcome(facts: Facts) -> Iterable[Gap]:
    if facts.outdated:
        text = _("The application was sent again after this draft was begun. Take it over first.")
        yield Gap("submission", text, "submission")
    # What cannot be read may be dismissed, and neither granted nor refused.
    if facts.unchecked and facts.outcome != Outcome.DISMISSED:
        text = ngettext(
            "%(n)d file of the application is not found clean: %(names)s",
            "%(n)d files of the application are not found clean: %(names)s",
            len(facts.unchecked),
        )
        names = ", ".join(facts.unchecked[:NAMES_SHOWN])
        if len(facts.unchecked) > NAMES_SHOWN:
            names += " …"
        told = text % {"n": len(facts.unchecked), "names": names}
        yield Gap("files", told, "submission")
    if not facts.outcome:
        yield Gap("outcome", _("Choose the outcome."), "outcome")
    if not facts.reasons.strip():
        yield Gap("reasons", _("Write the reasons."), "reasons")


def _variables(facts: Facts) -> Iterable[Gap]:
    # A dismissal says nothing of the substance, so of no row either.
    if not facts.access or facts.outcome == Outcome.DISMISSED:
        if facts.outcome == Outcome.PARTLY:
            text = _("This can be granted or refused, not granted in part.")
            yield Gap("partly", text, "outcome")
        return
    if facts.undecided:
        text = ngettext(
            "%(n)d variable is not decided on yet.",
            "%(n)d variables are not decided on yet.",
            facts.undecided,
        )
        yield Gap("undecided", text % {"n": facts.undecided}, "undecided")
    granted = facts.rows - facts.undecided - facts.refused
    if facts.outcome == Outcome.REFUSED and granted:
        text = ngettext(
            "%(n)d variable is granted: refuse it, or choose “granted in part”.",
            "%(n)d variables are granted: refuse them, or choose “granted in part”.",
            granted,
        )
        yield Gap("variables", text % {"n": granted}, "variables")
    not_whole = facts.refused + facts.limited
    if facts.outcome == Outcome.GRANTED and not_whole:
        text = ngettext(
            "%(n)d variable is refused or limited: choose “granted in part”, or grant it.",
            "%(n)d variables are refused or limited: choose “granted in part”, or grant them.",
            not_whole,
        )
        yield Gap("variables", text % {"n": not_whole}, "variables")
    if facts.outcome != Outcome.PARTLY:
        return
    if not not_whole and not facts.kept_limits and not facts.undecided:
        text = _("Granted in part, but no variable is refused or limited.")
        yield Gap("variables", text, "variables")
    elif facts.rows and facts.refused == facts.rows:
        text = _("Every variable is refused: choose “refused”, or grant some.")
        yield Gap("variables", text, "variables")
    if facts.unreasoned:
        text = ngettext(
            "%(n)d refused variable has no reason: %(names)s",
            "%(n)d refused variables have no reason: %(names)s",
            facts.unreasoned,
        )
        names = ", ".join(facts.unreasoned_names)
        if facts.unreasoned > len(facts.unreasoned_names):
            names += " …"
        told = text % {"n": facts.unreasoned, "names": names}
        yield Gap("variable_reasons", told, "variables")


def _deletion(facts: Facts) -> Iterable[Gap]:
    if not _grants(facts):
        return
    if not facts.access:
        if facts.valid_until and facts.valid_until <= facts.today:
            yield Gap("valid_until", _("The last day must lie in the future."), "validity")
        return
    if facts.deletion_date is None:
        yield Gap("deletion_date", _("Set the date by which data must be deleted."), "deletion")
    elif facts.deletion_date <= facts.today:
        yield Gap("deletion_date", _("The deletion date must lie in the future."), "deletion")
    elif facts.project_end and facts.deletion_date < facts.project_end:
        text = _("The deletion date lies before the end of the project.")
        yield Gap("deletion_before_end", text, "deletion", blocks=False)


def _conditions(facts: Facts) -> Iterable[Gap]:
    for term in facts.terms:
        if (term.dropped or term.added) and not term.reason.strip():
            text = _("Say why condition %(name)s was added or dropped.") % {"name": term.name}
            yield Gap("condition_reason", text, f"condition-{term.number}")
        if term.dropped or not _grants(facts):
            continue
        if term.open:
            text = _("Condition %(name)s: fill in %(labels)s.") % {
                "name": term.name,
                "labels": ", ".join(f"[{label}]" for label in term.open),
            }
            yield Gap("condition_bracket", text, f"condition-{term.number}")


def _checks(facts: Facts) -> Iterable[Gap]:
    if facts.not_finished:
        yield Gap("checks", facts.not_finished, "checks")
    for text in facts.stops:
        # What ended meanwhile can be a reason to refuse: it stops what gives something alone.
        told = _("Found by the checks today: %(text)s") % {"text": text}
        yield Gap("findings", told, "checks", blocks=_grants(facts))


def _casework(facts: Facts) -> Iterable[Gap]:
    # A dismissed application is not assessed in substance, so nothing of the list applies to it.
    if facts.outcome != Outcome.DISMISSED:
        for label in facts.unassessed:
            text = _("Checklist: not assessed yet: %(item)s") % {"item": label}
            yield Gap("checklist", text, "checklist")
    if facts.open_reviews:
        text = ngettext(
            "%(n)d question to a lawyer or reviewer is not answered yet.",
            "%(n)d questions to lawyers or reviewers are not answered yet.",
            facts.open_reviews,
        )
        yield Gap("reviews", text % {"n": facts.open_reviews}, "reviews", blocks=False)


def _print(facts: Facts) -> Iterable[Gap]:
    for character, place, where in facts.unprintable:
        text = _("%(where)s: the letter cannot show the character %(character)s (%(code)s).") % {
            "where": where,
            "character": character if character.isprintable() else "·",
            "code": f"U+{ord(character):04X}",
        }
        yield Gap("unprintable", text, place)
