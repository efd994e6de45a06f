"""The form that says which month's cases an agency handles now."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models.handling import LONGEST_NOTICE
from portal import days

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
NAMES = {
    "nb": "norsk bokmål",
    "nn": "norsk nynorsk",
    "da": "dansk",
    "sv": "svenska",
    "en": "English",
}


class MonthField(forms.Field):
    """A month as its first day; written 2026-05."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-05"})

    def to_python(self, value: Any) -> date | None:
        """The first of the month. Raises ValidationError for what is no month."""
        if value in self.empty_values:
            return None
        written = str(value).strip()
        month = days.of_iso(f"{written}-01" if MONTH.fullmatch(written) else "")
        if month is None:
            raise forms.ValidationError(_("Write a year and a month, such as 2026-05."))
        if not days.within(month):
            raise forms.ValidationError(days.BETWEEN)
        return month

    def prepare_value(self, value: Any) -> Any:
        """As the browser's month picker writes it."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class HandlingForm(forms.Form):
    """A month, and a few words in each of the agency's languages. All may be empty."""

    handling_from = MonthField(
        label=_("Cases that came in from"),
        help_text=_("A year and a month, such as 2026-05. Leave everything empty to say nothing."),
        required=False,
    )

    def __init__(self, languages: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in languages:
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("A few words more (%(language)s)") % {"language": NAMES.get(code, code)},
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                max_length=LONGEST_NOTICE,
                required=False,
            )

    def texts(self) -> dict[str, str]:
        """The words by language."""
        prefix = "text_"
        return {
            name.removeprefix(prefix): words
            for name, words in self.cleaned_data.items()
            if name.startswith(prefix)
        }
