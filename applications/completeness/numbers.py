"""Organisation numbers, mail addresses, diagnosis codes and years, as rules.md 3.5 defines them.

Check digits are python-stdnum's. What may stand around the digits is cut here, because stdnum
forgives more than the rules do (dots, lower-case prefixes, a third digit of a person).
"""

import re
from datetime import date
from typing import Any

from stdnum import luhn
from stdnum.dk import cvr
from stdnum.no import orgnr

DIGITS = re.compile(r"[0-9]+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")

_ICD_10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")
_ICD_9 = re.compile(r"[0-9EV][0-9]{2,3}(\.?[0-9A-Z]{1,2})?")
_ICD_7_8 = re.compile(r"[0-9]{3}([.,][0-9]{1,2})?")
ICD_SHAPES = {
    "ICD-10": _ICD_10,
    "ICD-10-SE": _ICD_10,
    "ICD-9": _ICD_9,
    "ICD-8": _ICD_7_8,
    "ICD-7": _ICD_7_8,
}


def _without(value: Any, pattern: str) -> str:
    """The number as text without what matches `pattern`; "" for what is no text or whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return re.sub(pattern, "", str(value))


def is_norwegian_org_number(value: Any) -> bool:
    """Nine digits with a modulus-11 check digit, spaces removed (brreg.no)."""
    digits = _without(value, r"\s")
    return len(digits) == 9 and bool(DIGITS.fullmatch(digits)) and orgnr.checksum(digits) == 0


def is_cvr(value: Any) -> bool:
    """A Danish CVR number: spaces, hyphens and a leading "DK" removed, eight digits, first not 0."""
    digits = _without(value, r"[\s-]").removeprefix("DK")
    return (
        len(digits) == 8
        and bool(DIGITS.fullmatch(digits))
        and digits[0] != "0"
        and cvr.checksum(digits) == 0
    )


def is_swedish_org_number(value: Any) -> bool:
    """Ten digits, the third at least 2, Luhn; spaces, hyphens and the "16" of a long form removed."""
    digits = _without(value, r"[\s-]")
    if len(digits) == 12:
        digits = digits.removeprefix("16")
    return (
        len(digits) == 10
        and bool(DIGITS.fullmatch(digits))
        and digits[2] >= "2"
        and bool(luhn.is_valid(digits))
    )


def is_email(value: Any) -> bool:
    """True when the text has the shape of a mail address."""
    return isinstance(value, str) and bool(EMAIL.fullmatch(value))


def is_icd_code(code: Any, version: Any) -> bool:
    """True when `code` has the shape of the classification `version`; a range needs both ends.

    With another version, or none, any text that is not empty will do.
    """
    if not isinstance(code, str) or not code:
        return False
    shape = ICD_SHAPES.get(version) if isinstance(version, str) else None
    if shape is None:
        return True
    ends = code.split("-")
    return len(ends) <= 2 and all(shape.fullmatch(end) for end in ends)


def plus_years(day: Any, years: int) -> str | None:
    """The same day `years` later, 29 February becoming the 28th; None when `day` is no ISO date."""
    try:
        start = date.fromisoformat(day[:10])
    except (TypeError, ValueError):
        return None
    try:
        return start.replace(year=start.year + years).isoformat()
    except ValueError:
        if (start.month, start.day) == (2, 29):
            return start.replace(year=start.year + years, day=28).isoformat()
        return None
