"""What a request gives, brought into plain values, or refused with a 400. One place for all pages.

Numbers, keys and places in a list are typed into addresses by anybody: `²` is a digit to Python, a
lone surrogate or NUL is a text to Python and to no database.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# What no page, file or database wants: control characters but tab and line ends, and halves of
# characters. NEL and its like, U+0080 to U+009F, come from texts in a wrong encoding.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
MOST_DIGITS = 9  # what fits in every column of numbers


def plain(text: str) -> str:
    """`text` without control characters; tabs and line ends stay."""
    return UNWANTED.sub("", text)


def is_plain(text: str) -> bool:
    """Whether `text` holds no control characters but tabs and line ends."""
    return UNWANTED.search(text) is None


def number(text: str | None) -> int | None:
    """A whole number from 0, such as a version or a position, or None when nothing is given.
    Raises BadRequest for what is no such number."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise BadRequest("not a number")
    return int(text)


def numbers(texts: Iterable[str]) -> list[int]:
    """The same of many; what is empty is left out."""
    return [found for text in texts if (found := number(text)) is not None]


def key(text: str | None) -> UUID | None:
    """The key of something, or None when nothing is given. Raises BadRequest for anything else."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as wrong:
        raise BadRequest("not a key") from wrong


def json_of(text: str | None, default: Any = None) -> Any:
    """The JSON that a page of ours had put into a form, its texts plain; `default` when nothing is
    given. Raises BadRequest for anything else."""
    if not text:
        return default
    try:
        return _plain_all(json.loads(text, parse_constant=_refuse))
    except (ValueError, RecursionError) as wrong:
        raise BadRequest("not JSON") from wrong


class PlainJson(json.JSONDecoder):
    """For JSON fields of foreign forms: texts plain, what is nested without end is no JSON."""

    def decode(self, s: str, *more: Any) -> Any:
        try:
            return _plain_all(super().decode(s, *more))
        except RecursionError as wrong:
            raise json.JSONDecodeError("nested too deep", "", 0) from wrong


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _plain_all(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain_all(each) for each in value]
    if isinstance(value, dict):
        return {plain(name): _plain_all(each) for name, each in value.items()}
    return value


def way_back(request: HttpRequest, text: str | None, otherwise: str) -> str:
    """`text` when it is the address of a page of ours, else `otherwise`. A bare word is none:
    redirect() would take it for the name of a view."""
    ours = (text or "").startswith(("/", f"{request.scheme}://"))
    if ours and url_has_allowed_host_and_scheme(text, {request.get_host()}, request.is_secure()):
        return text or otherwise
    return otherwise


def cursor(*parts: Any) -> str:
    """A place in a sorted list as it stands in an address."""
    told = [part.isoformat() if isinstance(part, datetime) else part for part in parts]
    raw = json.dumps([p if isinstance(p, int) else str(p) for p in told]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def place(text: str | None, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The place that `cursor` wrote, its parts made by `kinds` (`str`, `moment`, `UUID`, `small`);
    None when nothing is given. Raises BadRequest for anything else."""
    if not text:
        return None
    try:
        if not text.isascii():
            raise ValueError("not ours")
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise ValueError("not as many parts")
        if not all(isinstance(part, str | int) for part in parts):
            raise ValueError("not such parts")
        found = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (
        ValueError,
        TypeError,
        AttributeError,  # what UUID says of a number
        RecursionError,
        OverflowError,
        binascii.Error,
    ) as wrong:
        raise BadRequest("not a place in this list") from wrong
    if not all(is_plain(part) for part in found if isinstance(part, str)):
        raise BadRequest("not a place in this list")
    return found


def moment(text: str) -> datetime:
    """A moment with its zone. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("without a zone")
    return found


def small(value: int | str) -> int:
    """A whole number from 0 that fits in every column. Raises ValueError."""
    found = int(value)
    if not 0 <= found < 10**MOST_DIGITS:
        raise ValueError("not such a number")
    return found
