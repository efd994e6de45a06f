"""Who may approve an institution for an agency's data: each agency names its sources itself.

An app above registers where they stand (applications reads them from the schemes), because this
one knows no agency.
"""

from collections.abc import Callable, Mapping

# agency -> source -> language -> what it is called
Sources = Mapping[str, Mapping[str, Callable[[str], str]]]
_PROVIDERS: list[Callable[[], Sources]] = []


def register(provider: Callable[[], Sources]) -> None:
    """Adds somebody who knows agencies' sources."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def known(agency: str) -> Mapping[str, Callable[[str], str]]:
    """The sources of approvals that count at `agency`, each with its name in a language."""
    found: dict[str, Callable[[str], str]] = {}
    for provider in _PROVIDERS:
        found |= provider().get(agency, {})
    return found


def label(agency: str, source: str, language: str) -> str:
    """What a source is called; the source itself for one that the agency names no more."""
    name = known(agency).get(source)
    return name(language) if name else source
