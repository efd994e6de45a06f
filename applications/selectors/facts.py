"""What the portal knows of an application by itself, named so that a scheme can refer to it.

A scheme writes "name:argument,argument": in agency.toml `[known]`, and with a form's field as
`choices_from` and `offered_from`. Cases are those of the application's own institution at the
same agency: decided in the portal, or recorded by the agency (RecordedCase).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from applications import schemes
from applications.earlier import in_force
from applications.enums import State
from applications.models import Application, RecordedCase, Row
from applications.schemes import DECIDED, Field, Option, Scheme, Section, Text
from applications.selectors.tree import pick

IN_FORCE = (State.ACCEPTED,)
GRANTED = (State.ACCEPTANCE, State.ACCEPTED)
# Not a name: what is said of a case that is none of the institution's own.
NOT_THEIRS = "–"


@dataclass(frozen=True)
class Earlier:
    """A case that the institution has: its number and title, and how to read its document."""

    number: str
    title: str
    application: Application | None = None
    recorded: RecordedCase | None = None

    def value(self, path: str) -> Any:
        """What its document holds at `path`; for a column of a list (`registers.name`) the column's
        values. "number" is the case number."""
        if path == "number":
            return self.number
        tree = self.application.answers if self.application else {}
        if self.recorded:
            tree = self.recorded.document
        if (found := pick(tree, path)) is not None:
            return found
        table, _dot, column = path.rpartition(".")
        rows = pick(tree, table) if self.recorded else self._rows(table)
        values = [row.get(column) for row in rows or []]
        return list(dict.fromkeys(v for v in values if v not in (None, ""))) or None

    def _rows(self, table: str) -> Iterable[dict]:
        rows = Row.objects.filter(application=self.application, list_path=table)
        return rows.order_by("position").values_list("data", flat=True)


def cases(
    application: Application, types: Iterable[str], states: Iterable[State], among: Q | None = None
) -> list[Earlier]:
    """The institution's cases of these types in these states, by number, and recorded ones.

    `among` narrows the portal's own cases, to what a person may see. Never the case itself.
    """
    if application.institution_id is None:
        return []
    own = Application.objects.filter(
        institution_id=application.institution_id,
        agency=application.agency,
        type__in=list(types),
        state__in=list(states),
    ).exclude(pk=application.pk)
    if among is not None:
        own = own.filter(among)
    recorded = RecordedCase.objects.filter(
        institution_id=application.institution_id,
        agency=application.agency,
        type__in=list(types),
        ended_at__isnull=True,
    )
    found = [Earlier(str(a.number), a.sent_title, application=a) for a in own]
    found += [Earlier(r.number, r.title, recorded=r) for r in recorded]
    return sorted(found, key=lambda case: case.number)


# -- facts by name -----------------------------------------------------------------------------------
def _count(states: tuple[State, ...]) -> Callable[..., int | None]:
    def count(application: Application, *types: str) -> int | None:
        if application.institution_id is None:
            return None
        return len(cases(application, types, states))

    return count


def _owner_of_case(application: Application, path: str, *types: str) -> str | None:
    number = pick(application.answers, path)
    if not number or application.institution is None:
        return None
    own = {case.number for case in cases(application, types, IN_FORCE)}
    return application.institution.name if number in own else NOT_THEIRS


def _owner_orcid(application: Application) -> str | None:
    return application.owner.orcid or None


# name -> (function(application, *arguments), how many arguments at least)
FACTS: dict[str, tuple[Callable[..., Any], int]] = {
    # how many cases of the types are granted, whether signed for already or not
    "count_granted": (_count(GRANTED), 1),
    # how many are in force
    "count_accepted": (_count(IN_FORCE), 1),
    # the iD that the owner of the application has verified at ORCID
    "owner_orcid": (_owner_orcid, 0),
    # the institution, when the case whose number stands at the path is one of its own in force
    "owner_of_case": (_owner_of_case, 2),
}
LISTS: dict[str, tuple[State, ...]] = {"accepted_cases": IN_FORCE, "granted_cases": GRANTED}


def split(reference: str) -> tuple[str, list[str]]:
    """Name and arguments of "name:argument,argument"."""
    name, _colon, arguments = reference.partition(":")
    return name, [part.strip() for part in arguments.split(",") if part.strip()]


def wrong(reference: str, lists: bool = False) -> str:
    """Why a scheme may not refer to this, or ""."""
    name, arguments = split(reference)
    if lists:
        return "" if name in LISTS and arguments else f"unknown fact {reference!r}"
    if name not in FACTS:
        return f"unknown fact {reference!r}"
    return "" if len(arguments) >= FACTS[name][1] else f"fact {reference!r} lacks an argument"


def fact(application: Application, reference: str) -> Any:
    """The value of a fact. Raises KeyError for a name that is not there."""
    name, arguments = split(reference)
    return FACTS[name][0](application, *arguments)


def listed(application: Application, reference: str, among: Q | None = None) -> list[Earlier]:
    """The cases that a list names ("accepted_cases:type,type"). Raises KeyError."""
    name, types = split(reference)
    return cases(application, types, LISTS[name], among)


def types_asked_for(scheme: Scheme) -> list[str]:
    """The types of cases that the scheme's facts speak of, in the order of its types: what an
    agency has reason to record."""
    references = [name for name in scheme.known.values() if ":" in name]
    for field in scheme.by_path.values():
        lists = (field.choices_from, field.names_from, field.offered_from)
        references += [name for name in lists if name]
    named = {argument for reference in references for argument in split(reference)[1]}
    return [t.id for t in scheme.types if t.id in named]


def columns_offered(scheme: Scheme) -> dict[str, Text]:
    """Columns of other cases' lists that rows begin with (`offered_as`), with their labels."""
    columns = [c for field in scheme.by_path.values() for c in field.columns]
    known = {c.offered_as: c.label for c in columns if c.offered_as}
    lists = {f.path for f in scheme.by_path.values() if f.type == "rows"}
    return {path: text for path, text in known.items() if path.rpartition(".")[0] in lists}


def of_followed(application: Application, scheme: Scheme) -> dict[str, Any]:
    """What an application that follows another says of it, by field path: its number (of a change:
    that of the decision in force) and until when this holds. Nobody types these."""
    kind, followed = scheme.type(application.type), application.follows
    if kind is None or followed is None:
        return {}
    found = in_force(followed) if kind.follows == DECIDED else None
    case = found.case if found else followed
    told = {kind.reference: case.number} if kind.reference else {}
    if kind.until and found and found.until:
        told[kind.until] = found.until.isoformat()
    return told


# -- for the form ------------------------------------------------------------------------------------
def with_choices(
    application: Application,
    document: dict,
    sections: Iterable[Section],
    among: Q | None = None,
) -> list[Section]:
    """The sections of `document`, their fields with `choices_from` as choices among the institution's cases, and
    those with `names_from` with suggestions from what the person may see (`among`).

    What is answered already stays a choice, so that opening the page loses nothing.
    """
    given = _given(application)
    return [
        replace(
            s, fields=tuple(_suggested(application, document, f, among, given) for f in s.fields)
        )
        if any(f.choices_from or f.names_from or f.path in given for f in s.fields)
        else s
        for s in sections
    ]


def _given(application: Application) -> frozenset[str]:
    """The paths that `of_followed` fills."""
    kind = schemes.get(application.agency, application.scheme_version).type(application.type)
    if kind is None or application.follows_id is None:
        return frozenset()
    return frozenset(filter(None, (kind.reference, kind.until)))


def _suggested(
    application: Application,
    document: dict,
    field: Field,
    among: Q | None,
    given: frozenset[str],
) -> Field:
    if field.path in given:
        return replace(field, known="followed")
    if not field.names_from:
        return _chosen(application, document, field)
    found = listed(application, field.names_from, among)
    options = (Option(c.number, Text({"en": f"{c.number} · {c.title}"})) for c in found)
    accepts = named(application, field)
    return replace(field, options=tuple(options), accepts=accepts)


def named(application: Application, field: Field) -> frozenset[str]:
    """The numbers that a field with `names_from` takes: cases of the institution or of the owner
    whose decision is in force, and those that the agency recorded, also when they have ended."""
    name, types = split(field.names_from)
    agency, place = application.agency, application.institution_id
    theirs = Q(owner=application.owner_id) | (Q(institution=place) if place else Q())
    own = Application.objects.filter(
        theirs, agency=agency, type__in=types, state__in=LISTS[name], number__isnull=False
    ).exclude(pk=application.pk)
    recorded = RecordedCase.objects.filter(agency=agency, institution=place, type__in=types)
    numbers = {str(number) for number in own.values_list("number", flat=True)}
    return frozenset(numbers | set(recorded.values_list("number", flat=True)))


def unnamed(application: Application, field: Field, value: Any) -> bool:
    """Whether `value` names no case that the field takes. Nothing at all names none wrongly."""
    return bool(field.names_from and value and str(value).strip() not in named(application, field))


def _chosen(application: Application, document: dict, field: Field) -> Field:
    if not field.choices_from:
        return field
    labels = {c.number: f"{c.number} · {c.title}" for c in listed(application, field.choices_from)}
    if now := pick(document, field.path):
        labels.setdefault(str(now), str(now))
    options = tuple(Option(number, Text({"en": label})) for number, label in labels.items())
    return replace(field, type="enum", options=options)


def offered_rows(application: Application, field: Field, among: Q) -> list[dict[str, Any]]:
    """The rows that a list with `offered_from` begins with: one for each case `among` those that
    the person may see, and each that the agency recorded."""
    rows = []
    for case in listed(application, field.offered_from, among):
        row = {c.path: case.value(c.offered_as) for c in field.columns if c.offered_as}
        rows.append({k: v for k, v in row.items() if v not in (None, "", [])})
    return rows
