"""Who may approve an institution for an agency's data: each agency names its sources itself.

An app above registers where they stand (applications reads them from the schemes), because this
one knows no agency.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Whose approval counts. `label`: what it is called, by language. `numbered`: an approval has a
    number that no other institution has. `zone`: whose days count."""

    label: Callable[[str], str]
    numbered: bool = False
    zone: str = "Europe/Oslo"


# agency -> source
Sources = Mapping[str, Mapping[str, Source]]
_PROVIDERS: list[Callable[[], Sources]] = []


def register(provider: Callable[[], Sources]) -> None:
    """Adds somebody who knows agencies' sources."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def known(agency: str) -> Mapping[str, Source]:
    """The sources of approvals that count at `agency`."""
    found: dict[str, Source] = {}
    for provider in _PROVIDERS:
        found |= provider().get(agency, {})
    return found


def agencies() -> list[str]:
    """The agencies at which an approval counts at all."""
    found = {agency: of for provider in _PROVIDERS for agency, of in provider().items()}
    return [agency for agency, of in found.items() if of]


def label(agency: str, source: str, language: str) -> str:
    """What a source is called; the source itself for one that the agency names no more."""
    found = known(agency).get(source)
    return found.label(language) if found else source
