"""Reads `[[approval_lists]]` of agency.toml."""

from collections.abc import Mapping
from typing import Any

from applications.schemes.approval_lists import ApprovalList
from applications.schemes.reader import Reader
from applications.schemes.text import ALL_LANGUAGES


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
