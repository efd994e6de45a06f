"""The variables of a script as rows of the variable table (rules.md 2.1.4). Pure."""

from collections.abc import Mapping
from typing import Any

from applications.imports.microdata_script import Variable
from applications.schemes import Field, Scheme


def row_of(variable: Variable, table: Field, scheme: Scheme) -> dict[str, Any]:
    """The row that asks for `variable`: only columns that the list asks for.

    Whose data a bank holds stands in the scheme's `script_banks`; another bank keeps its own name
    as the holder. A bank that could not be found out leaves the holder to the applicant.
    """
    banks: Mapping[str, dict[str, Any]] = scheme.config.get("script_banks", {})
    row: dict[str, Any] = {}
    if variable.bank is not None:
        row |= banks.get(variable.bank, {"holder": variable.bank})
    elif not variable.unconnected:
        row |= banks.get("", {})
    row |= {"name": variable.name, "code": variable.name}
    if variable.timeless:
        row["timeless"] = True
    else:
        row |= {"fromYear": variable.from_year, "toYear": variable.to_year}
    asked = {column.path for column in table.columns if column.asked}
    return {path: value for path, value in row.items() if path in asked}


def attachment_kind(scheme: Scheme) -> str:
    """The purpose under which a script is kept: the one made for it, else "other", else ""."""
    kinds = {kind.kind for kind in scheme.attachment_kinds}
    return next((kind for kind in ("microdata_script", "other") if kind in kinds), "")
