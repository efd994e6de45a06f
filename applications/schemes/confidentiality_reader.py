"""Reads confidentiality.toml of a scheme package."""

from collections.abc import Mapping
from typing import Any

from applications.schemes.confidentiality import Confidentiality
from applications.schemes.model import Field
from applications.schemes.reader import Reader

COLUMNS = ("name", "email", "institution")


def read_confidentiality(reader: Reader, by_path: Mapping[str, Field]) -> Confidentiality | None:
    """confidentiality.toml, in the agency's languages and English; None for an agency without one.
    What is wrong with it goes to the reader."""
    raw = reader.toml("confidentiality")
    if not raw:
        return None
    where = "confidentiality"
    reader.only(where, raw, ("list", *COLUMNS, "text", "statement"))
    path = str(raw.get("list", ""))
    table = by_path.get(path)
    if table is None or table.type != "rows":
        reader.wrong(where, f"unknown list {path!r}")
    columns: dict[str, Any] = {name: raw.get(name, "") for name in COLUMNS}
    for name, column in columns.items():
        if not column and name != "institution":
            reader.wrong(where, f"has no column for the {name}")
        elif column and table is not None and table.column(column) is None:
            reader.wrong(where, f"unknown column {column!r}")
    text = reader.texts(f"{where} text", raw.get("text"))
    if not text:
        reader.wrong(where, "says nothing")
    statement = reader.text(f"{where} statement", raw.get("statement"))
    return Confidentiality(path, text=text, statement=statement, **columns)
