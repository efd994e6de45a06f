"""Reads who approves institutions from agency.toml: `[approval_sources]`, `[[approval_lists]]`."""

import re
from collections.abc import Mapping
from typing import Any

from applications.schemes.approval_lists import ApprovalList
from applications.schemes.reader import Reader
from applications.schemes.text import ALL_LANGUAGES, Text


def read_approval_sources(reader: Reader) -> dict[str, Text]:
    """Whose approvals of institutions count, and their names in five languages. What is wrong with
    them, or with what names one, goes to the reader."""
    found = {}
    for source, raw in reader.agency.get("approval_sources", {}).items():
        if not re.fullmatch("[a-z][a-z0-9_]{0,19}", source):
            reader.wrong(f"approval source {source}", "is no plain name")
        found[source] = reader.text(f"approval source {source}", raw, ALL_LANGUAGES)
    for source in reader.agency.get("numbered_approvals", ()):
        if source not in found:
            reader.wrong("numbered_approvals", f"unknown approval source {source!r}")
    for raw in reader.agency.get("types", ()):
        if raw.get("approves", "") not in ("", *found):
            reader.wrong(f"type {raw.get('id')}", f"unknown approval source {raw['approves']!r}")
    return found


def read_approval_lists(reader: Reader) -> tuple[ApprovalList, ...]:
    """The lists of agency.toml; what is wrong with them goes to the reader."""

    def make(where: str, raw: Mapping[str, Any]) -> ApprovalList:
        reader.only(where, raw, ("source", "label", "about", "own", "url"))
        if raw["source"] not in reader.agency.get("approval_sources", {}):
            reader.wrong(where, "is none of the approval sources")
        if raw.get("url") and not str(raw["url"]).startswith("https://"):
            reader.wrong(where, "url does not begin with https://")
        if not isinstance(raw.get("own", False), bool):
            reader.wrong(where, "own is neither true nor false")
        return ApprovalList(
            source=raw["source"],
            label=reader.text(f"{where} label", raw.get("label"), ALL_LANGUAGES),
            about=reader.text(f"{where} about", raw.get("about"), must="about" in raw),
            own=raw.get("own") is True,
            url=str(raw.get("url", "")),
        )

    raws = reader.agency.get("approval_lists", ())
    made: tuple[ApprovalList, ...] = reader.each("approval list", raws, "source", make)
    if sum(each.own for each in made) > 1:
        reader.wrong("approval lists", "more than one is the agency's own")
    return made
