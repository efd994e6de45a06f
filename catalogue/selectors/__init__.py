"""Reads of the catalogue. `agency` is an agency's code, however it is written."""

from catalogue.selectors.computing import computed, computed_rows
from catalogue.selectors.editions import (
    areas,
    edition,
    editions,
    overview,
    register,
    registers,
    variable,
    variables_of,
)
from catalogue.selectors.searching import Filters, Found, search, suggestions

__all__ = [
    "Filters",
    "Found",
    "areas",
    "computed",
    "computed_rows",
    "edition",
    "editions",
    "overview",
    "register",
    "registers",
    "search",
    "suggestions",
    "variable",
    "variables_of",
]
