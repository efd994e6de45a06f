"""Reads the files of one scheme package and collects everything that is wrong with them."""

import importlib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from applications.completeness import Rule
from applications.completeness.common import RULES as COMMON_RULES
from applications.schemes.model import Predicate, always
from applications.schemes.text import ALL_LANGUAGES, NOTHING, Text

OPEN = "open"  # the words of a rule whose message rests on an answer that is not given
COMMON_MESSAGES = Path(__file__).parents[1] / "completeness" / "messages.toml"


def _typeset(text: str) -> str:
    """The text as it is printed: no line ends between a paragraph sign and its number."""
    return re.sub(r"§ (?=\d)", "§\N{NO-BREAK SPACE}", text.strip())


class BadScheme(ValueError):
    """The scheme package has errors; `errors` lists all of them."""

    def __init__(self, where: str, errors: list[str]) -> None:
        super().__init__(f"{where}: " + "; ".join(errors))
        self.errors = errors


class Reader:
    """The files of the package in `folder`, whose Python package is called `module`.

    Nothing here raises for a wrong file: what is wrong goes to `errors`, with its place.
    """

    def __init__(self, folder: Path, module: str) -> None:
        self.folder, self.module = folder, module
        self.errors: list[str] = []
        self.agency = self.toml("agency", must=True)
        self.languages = tuple(dict.fromkeys([*self.agency.get("languages", ()), "en"]))

    def wrong(self, where: str, what: str) -> None:
        """Notes an error."""
        self.errors.append(f"{where}: {what}")

    # -- files ---------------------------------------------------------------------------------
    def toml(self, name: str, must: bool = False) -> dict[str, Any]:
        """The content of `name`.toml; {} when it is not there or cannot be read."""
        path = self.folder / f"{name}.toml"
        if not path.exists():
            if must:
                self.wrong(f"{name}.toml", "is missing")
            return {}
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.wrong(f"{name}.toml", str(error))
            return {}

    def python(self, name: str) -> ModuleType | None:
        """The package's module `name`, or None when it has none."""
        try:
            return importlib.import_module(f"{self.module}.{name}")
        except ModuleNotFoundError as missing:
            if missing.name not in (f"{self.module}.{name}", self.module):
                self.wrong(name, str(missing))
            return None
        except ValueError as error:  # `collect` found a rule id twice
            self.wrong(name, str(error))
            return None
        except Exception as error:  # whatever stands in the file, the reader's error is in the file
            self.wrong(name, f"{type(error).__name__}: {error}")
            return None

    @cached_property
    def derived(self) -> ModuleType | None:
        return self.python("derived")

    # -- parts ---------------------------------------------------------------------------------
    def only(self, where: str, raw: Mapping[str, Any], known: Collection[str]) -> None:
        """Notes keys that mean nothing: a misspelt key would be silence."""
        for key in sorted(raw.keys() - set(known)):
            self.wrong(where, f"unknown key {key!r}")

    def text(
        self,
        where: str,
        value: Any,
        languages: tuple[str, ...] | None = None,
        must: bool = True,
    ) -> Text:
        """A table of language -> text. `languages`: those needed (else the agency's and English)."""
        if not value:
            if must:
                self.wrong(where, "text missing")
            return NOTHING
        if not isinstance(value, dict) or not all(isinstance(t, str) for t in value.values()):
            self.wrong(where, "is no table of texts by language")
            return NOTHING
        for language in languages or self.languages:
            if not value.get(language, "").strip():
                self.wrong(where, f"no text in {language}")
        for language in sorted(value.keys() - set(ALL_LANGUAGES)):
            self.wrong(where, f"unknown language {language!r}")
        return Text({language: _typeset(text) for language, text in value.items()})

    def texts(
        self, where: str, values: Any, languages: tuple[str, ...] | None = None
    ) -> tuple[Text, ...]:
        """A list of texts."""
        return tuple(
            self.text(f"{where} {number}", value, languages)
            for number, value in enumerate(values or (), 1)
        )

    def predicate(self, where: str, name: Any) -> Predicate:
        """The function of derived.py with this name; `always` for no name."""
        if not name:
            return always
        found = getattr(self.derived, str(name), None)
        if (
            not callable(found)
            or str(name).startswith("_")
            or getattr(found, "__module__", "") != f"{self.module}.derived"
        ):
            self.wrong(where, f"no function {name!r} in derived.py")
            return always
        return found

    def each(
        self,
        name: str,
        raws: Iterable[Mapping[str, Any]],
        key: str,
        make: Callable[[str, Mapping[str, Any]], Any],
    ) -> tuple[Any, ...]:
        """What `make(where, raw)` gives for each table that has its `key`; notes ids used twice."""
        made, seen = [], set()
        for number, raw in enumerate(raws, 1):
            id_ = raw.get(key) if isinstance(raw, dict) else None
            if not isinstance(id_, str) or not id_:
                self.wrong(f"{name} {number}", f"has no {key}")
                continue
            if id_ in seen:
                self.wrong(f"{name} {id_}", f"{key} used twice")
            seen.add(id_)
            made.append(make(f"{name} {id_}", raw))
        return tuple(made)

    # -- rules ---------------------------------------------------------------------------------
    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The common rules and the agency's own, by id."""
        own: dict[str, Rule] = dict(getattr(self.python("checks"), "RULES", {}))
        for rule_id in sorted(own.keys() & COMMON_RULES.keys()):
            self.wrong(f"rule {rule_id}", "id used twice")
        return {**COMMON_RULES, **own}

    def messages(self) -> dict[str, Text]:
        """The message of every rule, in all five languages."""
        common = tomllib.loads(COMMON_MESSAGES.read_text(encoding="utf-8"))
        own = self.toml("messages")
        for rule_id in sorted(own.keys() & common.keys()):
            self.wrong(f"message {rule_id}", "id used twice")
        told = {**common, **own}
        for rule_id in sorted(self.rules.keys() - told.keys()):
            self.wrong(f"rule {rule_id}", "has no message")
        for rule_id in sorted(told.keys() - self.rules.keys()):
            self.wrong(f"message {rule_id}", "belongs to no rule")
        return {
            k: self.text(f"message {k}", {c: t for c, t in v.items() if c != OPEN}, ALL_LANGUAGES)
            for k, v in told.items()
        }

    def open_messages(self) -> dict[str, Text]:
        """What is said of a rule whose message rests on an answer that is not given: table `open`
        of its message. Each rule that rests on an answer has one, and no other."""
        told = {k: v[OPEN] for k, v in self.toml("messages").items() if OPEN in v}
        rests = {id_ for id_, rule in self.rules.items() if rule.rests_on}
        for rule_id in sorted(rests ^ told.keys()):
            self.wrong(
                f"message {rule_id}", "has words for an open answer, or rests on one: not both"
            )
        return {k: self.text(f"message {k} open", v, ALL_LANGUAGES) for k, v in told.items()}
