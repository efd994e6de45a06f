"""Rows of an application and the agency's catalogue: what it says of them, and rows made from it.

The catalogue fills the computed columns of a list of variables (rules.md 2.1.4). Of what a person
answers it fills in what is empty, and says yes where it knows (especially identifying, special
category …): an applicant may see more in a variable than the catalogue does, never less.
"""

from collections.abc import Iterable
from typing import Any

from applications.schemes import Field
from catalogue import selectors as catalogue
from catalogue.folding import fold
from catalogue.models import Register, Variable
from catalogue.selectors.computing import Row as Asked
from catalogue.selectors.computing import columns as columns_of

VARIABLES, REGISTERS = "variables", "registers"


def told(agency: str, field: Field, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`rows` of the list `field` with what the catalogue of `agency` says of them.

    A row that is not in the catalogue, or that is another holder's, loses its computed columns and
    keeps all that was typed. Lists that are not of variables come back as they are.
    """
    if field.catalogue != VARIABLES:
        return rows
    found = catalogue.computed_rows(agency, {_asked(row) for row in rows})
    return [_with(field, row, found.get(_asked(row))) for row in rows]


def _asked(row: dict[str, Any]) -> Asked:
    return tuple(str(row.get(name) or "") for name in ("code", "name", "register"))  # type: ignore[return-value]


def _with(field: Field, row: dict[str, Any], known: dict[str, Any] | None) -> dict[str, Any]:
    typed = {c.path: row[c.path] for c in field.columns if c.asked and c.path in row}
    if known is None or not _same(row.get("holder"), known["holder"]):
        return typed
    for column in field.columns:
        value = known.get(column.path)
        if value in (None, "", False):
            continue  # what the catalogue leaves open is the applicant's to say
        if column.computed or value is True or typed.get(column.path) in (None, "", []):
            typed[column.path] = value
    return typed


def _same(typed: Any, known: str | None) -> bool:
    return not typed or not known or fold(str(typed)) == fold(known)


def row_of_variable(field: Field, variable: Variable, years: tuple[int | None, int | None]) -> dict:
    """The row that asks for `variable`, in the years that were chosen as far as it has them."""
    paths = {c.path for c in field.columns}
    row = {k: v for k, v in columns_of(variable).items() if v not in (None, "", False)}
    if variable.timeless:
        row["timeless"] = True
    else:
        row["fromYear"], row["toYear"] = within(variable, years)
    return {k: v for k, v in row.items() if k in paths and v is not None}


def within(variable: Variable, years: tuple[int | None, int | None]) -> tuple[Any, Any]:
    """The chosen years, cut to those with data; without a choice all of them."""
    first, last = years
    begins, ends = variable.first_year, variable.last_year
    first = max(first, begins) if first and begins else first or begins
    last = min(last, ends) if last and ends else last or ends
    return first, last


def row_of_register(field: Field, register: Register) -> dict[str, Any]:
    """The row that asks for `register`."""
    return {"name": register.name}


def without_present(rows: Iterable[dict], present: Iterable[dict]) -> list[dict]:
    """Those of `rows` that the list does not hold: the same variable in the same years is once."""
    there = {_identity(row) for row in present}
    return [row for row in rows if _identity(row) not in there]


def _identity(row: dict) -> tuple:
    keys = ("code", "name", "register", "fromYear", "toYear")
    return tuple(str(row.get(key) or "").casefold() for key in keys)
