"""The standard sentences of letters: one TOML file per language beside this one."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


class Texts(Mapping[str, str]):
    """The sentences of one language, some replaced by an agency's own wording."""

    def __init__(self, language: str, wording: Mapping[str, str] | None = None) -> None:
        """Raises KeyError when there is no such language, or no such sentence to replace."""
        standard = _standard(language)
        unknown = sorted((wording or {}).keys() - standard.keys())
        if unknown:
            raise KeyError(f"no standard sentence is called {unknown[0]!r}")
        self._sentences = {**standard, **(wording or {})}

    def __getitem__(self, key: str) -> str:
        return self._sentences[key]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._sentences)

    def __len__(self) -> int:
        return len(self._sentences)

    def fill(self, key: str, **values: object) -> str:
        """The sentence with its {braces} filled in. What is filled in is not read again, so user
        text with braces prints as it is; str.format would also reach into attributes."""
        return re.sub(r"\{(\w+)\}", lambda brace: str(values[brace[1]]), self[key])


@cache
def _standard(language: str) -> dict[str, str]:
    path = files(__package__) / f"{language}.toml"
    if not re.fullmatch(r"[a-z]{2}", language) or not path.is_file():
        raise KeyError(f"no letter texts in {language!r}")
    return tomllib.loads(path.read_text(encoding="utf-8"))
