"""What an edition would change: who is new, changed, back, gone; and which institution each line
may be. Reads nothing and writes nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from institutions.lists.enums import Fate
from institutions.lists.names import Names
from institutions.lists.reading import Row, Sheet
from institutions.models import Institution, ListLine

FIELDS = ("name", "country", "org_number", "number", "valid_from", "valid_until")


@dataclass(frozen=True)
class Terms:
    """From when an edition holds, and until when a line does that does not say it (None: no end)."""

    valid_from: date
    valid_until: date | None = None


@dataclass
class Offer:
    """An institution that a line may be; `sure`: they have the same organisation number."""

    institution: Institution
    sure: bool


@dataclass
class Change:
    """One line: what becomes of it, field -> (before, after), and whom it may be."""

    fate: Fate
    name: str
    row: Row | None = None
    line: ListLine | None = None
    values: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)

    @property
    def choice(self) -> str:
        """The name under which the page asks whom it is."""
        told = self.row.key if self.row else ""
        return f"is-{hashlib.sha256(told.encode()).hexdigest()[:16]}"

    @property
    def asks(self) -> bool:
        """Whether somebody has to say which institution it is."""
        return bool(self.offers)

    @property
    def mark(self) -> str:
        """All of it that an administrator sees, as one text."""
        known = (self.line.pk, self.line.institution_id, self.line.approval_id) if self.line else ()
        told = [(str(o.institution.pk), o.institution.name, o.sure) for o in self.offers]
        return repr((self.fate.value, self.name, self.values, self.fields, known, told))


def values_of(row: Row, terms: Terms, before: ListLine | None) -> dict[str, Any]:
    """What is kept of a row. A day that it does not say is the one it had, or the edition's."""
    begins = row.valid_from or (before.valid_from if before else terms.valid_from)
    ends = row.valid_until or terms.valid_until
    return {
        "name": row.name,
        "country": row.country,
        "org_number": row.org_number,
        "number": row.number,
        "valid_from": begins,
        "valid_until": ends,
    }


def compare(kept: Iterable[ListLine], sheet: Sheet, terms: Terms) -> list[Change]:
    """What becomes of each line, in the order of the file; what is gone comes last."""
    left = {line.key: line for line in kept}
    found = {key: left.pop(key) for key in sheet.rows if key in left}
    # A line that got a number, or lost it, is the same line when nothing else has its name.
    named: dict[tuple[str, str], list[ListLine]] = {}
    for line in left.values():
        named.setdefault((line.country, line.folded), []).append(line)
    changes = []
    for key, row in sheet.rows.items():
        before = found.get(key)
        if before is None:
            same = named.get((row.country, row.folded), [])
            if len(same) == 1 and not (row.org_number and same[0].org_number):
                before = left.pop(same.pop().key)
        changes.append(_change(row, before, terms))
    changes += [
        Change(Fate.GONE, line.name, line=line) for line in left.values() if line.dropped is None
    ]
    return changes


def _change(row: Row, before: ListLine | None, terms: Terms) -> Change:
    values = values_of(row, terms, before)
    if before is None:
        return Change(Fate.NEW, row.name, row, values=values)
    differing = {
        name: (getattr(before, name), values[name])
        for name in FIELDS
        if getattr(before, name) != values[name]
    }
    fate = Fate.CHANGED if differing else Fate.SAME
    if before.dropped is not None:
        fate = Fate.BACK
    return Change(fate, row.name, row, before, values, differing)


class Places:
    """The institutions that lines may be: those with the number first, then those with a similar
    name in the same country. None that another line of the list is already.

    `former`: those that were merged into one of them; their numbers and names count as its own.
    """

    def __init__(
        self, institutions: Iterable[Institution], former: Iterable[Institution] = ()
    ) -> None:
        self.by_number: dict[tuple[str, str], Institution] = {}
        self.by_pk: dict[Any, Institution] = {}
        named: dict[str, list[tuple[Any, str]]] = {}
        for place in institutions:
            self.by_pk[place.pk] = place
        whose = [(place, place) for place in self.by_pk.values()]
        whose += [(self.by_pk[one.merged_into_id], one) for one in former]
        for place, told in whose:
            if told.org_number:
                self.by_number.setdefault((told.country, told.org_number), place)
            names = {told.name, *(n for n in told.names.values() if isinstance(n, str))}
            named.setdefault(told.country, []).extend((place.pk, name) for name in names if name)
        self.names = {country: Names(names) for country, names in named.items()}

    def offers(self, country: str, org_number: str, name: str) -> list[Offer]:
        """Whom a line may be, the likeliest first."""
        sure = self.by_number.get((country, org_number)) if org_number else None
        if sure:
            return [Offer(sure, True)]
        similar = self.names.get(country)
        alike = dict.fromkeys(similar.like(name)) if similar else {}
        places = [self.by_pk[key] for key in alike]
        # Another number is another organisation.
        return [Offer(p, False) for p in places if not (org_number and p.org_number)]
