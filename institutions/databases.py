"""Which cases of an institution are project databases: the applications app knows, and registers."""

from collections.abc import Callable

from institutions.models import Institution

Source = Callable[[Institution], list[tuple[str, str]]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a function institution -> (case number, title) of each; call it in AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def of(institution: Institution) -> list[tuple[str, str]]:
    """The project databases of the institution as (case number, title)."""
    return [found for source in _sources for found in source(institution)]
