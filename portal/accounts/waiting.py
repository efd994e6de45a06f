"""What waits for a person: higher apps register a function, "my page" shows what they return."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WaitingItem:
    """One thing somebody is waited for. `title` is shown, `kind` groups ("membership", "case")."""

    title: str
    url: str
    since: datetime | None
    kind: str


Source = Callable[[Any], list[WaitingItem]]
_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Adds a function user -> list of WaitingItem; call it in AppConfig.ready(). Usable twice."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def waiting(user: Any) -> list[WaitingItem]:
    """All that waits for `user`, what waits longest first."""
    found = [item for source in _sources.values() for item in source(user)]
    return sorted(found, key=lambda item: (item.since or LONG_AGO, item.title))
