"""The rows of an application that are decided one by one, whatever the agency calls them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from applications.completeness import empty

# SSB and SOS list variables; DST lists registers.
VARIABLES, REGISTERS = "variables", "registers"


class Kind(StrEnum):
    """What a row stands for."""

    ROW = "row"  # one row of the list
    FILE = "file"  # a list that came as a file: `name` is its name
    WHOLE = "whole"  # all that the application describes, when it has neither rows nor a file


@dataclass(frozen=True)
class Wanted:
    """One row that was applied for, with the words that lists and the letter show."""

    data: Any
    source: str
    name: str
    years: str
    kind: Kind = Kind.ROW


def wanted(document: dict, files: Iterable[Mapping[str, Any]] = ()) -> list[Wanted]:
    """What is decided on, in its order; never nothing.

    The variables of the frozen `document`; without any, the `files` that list them (`filename` and
    `digest` each) and the registers; without these too, the application as a whole.
    """
    if variables := _listed(document, VARIABLES):
        return variables
    return [*map(_file, files), *_listed(document, REGISTERS)] or [
        Wanted({}, "", "", "", Kind.WHOLE)
    ]


def list_path(document: dict) -> str:
    """The list of the document whose rows `wanted` takes."""
    return VARIABLES if document.get(VARIABLES) else REGISTERS


def _listed(document: dict, path: str) -> list[Wanted]:
    rows = document.get(path)
    return [_row(row) for row in rows] if isinstance(rows, list) else []


def _file(facts: Mapping[str, Any]) -> Wanted:
    name, digest = str(facts.get("filename", "")), str(facts.get("digest", ""))
    return Wanted({"filename": name, "digest": digest}, "", name, "", Kind.FILE)


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
