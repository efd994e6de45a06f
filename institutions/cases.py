"""The active cases of an institution: the applications app knows them, and registers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from institutions.models import Institution


@dataclass(frozen=True)
class Case:
    """A case that the reader may open. `state` in the reader's language."""

    number: str
    title: str
    agency: str
    state: str
    url: str


@dataclass(frozen=True)
class Count:
    """How many an agency has; `url` leads to them for who works there."""

    agency: str
    number: int
    url: str = ""


@dataclass
class Told:
    """What somebody may know of an institution's active cases: those they may open (`more`: there
    are more than stand here), and how many each agency has, for administrators of agencies."""

    cases: list[Case] = field(default_factory=list)
    more: bool = False
    counts: list[Count] = field(default_factory=list)


Source = Callable[[Institution, Any], Told]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a function (institution, user) -> Told; call it in AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def of(institution: Institution, user: Any) -> Told:
    """What `user` may know of the institution's active cases."""
    found = Told()
    for source in _sources:
        told = source(institution, user)
        found.cases += told.cases
        found.counts += told.counts
        found.more = found.more or told.more
    return found
