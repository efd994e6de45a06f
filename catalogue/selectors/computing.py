"""The computed columns of a row of variables (rules.md 2.1.4), from the catalogue."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from catalogue import agencies
from catalogue.folding import fold, fold_code
from catalogue.models import Variable

BATCH = 2_000  # codes or names asked for at once

Row = tuple[str, str, str]  # code, name, register (code or name); "" for what is not known


def columns(variable: Variable) -> dict[str, Any]:
    """The columns of a row by their names in a document; None is what the catalogue leaves open.

    A retired variable is in no list of variables any more.
    """
    return {
        "code": variable.code or None,
        "name": variable.name,
        "register": variable.register.name,
        "holder": variable.register.holder or None,
        "statisticsArea": variable.register.statistics_area or None,
        "inVariableList": variable.in_variable_list and variable.retired is None,
        "publishedThrough": variable.published_through,
        "developmentOnly": variable.development_only,
        "collection": variable.collection or None,
        "originAuthority": variable.origin_authority or None,
        "identifying": variable.identifying,
        "specialCategory": variable.special_category,
        "healthRegister": variable.health_register,
        "source": variable.source or None,
        "openData": variable.open_data,
        "grunndata": variable.grunndata,
        "unitType": variable.unit_type or None,
    }


def computed(agency: str, code_or_name: str, register: str = "") -> dict[str, Any] | None:
    """The computed columns of one variable, None when it is not in the catalogue or is several."""
    row = (code_or_name, code_or_name, register)
    return computed_rows(agency, [row]).get(row)


def computed_rows(agency: str, rows: Iterable[Row]) -> dict[Row, dict[str, Any]]:
    """The computed columns of many rows, by row; what is not in the catalogue is left out.

    A row is found by its code, else by its name, in the register when it names one. When several
    fit, those that are not retired count, then those with the row's name; several still: left out.
    """
    wanted = list(dict.fromkeys(rows))
    by_code, by_name = _candidates(agencies.code_of(agency), wanted)
    told = {}
    for row in wanted:
        code, name, register = row
        found = _in_register(by_code[fold_code(code)], register) if fold_code(code) else []
        if not found and fold(name):
            found = _in_register(by_name[fold(name)], register)
        found = [v for v in found if v.retired is None] or found
        if len(found) > 1:
            found = [v for v in found if fold(v.name) == fold(name)]
        if len(found) == 1:
            told[row] = columns(found[0])
    return told


def _in_register(found: list[Variable], register: str) -> list[Variable]:
    if not register:
        return found
    wanted = (fold_code(register), fold(register))
    return [
        v
        for v in found
        if wanted[0] == fold_code(v.register.code) or wanted[1] == fold(v.register.name)
    ]


Found = dict[str, list[Variable]]


def _candidates(agency: str, rows: list[Row]) -> tuple[Found, Found]:
    codes = sorted({fold_code(code) for code, _name, _register in rows} - {""})
    names = sorted({fold(name) for _code, name, _register in rows} - {""})
    by_code: Found = defaultdict(list)
    by_name: Found = defaultdict(list)
    seen = set()
    for column, values in (("folded_code", codes), ("folded_name", names)):
        for at in range(0, len(values), BATCH):
            few = Q(**{f"{column}__in": values[at : at + BATCH]})
            held = Variable.objects.filter(few, agency=agency).select_related("register")
            for variable in held.defer("folded", "description").order_by("pk"):
                if variable.pk in seen:
                    continue
                seen.add(variable.pk)
                by_code[variable.folded_code].append(variable)
                by_name[variable.folded_name].append(variable)
    return by_code, by_name
