"""Walking through a scheme."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from applications.schemes import Text


def texts(value: Any) -> Iterator[Text]:
    """Every Text in a scheme, wherever it stands."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts(each)
