"""Which lists there are: the apps above know the agencies and register what gives them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.ui.themes import nothing


@dataclass(frozen=True)
class Kind:
    """A list that an agency relies on. `label`, `about`: words by language. `own`: the agency keeps
    it itself, and everybody may read it. `url`: where somebody else publishes it. `country`: whose
    institutions are meant when the file names no country. `zone`: whose days count."""

    agency: str
    source: str
    label: Callable[[str], str]
    about: Callable[[str], str] = nothing
    own: bool = False
    url: str = ""
    country: str = ""
    zone: str = "Europe/Oslo"


Source = Callable[[], Iterable[Kind]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a function that gives lists."""
    if source not in _sources:
        _sources.append(source)


def kinds(agency: str = "") -> list[Kind]:
    """All lists, or those of one agency, however its code is written."""
    found = [kind for source in _sources for kind in source()]
    return [kind for kind in found if not agency or kind.agency.upper() == agency.upper()]


def find(agency: str, source: str) -> Kind | None:
    """One list, None when there is no such list."""
    return next((kind for kind in kinds(agency) if kind.source == source), None)


def own(agency: str) -> Kind | None:
    """The list that the agency keeps itself, None when it keeps none."""
    return next((kind for kind in kinds(agency) if kind.own), None)
