"""A catalogue's file, understood: registers, variables, and what is wrong in which row. Pure."""

from dataclasses import dataclass, field
from typing import Any

from catalogue.enums import Collection, UnitType
from catalogue.folding import fold
from catalogue.headings import find
from portal.days import FIRST_DATA_YEAR, LAST_DATA_YEAR
from portal.text import line

YES = frozenset(map(fold, ("ja", "yes", "j", "y", "x", "1", "true", "sann", "sant", "sand")))
NO = frozenset(map(fold, ("nei", "nej", "no", "n", "0", "false", "usann", "falsk", "usant"))) | {
    "-"
}

YEARS = ("first_year", "last_year", "published_through")
FLAGS = ("timeless", "in_variable_list", "identifying", "special_category", "health_register",
         "open_data", "development_only", "grunndata")  # fmt: skip
TEXTS = {"code": 200, "name": 500, "description": 10_000, "origin_authority": 300, "source": 100}
REGISTER_TEXTS = {"code": 100, "name": 300, "description": 10_000, "holder": 200,
                  "statistics_area": 200}  # fmt: skip
CHOICES: dict[str, dict[str, str]] = {
    "collection": {
        Collection.ADMINISTRATIVE.value: "administrative administrativ administrativt register registre",
        Collection.DIRECT_SURVEY.value: "survey direct undersøkelse undersøking undersøgelse "
        "undersökning utvalgsundersøkelse spørreundersøkelse",
    },
    "unit_type": {
        UnitType.PERSON.value: "person persons personer personar individ individer",
        UnitType.ENTERPRISE.value: "enterprise enterprises foretak føretak virksomhed virksomheder "
        "företag virksomhet bedrift",
        UnitType.LEGAL_ENTITY.value: "juridisk_person juridisk_enhet juridisk_enhed juridisk_eining",
    },
}
WORDS = {
    column: {
        fold(word.replace("_", " ")): value
        for value, words in options.items()
        for word in (value, *words.split())
    }
    for column, options in CHOICES.items()
}
REGISTER_COLUMNS = {"register_code": "code", "register": "name",
                    "register_description": "description", "holder": "holder",
                    "statistics_area": "statistics_area"}  # fmt: skip


SEVERAL_LINES = frozenset({"description", "register_description"})


@dataclass(frozen=True)
class Fault:
    """Something wrong: row (1-based, as the file counts), column, a code, and the cell or what it
    is compared with."""

    line: int
    column: str
    code: str
    cell: str = ""


@dataclass
class RegisterRow:
    """A register as the file tells it, with the line that named it first."""

    line: int
    values: dict[str, str]


@dataclass
class VariableRow:
    """A variable as the file tells it; `register` is its register's code."""

    line: int
    register: str
    key: str
    values: dict[str, Any]


@dataclass
class Sheet:
    """Everything that a file tells. Nothing of it may be taken in while there are faults."""

    registers: dict[str, RegisterRow] = field(default_factory=dict)
    variables: dict[tuple[str, str], VariableRow] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    columns: frozenset[str] = frozenset()


def key_of(code: str, name: str) -> str:
    """What tells a variable from the others of its register."""
    return code.casefold() if code else f"~{fold(name) or name.casefold()}"[:500]


def read(lines: list[list[str]]) -> Sheet:
    """The lines of a file, understood. Raises nothing; without headings the one fault says so."""
    above, columns, unknown = find(lines)
    if not columns:
        return Sheet(faults=[Fault(1, "", "headings")])
    sheet = Sheet(unknown=unknown, columns=frozenset(columns.values()))
    for number, cells in enumerate(lines[above:], above + 1):
        told = {
            column: cells[at].strip() if column in SEVERAL_LINES else line(cells[at])
            for at, column in columns.items()
            if at < len(cells)
        }
        if any(told.values()):
            _row(sheet, number, told)
    for code, row in sheet.registers.items():  # one that has only a code bears it as its name
        row.values["name"] = row.values["name"] or code
    if not sheet.variables and not sheet.faults:
        sheet.faults.append(Fault(above, "", "empty"))
    return sheet


def _row(sheet: Sheet, line: int, told: dict[str, str]) -> None:
    register = _register(sheet, line, told)
    values: dict[str, Any] = {}
    for column, longest in TEXTS.items():
        values[column] = cell = told.get(column, "")
        if len(cell) > longest:
            sheet.faults.append(Fault(line, column, "long", str(longest)))
    for column in YEARS:
        values[column] = _year(sheet, line, column, told.get(column, ""))
    for column in FLAGS:
        values[column] = _flag(sheet, line, column, told.get(column, ""))
    for column, words in WORDS.items():
        cell = told.get(column, "")
        values[column] = words.get(fold(cell), "") if cell else ""
        if cell and not values[column]:
            sheet.faults.append(Fault(line, column, "choice", cell))
    first, last = values["first_year"], values["last_year"]
    if first and last and first > last:
        sheet.faults.append(Fault(line, "last_year", "order", f"{first}–{last}"))
    if not values["name"]:
        sheet.faults.append(Fault(line, "name", "missing"))
    if register is None or not values["name"]:
        return
    key = key_of(values["code"], values["name"])
    if twice := sheet.variables.get((register, key)):
        column = "code" if values["code"] else "name"
        sheet.faults.append(Fault(line, column, "twice", str(twice.line)))
        return
    sheet.variables[register, key] = VariableRow(line, register, key, values)


def _register(sheet: Sheet, line: int, told: dict[str, str]) -> str | None:
    """The code of the row's register; a register is told once, and never in two ways."""
    values = {name: told.get(column, "") for column, name in REGISTER_COLUMNS.items()}
    if not values["code"] and not values["name"]:
        sheet.faults.append(Fault(line, "register", "missing"))
        return None
    for name, longest in REGISTER_TEXTS.items():
        if len(values[name]) > longest:
            column = next(c for c, n in REGISTER_COLUMNS.items() if n == name)
            sheet.faults.append(Fault(line, column, "long", str(longest)))
            return None
    code = values["code"] = values["code"] or values["name"][: REGISTER_TEXTS["code"]]
    known = sheet.registers.setdefault(code, RegisterRow(line, dict.fromkeys(values, "")))
    for name, value in values.items():
        if not known.values[name]:
            known.values[name] = value
        elif value and value != known.values[name]:
            column = next(c for c, n in REGISTER_COLUMNS.items() if n == name)
            sheet.faults.append(Fault(line, column, "register", known.values[name]))
    return code


def _year(sheet: Sheet, line: int, column: str, cell: str) -> int | None:
    if not cell:
        return None
    year = cell[:4]  # of a date too, as Excel gives it
    good = year.isascii() and year.isdigit() and (len(cell) == 4 or cell[4:5] == "-")
    if good and FIRST_DATA_YEAR <= int(year) <= LAST_DATA_YEAR:
        return int(year)
    sheet.faults.append(Fault(line, column, "year", cell))
    return None


def _flag(sheet: Sheet, line: int, column: str, cell: str) -> bool:
    word = fold(cell) or cell
    if not cell or word in NO:
        return False
    if word not in YES:
        sheet.faults.append(Fault(line, column, "bool", cell))
    return True
