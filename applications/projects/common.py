"""A project's common part in an agency's document, and back. Pure.

The common part: {"title", "purpose", "category", "start", "end", "population": value or None,
"people": [{"name", "institution", "country", "email", "role"}]}.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from applications.exchange import values
from applications.schemes import Field, Scheme
from applications.schemes.exchange import PERSON, SINGLE
from applications.selectors.document import pick

PEOPLE = "people"


@dataclass(frozen=True)
class Part:
    """One piece of the common part and the field of a scheme that holds it."""

    key: str
    field: Field
    path: str


def parts(scheme: Scheme, type: str) -> list[Part]:
    """What of the common part an application of this type asks for, people last."""
    asked = {f.path: f for f in scheme.fields(type) if f.asked}
    wanted = {**scheme.project.fields}
    if scheme.project.people:
        wanted[PEOPLE] = scheme.project.people
    return [Part(key, asked[path], path) for key, path in wanted.items() if path in asked]


def wrong(part: Part, value: Any) -> str:
    """Why `value` of the common part cannot stand in the agency's field; "" when it can."""
    return "" if part.key == PEOPLE else values.wrong(part.field, value)


def rows_of(people: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> list[dict]:
    """The people as rows of an agency's list."""
    return [_row(person, columns) for person in people]


def _row(person: Mapping[str, Any], columns: Mapping[str, str]) -> dict:
    pairs = ((columns[name], person.get(name)) for name in PERSON if name in columns)
    return {column: value for column, value in pairs if value not in values.EMPTY}


def _keyed(people: Iterable[Mapping[str, Any]]) -> list[tuple[tuple[str, int], Mapping[str, Any]]]:
    """Each person under their name and how many of that name came before."""
    found, seen = [], Counter[str]()
    for person in people:
        who = " ".join(str(person.get("name") or "").casefold().split())
        found.append(((who, seen[who]), person))
        seen[who] += 1
    return found


def merged(
    rows: Iterable[Mapping[str, Any]],
    before: Iterable[Mapping[str, Any]],
    now: Iterable[Mapping[str, Any]],
    columns: Mapping[str, str],
) -> list[dict]:
    """The agency's `rows` after the people of the project went from `before` to `now`.

    People are told apart by name. Somebody new is added, somebody gone is removed, of the others
    what is common is written over and all else stays; rows that the project never had stay.
    """
    former = {who for who, _person in _keyed(before)}
    wanted = dict(_keyed(now))
    kept, seen = [], set()
    for who, row in _keyed({**row, "name": row.get(columns["name"])} for row in rows):
        own = {c: v for c, v in row.items() if c != "name" or columns["name"] == "name"}
        if who in wanted:
            kept.append({**own, **_row(wanted[who], columns)})
            seen.add(who)
        elif who not in former:
            kept.append(own)
    return kept + [_row(person, columns) for who, person in wanted.items() if who not in seen]


def from_document(scheme: Scheme, type: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The common part as an application's document has it."""
    common: dict[str, Any] = dict.fromkeys(SINGLE)
    common[PEOPLE] = []
    for part in parts(scheme, type):
        found = pick(document, part.path)
        if part.key != PEOPLE:
            common[part.key] = found
            continue
        columns = scheme.project.columns
        for row in found or []:
            person = {name: row.get(column) for name, column in columns.items()}
            filled = {name: v for name, v in person.items() if v not in values.EMPTY}
            if filled.get("name"):
                common[PEOPLE].append(filled)
    return common


@dataclass(frozen=True)
class Change:
    """A piece of the common part that is other than the draft was last told.

    `here` is what stands in the draft now, `common` what the project says, `after` what the draft
    would hold when it is taken over (rows for people). `wrong`: why it cannot be taken over.
    """

    part: Part
    here: Any
    common: Any
    after: Any
    wrong: str = ""


def changes(
    scheme: Scheme,
    type: str,
    document: Mapping[str, Any],
    settled: Mapping[str, Any],
    common: Mapping[str, Any],
) -> list[Change]:
    """What of the common part changed since it was settled and is not in the document already."""
    found = []
    for part in parts(scheme, type):
        was, now = settled.get(part.key), common.get(part.key)
        if _same(was, now):
            continue
        here = pick(document, part.path)
        after = now
        if part.key == PEOPLE:
            after = merged(here or [], was or [], now or [], scheme.project.columns)
        if not _same(here, after):
            found.append(Change(part, here, now, after, wrong(part, now)))
    return found


def _same(one: Any, other: Any) -> bool:
    return one == other or (one in values.EMPTY and other in values.EMPTY)
