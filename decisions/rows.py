"""The rows of an application that are decided one by one, whatever the agency calls them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from applications.completeness import empty

# SSB and SOS list variables; DST lists registers. The first list that has rows is decided on.
LISTS = ("variables", "registers")


@dataclass(frozen=True)
class Wanted:
    """One row that was applied for, with the words that lists and the letter show."""

    data: Any
    source: str
    name: str
    years: str


def wanted(document: dict) -> list[Wanted]:
    """The rows of the frozen `document` in their order; none when they came as a file only."""
    for path in LISTS:
        rows = document.get(path)
        if isinstance(rows, list) and rows:
            return [_row(row) for row in rows]
    return []


def _row(row: Any) -> Wanted:
    if not isinstance(row, dict):
        return Wanted(row, "", str(row), "")
    name = _text(row, "name", "code", "register")
    source = ", ".join(_distinct(_text(row, "holder"), _text(row, "register")))
    return Wanted(row, "" if source == name else source, name, _years(row))


def _text(row: dict, *names: str) -> str:
    """The first of these that the row has, as text."""
    return next((str(row[name]).strip() for name in names if not empty(row.get(name))), "")


def _distinct(*texts: str) -> Iterable[str]:
    return dict.fromkeys(text for text in texts if text)


def _years(row: dict) -> str:
    first, last = _text(row, "fromYear"), _text(row, "toYear")
    if first and last and first != last:
        return f"{first}–{last}"
    return first or last
