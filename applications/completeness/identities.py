"""National identity numbers in text (rules.md 3.5, `containsNationalId`).

Written here and not taken from python-stdnum: the rule wants test numbers (month + 80) and dates
to come found, and numbers without a hyphen left alone.
"""

import re
from calendar import monthrange

from stdnum import luhn

# Digits that stand alone: a longer run of digits is no identity number.
_CANDIDATE = re.compile(r"(?<![0-9])(?:[0-9]{11}|[0-9]{6}-[0-9]{4}|[0-9]{8}-[0-9]{4})(?![0-9])")
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
LEAP_YEAR = 2000
SHORTEST_IDENTITY = 11  # characters


def _plain_date(day: int, month: int, year: int = LEAP_YEAR) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _check_digit(digits: str, weights: tuple[int, ...]) -> int:
    return -sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11


def is_norwegian_identity(digits: str) -> bool:
    """Eleven digits: a date DDMMYY (day also + 40, month also + 40 or + 80) and two check digits."""
    day, month, year = int(digits[:2]), int(digits[2:4]), 2000 + int(digits[4:6])
    return (
        _plain_date(day - 40 if day > 40 else day, month % 40 if month > 40 else month, year)
        and _check_digit(digits, _FIRST_WEIGHTS) == int(digits[9])
        and _check_digit(digits, _SECOND_WEIGHTS) == int(digits[10])
    )


def is_danish_identity(digits: str) -> bool:
    """DDMMYYNNNN with a day and month that exist."""
    return _plain_date(int(digits[:2]), int(digits[2:4]))


def is_swedish_identity(digits: str) -> bool:
    """YYMMDDNNNN with a month and day that exist, and a Luhn check digit."""
    return _plain_date(int(digits[4:6]), int(digits[2:4])) and bool(luhn.is_valid(digits))


def may_contain_national_id(text: str) -> bool:
    """False when no run of digits in `text` has the length of an identity number."""
    return bool(_CANDIDATE.search(text))


def contains_national_id(text: str) -> bool:
    """True when `text` seems to hold a Norwegian, Danish or Swedish identity number."""
    for found in _CANDIDATE.findall(text):
        digits = found.replace("-", "")
        if "-" not in found:
            hit = is_norwegian_identity(digits)
        elif len(digits) == 12:
            hit = is_swedish_identity(digits[2:])
        else:
            hit = is_danish_identity(digits) or is_swedish_identity(digits)
        if hit:
            return True
    return False
