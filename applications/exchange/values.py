"""Whether a JSON value can stand in a field of a scheme. Pure.

What the form would not let a person type is refused here too: same types, same lengths.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from applications.exchange.parsing import UNSTORABLE
from applications.forms.fields import LONGEST_TEXT
from applications.schemes import Field
from institutions import countries
from portal import days

EMPTY: tuple[Any, ...] = (None, "", [], {})
SHORT = 500
LENGTHS = {"longtext": LONGEST_TEXT, "email": 320}
MOST_NUMBER = 10**15
MOST_ENTRIES = 1_000


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code, _name in countries.choices("en"))


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        return "text"
    if UNSTORABLE.search(value):
        return "character"
    longest = field.max_length or LENGTHS.get(field.type, SHORT)
    return "long" if len(value) > longest else ""


def _date(field: Field, value: Any) -> str:
    day = days.of_iso(value)
    if day is None:
        return "date"
    return "" if days.within(day) else "bounds"


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _year(field: Field, value: Any) -> str:
    return "" if _whole(value) and days.FIRST_DATA_YEAR <= value <= days.LAST_DATA_YEAR else "year"


def _number(field: Field, value: Any) -> str:
    return "" if _whole(value) and 0 <= value <= MOST_NUMBER else "number"


def _bool(field: Field, value: Any) -> str:
    return "" if isinstance(value, bool) else "bool"


def _enum(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        return "text"
    return "" if any(value == option.value for option in field.options) else "enum"


def _entries(value: Any) -> str:
    if not isinstance(value, list):
        return "list"
    return "rows" if len(value) > MOST_ENTRIES else ""


def _enums(field: Field, value: Any) -> str:
    return _entries(value) or next((wrong for v in value if (wrong := _enum(field, v))), "")


def _list(field: Field, value: Any) -> str:
    return _entries(value) or next((wrong for v in value if (wrong := _text(field, v))), "")


def _country(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        return "text"
    return "" if value in _countries() else "country"


CHECKS: dict[str, Callable[[Field, Any], str]] = {
    "date": _date,
    "year": _year,
    "number": _number,
    "money": _number,
    "bool": _bool,
    "enum": _enum,
    "enums": _enums,
    "list": _list,
    "country": _country,
}


def wrong(field: Field, value: Any) -> str:
    """The code of what is wrong with `value` in `field` (not rows); "" when it can stand there.

    Codes: text, character, long, date, bounds, year, number, bool, enum, list, rows, country.
    """
    if value in EMPTY:
        return ""
    return CHECKS.get(field.type, _text)(field, value)
