"""What an agency tells everybody on its card; a higher app says where it comes from (`register`)."""

from collections.abc import Callable, Mapping

# Called with a language; gives sentences by the agency's code in lower case.
Source = Callable[[str], Mapping[str, list[str]]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a source of sentences. It is asked at each page with cards, so it must be cheap."""
    if source not in _sources:
        _sources.append(source)


def told(language: str) -> dict[str, list[str]]:
    """All sentences by agency."""
    found: dict[str, list[str]] = {}
    for source in _sources:
        for code, lines in source(language).items():
            found.setdefault(code, []).extend(lines)
    return found
