"""What workers note for administrators' pages: the web has neither the keys nor the scanner."""

from collections.abc import Sequence
from typing import Any

from portal import clock
from portal.events.models import Reading


def note(name: str, value: dict[str, Any]) -> None:
    """Notes what `name` is like now; no personal data."""
    Reading.objects.update_or_create(name=name, defaults={"value": value, "at": clock.now()})


def read(names: Sequence[str]) -> dict[str, Reading]:
    """The readings that there are, by name."""
    return Reading.objects.in_bulk(names)
