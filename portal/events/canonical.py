"""Canonical JSON: one text for one value, so that a digest can be computed again by anybody.

UTF-8, keys sorted by code point, no spaces, all text in Unicode NFC, whole numbers only (between
-(2**53-1) and 2**53-1, what every JSON reader keeps exactly), no NUL. Only `"`, `\\` and control
characters are escaped. docs/audit-trail.md says the same for those who write another verifier.
"""

import json
import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

LARGEST = 2**53 - 1
# Where in a value we are: its container and the step from there. Spelled out for errors only.
Place = tuple[Any, str | int] | None
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of surrogate pairs


def timestamp(moment: datetime) -> str:
    """An aware moment as UTC text with six decimals and Z: 2026-03-01T08:30:00.000000Z."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no place in an event")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """`value` as what JSON knows, text in NFC; UUIDs and dates become text.

    Raises TypeError or ValueError, naming the place and never the value, for whatever would not
    read back the same: a float, a number too large, NUL, half a surrogate pair, a key twice.
    """
    return _plain(value, None)


def _plain(value: Any, where: Place) -> Any:
    # The commonest first: a verifier does this for millions of events.
    if isinstance(value, str):
        return _text(value, where)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError(f"{_name(where)}: the number is too large")
        return int(value)
    if isinstance(value, dict):
        return _object(value, where)
    if isinstance(value, (list, tuple)):
        return [_plain(item, (where, index)) for index, item in enumerate(value)]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{_name(where)}: {type(value).__name__} has no canonical form")


def _text(value: str, where: Place) -> str:
    text = str.__str__(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _UNSTORABLE.search(text):
        raise ValueError(f"{_name(where)}: the text holds a character that cannot be stored")
    return text


def _object(value: dict, where: Place) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{_name(where)}: a key must be text")
        name = _text(key, where)
        if name in out:
            raise ValueError(f"{_name(where)}: a key stands twice")
        out[name] = _plain(item, (where, name))
    return out


def _name(where: Place) -> str:
    steps: list[str] = []
    while where is not None:
        where, step = where
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return "$" + "".join(reversed(steps))


def canonical(value: Any) -> bytes:
    """The canonical bytes of `value`. Raises TypeError or ValueError as `plain` does."""
    return json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()
