"""What of a case is handed over to other portals and authorities, as its pages show it."""

from dataclasses import dataclass
from typing import Any

from applications.exchange.writing import Export
from applications.imports.printing import Listed, listed
from applications.models import Application, HandoffReference
from applications.schemes import Scheme
from applications.schemes.exchange import Handoff
from applications.selectors.document import pick, put
from portal.files.writing import csv_of

SHOWN = 5


@dataclass(frozen=True)
class Box:
    """One hand-off as the page shows it. `count`: rows to take along; `names`: the first of them."""

    id: str
    label: str
    text: str
    url: str
    rows: str
    count: int
    names: list[str]
    formats: tuple[str, ...]
    reference: str
    kept: str


def rows_of(handoff: Handoff, document: dict) -> list[Any]:
    """The rows to take along: those where the column says so."""
    rows = pick(document, handoff.rows) or [] if handoff.rows else []
    if not handoff.where:
        return list(rows)
    return [row for row in rows if isinstance(row, dict) and row.get(handoff.where) is True]


def _name(row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    told = (str(row.get(key) or "") for key in ("register", "name", "code"))
    return " · ".join(part for part in told if part) or "–"


def references(application: Application) -> dict[str, str]:
    """What is kept of other portals, by the hand-off's id."""
    kept = HandoffReference.objects.filter(application=application)
    return dict(kept.values_list("handoff", "reference"))


def boxes(
    scheme: Scheme, document: dict, language: str, kept: dict[str, str], within: Any = None
) -> list[Box]:
    """The hand-offs that concern this document; `within`: only those whose list is among these."""
    told = []
    for handoff in scheme.handoffs:
        if within is not None and handoff.rows not in within:
            continue
        if not handoff.applies(document) and not kept.get(handoff.id):
            continue
        rows = rows_of(handoff, document)
        told.append(
            Box(
                handoff.id,
                handoff.label(language),
                handoff.text(language),
                handoff.url,
                handoff.rows,
                len(rows),
                [_name(row) for row in rows[:SHOWN]],
                handoff.formats if rows or not handoff.rows else (),
                handoff.reference(language),
                kept.get(handoff.id, ""),
            )
        )
    return told


def list_of(
    handoff: Handoff, application: Application, scheme: Scheme, document: dict, language: str
) -> Listed | None:
    """The rows to take along as a list with headings; None when the agency has no such list."""
    table = scheme.field(handoff.rows)
    if table is None:
        return None
    rows = rows_of(handoff, document)
    if table.type == "rows":
        only: dict[str, Any] = {}
        put(only, table.path, rows)
        found = listed(application, only, table, language)
        return Listed(application, handoff.label(language), language, found.headings, found.values)
    values = [[str(value)] for value in rows]
    return Listed(application, handoff.label(language), language, [table.label(language)], values)


def taken_along(export: Export, handoff: str) -> Listed | None:
    """The same of what somebody may take along; None for a hand-off that has no list."""
    asked = export.scheme.handoff(handoff)
    if asked is None or not asked.rows:
        return None
    return list_of(asked, export.application, export.scheme, export.document, export.language)


def as_csv(found: Listed) -> str:
    """The list as CSV."""
    return csv_of([found.headings, *([str(value) for value in line] for line in found.values)])
