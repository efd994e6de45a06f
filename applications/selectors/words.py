"""Values of the document as people read them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.schemes import Field
from institutions import countries


def in_words(field: Field, value: Any, language: str) -> str:
    """`value` of `field` in words of `language`; empty for no answer."""
    if value in (None, "", []):
        return ""
    if field.type == "bool":
        with override(language):
            return _("Yes") if value is True else _("No") if value is False else str(value)
    if field.type in ("enum", "enums"):
        labels = {option.value: option.label(language) for option in field.options}
        values = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(v, str(v)) for v in values)
    if field.type == "country":
        return countries.name(str(value), language)
    if field.type == "date":
        return day_in_words(value, language)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value)


def day_in_words(value: date | str, language: str) -> str:
    """A date, or its ISO string, as 31. desember 2027; what is no date comes back as it is."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    with override(language):
        return date_format(day, "j F Y" if language in ("en", "sv") else "j. F Y")


def moment_in_words(moment: datetime, zone: str, language: str) -> str:
    """A moment (aware) as day and time in the agency's zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_in_words(local.date(), language)} {local:%H:%M}"
