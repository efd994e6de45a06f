"""Short names of what a page showed, so that a change in between is seen. Pure."""

import hashlib
from typing import Any


def digest_of(value: Any) -> str:
    """Names the value of a field; None and empty text are alike."""
    text = "" if value is None else str(value)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def row_digest(granted: bool | None, reason: str) -> str:
    """Names what is decided on one row. Undecided and granted are alike: both are granted."""
    return digest_of(f"{granted is not False}|{reason}")
