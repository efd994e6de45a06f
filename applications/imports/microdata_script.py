"""A microdata.no script as rows: which variables it asks for, and for which years. Pure.

The language changes. Whatever is not understood is kept with its line number and shown, and the
rest is read all the same: nothing in here raises on any text, and every step is linear in it.
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import IO, Any

LONGEST_SHOWN = 200

# Commands that ask for no data (public manual). What is neither here nor read below is shown.
COMMANDS = """
aggregate anova assign-labels barchart boxplot ci clear clone-dataset clone-units clone-
variables coefplot collapse configure correlate cox create-dataset define-labels delete-dataset
destring drop drop-labels else end endblock endfor endif for generate hausman help hexbin
histogram history if ivregress ivregress-predict kaplan-meier keep let list-labels logit logit-
predict merge mlogit mlogit-predict negative-binomial negative-binomial-predict normaltest
oaxaca piechart poisson poisson-predict probit probit-predict rdd recode regress regress-mml
regress-mml-predict regress-panel regress-panel-diff regress-panel-predict regress-predict
rename rename-dataset replace reorder-dataset reshape-from-panel reshape-to-panel sample sankey
scatter save split summarize summarize-panel tabulate tabulate-panel textblock transitions-panel
use variables weibull
"""
NO_DATA = frozenset(COMMANDS.split())
OPTIONS = frozenset({"outer_join", "inner_join", "values", "values_from"})

NAME = re.compile(r"(?=[0-9_]*[A-Z])[A-Z0-9_]+")
ALIAS = re.compile(r"[\w.-]+")
BANK = re.compile(r"[\w-]+(?:\.[\w-]+)*")
VERSION = re.compile(r"[0-9]+|DRAFT")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass
class Variable:
    """One variable of one bank, with all its uses in the script.

    `bank` is None when the script names none: an import of the oldest kind, or (`unconnected`)
    an alias that no `require` before it connects.
    """

    bank: str | None
    name: str
    unconnected: bool = False
    lines: list[int] = field(default_factory=list)
    years: list[int] = field(default_factory=list)

    @property
    def from_year(self) -> int | None:
        """The year of the first date that the script uses for it; None when it is fixed."""
        return min(self.years, default=None)

    @property
    def to_year(self) -> int | None:
        """The year of the last date; None when it is fixed."""
        return max(self.years, default=None)

    @property
    def timeless(self) -> bool:
        """Whether it is never asked for at a date: sex, country of birth."""
        return not self.years

    def as_json(self) -> dict[str, Any]:
        """The row as `manage.py read_script` prints it."""
        return {
            "bank": self.bank,
            "name": self.name,
            "fromYear": self.from_year,
            "toYear": self.to_year,
            "timeless": self.timeless,
            "lines": self.lines,
        }


@dataclass(frozen=True)
class Said:
    """A line of the script (1-based) with its text. `why` is the code of what was not understood:
    `command`, `form` (a command of ours in another form), `bank` (alias without `require`),
    `option`, `version`."""

    line: int
    text: str
    why: str = ""


@dataclass
class Script:
    """What was read: variables in order of first use, what was not understood, and the lines that
    say something about the population (`keep if`, `drop if`)."""

    variables: list[Variable] = field(default_factory=list)
    not_understood: list[Said] = field(default_factory=list)
    population: list[Said] = field(default_factory=list)
    certain: int = 0

    @property
    def recognised(self) -> bool:
        """Whether the text is a script at all, and no list: it has a line that no list has."""
        return self.certain > 0

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Script":
        """The script that `examine` told of."""
        return cls(
            [Variable(**each) for each in told["variables"]],
            [Said(**each) for each in told["not_understood"]],
            [Said(**each) for each in told["population"]],
            told["certain"],
        )


def examine(file: IO[bytes], arguments: dict[str, Any]) -> dict[str, Any]:
    """What a script in UTF-8 says, as JSON: how a child process is asked (portal.files.apart)."""
    return asdict(read(file.read().decode()))


def read(text: str) -> Script:
    """The script in `text`. Raises nothing."""
    return _Reader().read(text)


def _without_comment(line: str) -> str:
    """The line up to `//`, unless that stands in quotes that are closed again."""
    first = line.find("//")
    if first < 0:
        return line
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "/" and line.startswith("//", at):
            return line[:at]
    return line[:first] if quote else line


def _unknown_option(text: str) -> bool:
    """Whether the text behind the comma holds anything but options that we know."""
    plain, depth, quote = [], 0, ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "(":
            depth += 1
            plain.append(" ")
        elif sign == ")":
            depth = max(0, depth - 1)
        elif not depth:
            plain.append(" " if sign == "," else sign)
    return any(word not in OPTIONS for word in "".join(plain).split())


def _year(word: str) -> int | None:
    """The year of a date written as YYYY-MM-DD; None for anything else."""
    if not DAY.fullmatch(word):
        return None
    try:
        return date.fromisoformat(word).year
    except ValueError:
        return None


def _years(words: list[str]) -> list[int] | None:
    """The years of words that are all dates, otherwise None."""
    years = [year for word in words if (year := _year(word)) is not None]
    return years if len(years) == len(words) else None


def _of_import(words: list[str]) -> tuple[list[str], list[int] | None]:
    """`VAR [DATE]`: the variable, and its years ([] when fixed; None when not understood)."""
    return words[:1], _years(words[1:]) if 1 <= len(words) <= 2 else None


def _of_event(words: list[str]) -> tuple[list[str], list[int] | None]:
    """`VAR DATE to DATE`."""
    if len(words) == 4 and words[2].lower() == "to":
        del words[2]
    return words[:1], _years(words[1:]) if len(words) == 3 else None


def _of_panel(words: list[str]) -> tuple[list[str], list[int] | None]:
    """`VAR VAR ... DATE DATE ...`."""
    first = next((at for at, word in enumerate(words) if DAY.fullmatch(word)), len(words))
    return words[:first], _years(words[first:]) if 0 < first < len(words) else None


IMPORTS = {"import": _of_import, "import-event": _of_event, "import-panel": _of_panel}


class _Reader:
    """Reads line by line; knows which alias stands for which bank at that line."""

    def __init__(self) -> None:
        self.script = Script()
        self.banks: dict[str, str] = {}
        self.seen: dict[tuple[str | None, str], Variable] = {}

    def read(self, text: str) -> Script:
        lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
        # A block of text for readers holds no commands; one that never ends is no block.
        ends = [n for n, line in enumerate(lines) if line.strip() == "endblock"]
        last_end = ends[-1] if ends else -1
        in_block = False
        for number, line in enumerate(lines):
            if in_block:
                in_block = line.strip() != "endblock"
                continue
            code = _without_comment(line).strip()
            if code:
                in_block = code.split(None, 1)[0] == "textblock" and number < last_end
                self._line(number + 1, code)
        return self.script

    def _line(self, number: int, code: str) -> None:
        head, _comma, options = code.partition(",")
        words = head.split()
        command = words[0].lower() if words else ""
        if command in IMPORTS:
            self._import(number, code, words, options)
        elif command == "require":
            self._require(number, code, words, options)
        elif command not in NO_DATA:
            self._note(number, code, "command")
        elif command in ("keep", "drop") and re.match(r"\S+\s+if\b", code):
            self.script.population.append(Said(number, code))
        elif command == "create-dataset" and len(words) == 2:
            self.script.certain += 1

    def _note(self, number: int, code: str, why: str) -> None:
        shown = code if len(code) <= LONGEST_SHOWN else code[:LONGEST_SHOWN] + "…"
        self.script.not_understood.append(Said(number, shown, why))

    def _require(self, number: int, code: str, words: list[str], options: str) -> None:
        bank, colon, version = words[1].partition(":") if len(words) == 4 else ("", "", "")
        if not (BANK.fullmatch(bank) and words[2].lower() == "as" and ALIAS.fullmatch(words[3])):
            self._note(number, code, "form")
            return
        self.banks[words[3]] = bank
        self.script.certain += 1
        if not (colon and VERSION.fullmatch(version)):
            self._note(number, code, "version")
        elif options.strip():
            self._note(number, code, "option")

    def _import(self, number: int, code: str, words: list[str], options: str) -> None:
        form, words = IMPORTS[words[0].lower()], words[1:]
        if len(words) > 2 and words[-2].lower() == "as":
            words = words[:-2]
        named, years = form(words)
        asked = [self._named(word) for word in named]
        if years is None or not asked or None in asked:
            self._note(number, code, "form")
            return
        unconnected = False
        for alias, name in filter(None, asked):
            bank = self.banks.get(alias)
            missing = bool(alias) and bank is None
            self._use(bank, name, missing, number, years)
            unconnected |= missing
            self.script.certain += bool(alias or years)
        if unconnected:
            self._note(number, code, "bank")
        if _unknown_option(options):
            self._note(number, code, "option")

    def _named(self, word: str) -> tuple[str, str] | None:
        """(alias, name) of `alias/NAME`, with alias "" for a bare NAME."""
        alias, slash, name = word.rpartition("/")
        if not NAME.fullmatch(name) or (slash and not ALIAS.fullmatch(alias)):
            return None
        return alias, name

    def _use(
        self, bank: str | None, name: str, unconnected: bool, number: int, years: list[int]
    ) -> None:
        variable = self.seen.get((bank, name))
        if variable is None:
            variable = self.seen[bank, name] = Variable(bank, name, unconnected)
            self.script.variables.append(variable)
        if number not in variable.lines[-1:]:
            variable.lines.append(number)
        # First and last are enough: a script in a loop may name a thousand dates.
        known = [*variable.years, *years]
        variable.years = [min(known), max(known)] if known else []
