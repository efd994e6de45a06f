"""Documents out of a file: one JSON document, or JSON Lines with one on each line."""

import json
from dataclasses import dataclass
from typing import Any

LONGEST_INTEGER = 40  # digits; Python refuses to read very long ones


class Unreadable(ValueError):
    """The text is no JSON document. The message says why, in words for the terminal."""


@dataclass(frozen=True)
class Entry:
    """One document of the file, or the reason why it could not be read."""

    line: int
    document: dict[str, Any] | None = None
    error: str = ""


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


def read_document(text: str) -> dict[str, Any]:
    """The document that `text` holds. Raises Unreadable."""
    try:
        document = json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from None
    except RecursionError:
        raise Unreadable("not readable: nested too deeply") from None
    if not isinstance(document, dict):
        raise Unreadable("a document must be a JSON object")
    return document


def _entry(line: int, text: str) -> Entry:
    try:
        return Entry(line, read_document(text))
    except Unreadable as error:
        return Entry(line, error=str(error))


def read(text: str) -> list[Entry]:
    """All documents in `text`, in their order; an unreadable one is an entry with its error."""
    whole = _entry(1, text)
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if whole.document is not None or len(lines) < 2:
        return [whole]
    entries = [_entry(n, line) for n, line in lines]
    # A document over many lines that is broken somewhere is one error, not one for each line.
    return entries if any(entry.document is not None for entry in entries) else [whole]
