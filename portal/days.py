"""Days that people write: how they are read, and between which bounds they lie. The one place for it.

A day is taken from FIRST to LAST, in forms, rows, lists, catalogues, imports and commands alike:
0027-01-01 and 9999-12-31 are slips of the hand. Years of data begin earlier, with the first censuses.
"""

import re
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(1900, 1, 1), date(2150, 12, 31)
FIRST_DATA_YEAR, LAST_DATA_YEAR = 1700, 2150
WRITTEN = _("Write the date as year-month-day, for example 2027-12-31.")
BETWEEN = _("Give a day between the years 1900 and 2150.")
DOTTED = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def within(*days: date | None) -> bool:
    """Whether all of these lie between FIRST and LAST. None, a day left open, does."""
    return all(day is None or FIRST <= day <= LAST for day in days)


def read(text: str) -> date | None:
    """A day as it is written (2026-12-31, 31.12.2026, 31/12/2026, 31-12-2026); None when it is none. It may lie
    outside the bounds: ask `within`."""
    written = text.strip()
    if dotted := DOTTED.fullmatch(written):
        day, month, year = dotted.groups()
        written = f"{year}-{int(month):02d}-{int(day):02d}"
    return of_iso(written)


def of_iso(value: Any) -> date | None:
    """The day of an ISO string (2026-12-31), as documents hold it; None for anything else."""
    if not isinstance(value, str) or not ISO.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def good_iso(value: Any) -> bool:
    """Whether `value` is the ISO string of a day within the bounds."""
    day = of_iso(value)
    return day is not None and within(day)


def argument(text: str) -> date:
    """A day given to a management command as YYYY-MM-DD. Raises ArgumentTypeError."""
    day = of_iso(text)
    if day is None:
        raise ArgumentTypeError(f"{text!r} is not a day written as YYYY-MM-DD")
    if not within(day):
        raise ArgumentTypeError(f"{text!r} is not between {FIRST} and {LAST}")
    return day


class DayField(forms.DateField):
    """A day within the bounds; also reads 31.12.2026. The browser's calendar keeps to them too."""

    def __init__(self, **more: Any) -> None:
        bounds = {"type": "date", "min": FIRST.isoformat(), "max": LAST.isoformat()}
        super().__init__(widget=forms.DateInput(attrs=bounds, format="%Y-%m-%d"), **more)

    def to_python(self, value: Any) -> Any:
        """The day, None when it is left open. Raises ValidationError."""
        if value in self.empty_values:
            return None
        found = value if type(value) is date else read(str(value))
        if found is None:
            raise ValidationError(WRITTEN, code="invalid")
        if not within(found):
            raise ValidationError(BETWEEN, code="bounds")
        return found


class IsoDayField(DayField):
    """The same, kept as the ISO string of a document."""

    def to_python(self, value: Any) -> str | None:  # type: ignore[override]
        """The ISO string, None when the day is left open. Raises ValidationError."""
        found = super().to_python(value)
        return found.isoformat() if found else None

    def prepare_value(self, value: Any) -> Any:
        """As the browser's calendar reads it."""
        return value.isoformat() if isinstance(value, date) else value
