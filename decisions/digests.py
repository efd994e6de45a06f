"""Short names of what a page showed, so that a change in between is seen. Pure."""

import hashlib
from collections.abc import Iterable
from typing import Any


def digest_of(value: Any) -> str:
    """Names the value of a field; None and empty text are alike."""
    text = "" if value is None else str(value)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def row_digest(granted: bool | None, reason: str) -> str:
    """Names what is decided on one row: granted, refused, or nothing yet."""
    return digest_of(f"{granted}|{reason}")


def rows_digest(rows: Iterable[tuple[int, bool | None, str]]) -> str:
    """Names what is decided on many rows: (position, granted, reason) of each, in order."""
    known = hashlib.sha256()
    for position, granted, reason in rows:
        known.update(f"{position}|{granted}|{len(reason)}|{reason}\n".encode())
    return known.hexdigest()[:16]
