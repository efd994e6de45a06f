"""A text in several languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ALL_LANGUAGES = ("nb", "nn", "da", "sv", "en")


@dataclass(frozen=True)
class Text:
    """Called with a language it gives the text in it, else in English, else in any.

    Without any text it is false, and an empty string in every language.
    """

    texts: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, language: str) -> str:
        found = self.texts.get(language) or self.texts.get("en")
        return found or next(iter(self.texts.values()), "")

    def __bool__(self) -> bool:
        return any(self.texts.values())


NOTHING = Text()
