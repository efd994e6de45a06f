"""What an agency's decision letters say beside the case itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from applications.schemes.text import Text


@dataclass(frozen=True)
class Provision:
    """A provision that decisions rest on. `url` (https) or empty; `outcomes` that it belongs to."""

    text: Text
    url: str
    outcomes: frozenset[str]


@dataclass(frozen=True)
class Letters:
    """Standard paragraphs by outcome. `reasons` are beginnings that an officer writes on.

    `wording` replaces standard sentences of the letter's own texts by their key.
    """

    provisions: tuple[Provision, ...] = ()
    reasons: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    acceptance: tuple[Text, ...] = ()
    breach: tuple[Text, ...] = ()
    appeal: tuple[Text, ...] = ()
    wording: Mapping[str, Text] = field(default_factory=dict)

    def legal(self, outcome: str, language: str) -> list[tuple[str, str]]:
        """(text, address) of the provisions that a decision with this outcome names."""
        return [(p.text(language), p.url) for p in self.provisions if outcome in p.outcomes]

    def paragraphs(self, part: str, language: str) -> list[str]:
        """The paragraphs of "acceptance", "breach" or "appeal" in a language."""
        texts: tuple[Text, ...] = getattr(self, part)
        return [text(language) for text in texts]

    def beginnings(self, outcome: str, language: str) -> list[str]:
        """Paragraphs that the reasons of a decision with this outcome usually begin with."""
        return [text(language) for text in self.reasons.get(outcome, ())]
