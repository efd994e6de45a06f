"""Frozen dataclasses to JSON and back, byte for byte the same each time."""

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
# Metadata of a field that came after letters had been issued: left out while it has its default,
# so that older content keeps its bytes and its digest.
LATER = "later"


def dump(value: object) -> bytes:
    """A dataclass as JSON in UTF-8: keys sorted, one field to a line, so that two letters can be
    compared by eye. Decimals are strings: an amount must not become a float on the way."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def load(kind: type[T], data: bytes | str) -> T:
    """The dataclass `kind` from what `dump` wrote. Raises ValueError on anything else."""
    try:
        return _typed(kind, json.loads(data))  # type: ignore[no-any-return]
    except (TypeError, KeyError, AttributeError, InvalidOperation, RecursionError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


def plain(value: Any) -> Any:
    """The same value in the words of JSON: dicts, lists, strings, numbers, true, false, null."""
    if dataclasses.is_dataclass(value):
        return {
            f.name: plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if not (f.metadata.get(LATER) and getattr(value, f.name) == f.default)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _typed(kind: Any, value: Any) -> Any:
    if isinstance(kind, types.UnionType):
        if value is None:
            return None
        return _typed(next(k for k in get_args(kind) if k is not types.NoneType), value)
    origin = get_origin(kind)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError(f"a list was expected, not {type(value).__name__}")
        return tuple(_typed(get_args(kind)[0], entry) for entry in value)
    if origin is not None:  # Mapping[str, str]
        return {str(key): _typed(get_args(kind)[1], entry) for key, entry in value.items()}
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        unknown = value.keys() - hints.keys()
        if unknown:
            raise KeyError(f"unknown field {sorted(unknown)[0]}")
        return kind(**{name: _typed(hints[name], entry) for name, entry in value.items()})  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is Decimal or issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} was expected, not {type(value).__name__}")
    return value
