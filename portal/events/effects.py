"""Which kinds of effects there are, in which lane each runs and what one try of it may need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules

from portal.events.lanes import Lane

SECONDS, MEGABYTES = 60.0, 500  # of one try, unless its kind says otherwise

Handler = Callable[[dict], Any]


@dataclass(frozen=True)
class Effect:
    """What runs for one kind of entry."""

    kind: str
    handler: Handler
    lane: Lane
    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    atomic: bool = False
    forget: bool = False

    @property
    def place(self) -> str:
        return f"{self.handler.__module__}.{self.handler.__qualname__}"


_effects: dict[str, Effect] = {}
_discovered = False


def effect(
    kind: str,
    *,
    lane: Lane,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    atomic: bool = False,
    forget: bool = False,
) -> Callable[[Handler], Handler]:
    """Registers the handler of `kind`; stands in an app's tasks.py. It is called with the payload.

    `lane`: where it runs; `queue()` can send a big one into another. `seconds` and `megabytes`:
    the most that one try may last, and that the whole process (some 120 without any work) may
    hold; what needs more is ended. `atomic`: handler and done mark are one transaction, so that
    what it writes to the database is written exactly once; not for what talks to the outside.
    Otherwise it can run twice and must be safe to, or call `finish()` in its own last transaction.
    `forget`: the payload is emptied once done. Raises ValueError when the kind has a handler already.
    """

    def register(handler: Handler) -> Handler:
        new = Effect(kind, handler, lane, seconds, megabytes, atomic, forget)
        known = _effects.get(kind)
        if known is not None and known.place != new.place:
            raise ValueError(f"{kind} is handled by {known.place} already")
        _effects[kind] = new
        return handler

    return register


def effects() -> dict[str, Effect]:
    """Every registered effect by kind. Imports the tasks.py of all apps at the first call."""
    global _discovered
    if not _discovered:
        autodiscover_modules("tasks")
        _discovered = True
    return _effects
