"""Reads agency.toml `[project]` and `[[handoffs]]`."""

from collections.abc import Mapping
from typing import Any

from applications.schemes.exchange import (
    CASE_FORMATS,
    PERSON,
    ROW_FORMATS,
    SINGLE,
    Handoff,
    ProjectMap,
)
from applications.schemes.model import Field
from applications.schemes.reader import Reader
from applications.schemes.text import ALL_LANGUAGES


def read_project(reader: Reader, by_path: Mapping[str, Field]) -> ProjectMap:
    """agency.toml `[project]`; what is wrong with it goes to the reader."""
    where = "agency.toml project"
    raw = reader.agency.get("project", {})
    reader.only(where, raw, (*SINGLE, "people", "nordman"))
    fields = {}
    for name, types in SINGLE.items():
        if not (path := raw.get(name)):
            continue
        found = by_path.get(path)
        if found is None:
            reader.wrong(where, f"unknown field path {path!r}")
        elif found.type not in types:
            reader.wrong(where, f"{path} is {found.type} and cannot hold the {name}")
        fields[name] = path
    people = raw.get("people", {})
    reader.only(f"{where} people", people, ("list", *PERSON))
    path = people.get("list", "")
    table = by_path.get(path)
    if people and (table is None or table.type != "rows"):
        reader.wrong(f"{where} people", f"unknown list {path!r}")
    columns = {name: people[name] for name in PERSON if name in people}
    for column in columns.values():
        if table is not None and table.column(column) is None:
            reader.wrong(f"{where} people", f"unknown column {column!r}")
    if people and "name" not in columns:
        reader.wrong(f"{where} people", "has no column for the name")
    return ProjectMap(fields, path, columns, bool(raw.get("nordman")))


def read_handoffs(reader: Reader, by_path: Mapping[str, Field]) -> tuple[Handoff, ...]:
    """agency.toml `[[handoffs]]`; what is wrong with them goes to the reader."""

    def make(where: str, raw: Mapping[str, Any]) -> Handoff:
        reader.only(
            where,
            raw,
            ("id", "label", "text", "url", "when", "rows", "formats", "reference"),
        )
        rows = raw.get("rows", {})
        reader.only(f"{where} rows", rows, ("list", "where"))
        path, column = rows.get("list", ""), rows.get("where", "")
        table = by_path.get(path)
        if rows and (table is None or table.type not in ("rows", "list")):
            reader.wrong(where, f"unknown list {path!r}")
        if column and table is not None and table.column(column) is None:
            reader.wrong(where, f"unknown column {column!r} of {path}")
        known = ROW_FORMATS if rows else CASE_FORMATS
        for kind in raw.get("formats", ()):
            if kind not in known:
                reader.wrong(where, f"unknown format {kind!r}")
        if not str(raw.get("url", "https://")).startswith("https://"):
            reader.wrong(where, "the address is not https")
        return Handoff(
            id=raw["id"],
            label=reader.text(f"{where} label", raw.get("label"), ALL_LANGUAGES),
            text=reader.text(f"{where} text", raw.get("text"), ALL_LANGUAGES),
            url=raw.get("url", ""),
            when=reader.predicate(where, raw.get("when")),
            rows=path,
            where=column,
            formats=tuple(raw.get("formats", ())),
            reference=reader.text(
                f"{where} reference", raw.get("reference"), ALL_LANGUAGES, must=False
            ),
        )

    return reader.each("handoff", reader.agency.get("handoffs", ()), "id", make)
