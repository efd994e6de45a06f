"""Turns a scheme's field into a Django form field, and back into a value of the document.

One table, FACTORIES, by field type. Values of the document are JSON: dates are ISO strings, a
three-valued question is True, False or None, an empty answer is None.
"""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from applications.completeness.numbers import is_email
from applications.schemes import Field
from institutions import numbers
from institutions.countries import choices as country_choices
from portal.days import FIRST_DATA_YEAR, LAST_DATA_YEAR, IsoDayField

LONGEST_TEXT = 20_000


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not answered."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda v: v == "yes",
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)


class ListField(forms.CharField):
    """Several texts, one a line (or separated by semicolons), as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str] | None:  # type: ignore[override]
        parts = [p.strip() for p in re.split(r"[\n;]", str(value or "")) if p.strip()]
        return parts or None

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value


class YearField(forms.IntegerField):
    """A calendar year with four digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=FIRST_DATA_YEAR, max_value=LAST_DATA_YEAR, **kwargs)
        self.error_messages["invalid"] = _("Write the year with four digits, for example 2019.")
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "6", "size": "6"})


class AddressField(forms.CharField):
    """An e-mail address, kept as it was typed."""

    def validate(self, value: str | None) -> None:  # type: ignore[override]
        super().validate(value)
        if value and not is_email(value):
            raise ValidationError(_("Write one e-mail address, for example name@institution.org."))


class OrganisationNumberField(forms.CharField):
    """A number of an organisation of a country whose check digit we know, or of another country
    whose two letters stand before it."""

    def validate(self, value: str | None) -> None:  # type: ignore[override]
        super().validate(value)
        if value and not numbers.may_be_one(value):
            raise ValidationError(
                _(
                    "This is no organisation number: compare its digits. Put the country’s two"
                    " letters before a number from outside the Nordic countries."
                )
            )


class Suggesting(forms.TextInput):
    """A text input with suggestions below it; anything else may be typed."""

    def __init__(self, options: list[tuple[str, str]]) -> None:
        super().__init__()
        self.options = options

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}-suggestions"
        typed = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        lines = format_html_join("", '<option value="{}">{}</option>', self.options)
        return format_html('{}<datalist id="{}">{}</datalist>', typed, listed, lines)


class Named:
    """Refuses what is no number of a case that the field takes."""

    def __init__(self, accepts: frozenset[str]) -> None:
        self.accepts = accepts

    def __call__(self, value: str) -> None:
        if value.strip() not in self.accepts:
            raise ValidationError(
                _(
                    "Your institution has no decision with this number that gives access. Write the"
                    " case number as it stands in the letter. Ask the agency to record a decision"
                    " from before this portal."
                )
            )


def _text(field: Field, common: dict) -> forms.Field:
    if field.options:
        options = [(o.value, o.label("en")) for o in field.options]
        common = {**common, "widget": Suggesting(options)}
    if field.accepts is not None:
        common = {**common, "validators": [Named(field.accepts)]}
    return forms.CharField(max_length=field.max_length or 500, empty_value=None, **common)


def _long(field: Field, common: dict) -> forms.Field:
    return forms.CharField(
        max_length=field.max_length or LONGEST_TEXT,
        empty_value=None,
        widget=forms.Textarea(attrs={"rows": 5}),
        **common,
    )


def _choices(field: Field, language: str) -> list[tuple[str, str]]:
    """Value and label of each choice; a choice that needs a word more has it below its label."""
    return [
        (option.value, described(option.label(language), option.help(language)))
        for option in field.options
    ]


def described(label: str, help: str) -> str:
    """The label of a choice, with a word more below it when there is one."""
    if not help:
        return label
    return format_html('{}<span class="field__description">{}</span>', label, help)


def _enum(field: Field, common: dict) -> forms.Field:
    language = common.pop("_language")
    choices = _choices(field, language)
    few = len(choices) <= 7
    shown = choices if few else [("", "–"), *choices]
    widget = forms.RadioSelect if few else forms.Select
    return forms.TypedChoiceField(choices=shown, empty_value=None, widget=widget, **common)


def _enums(field: Field, common: dict) -> forms.Field:
    language = common.pop("_language")
    return forms.TypedMultipleChoiceField(
        choices=_choices(field, language),
        empty_value=None,
        widget=forms.CheckboxSelectMultiple,
        **common,
    )


def _country(field: Field, common: dict) -> forms.Field:
    choices = [("", "–"), *country_choices(common.pop("_language"))]
    return forms.TypedChoiceField(choices=choices, empty_value=None, **common)


def _email(field: Field, common: dict) -> forms.Field:
    made = forms.CharField if _judged(field) else AddressField
    return made(max_length=320, empty_value=None, widget=forms.EmailInput(), **common)


def _organisation_number(field: Field, common: dict) -> forms.Field:
    made = forms.CharField if _judged(field) else OrganisationNumberField
    return made(max_length=40, empty_value=None, **common)


def _judged(field: Field) -> bool:
    """Whether a rule says what is wrong with the value: then it is stored, and the rule is heard.
    Elsewhere what is wrong stays as typed, with an error beside it."""
    return any("-CHK-" in rule for rule in field.rules)


def _number(field: Field, common: dict) -> forms.Field:
    return forms.IntegerField(min_value=0, **common)


Factory = Callable[[Field, dict], forms.Field]
FACTORIES: dict[str, Factory] = {
    "text": _text,
    "longtext": _long,
    "date": lambda field, common: IsoDayField(**common),
    "year": lambda field, common: YearField(**common),
    "bool": lambda field, common: YesNoField(**common),
    "enum": _enum,
    "enums": _enums,
    "country": _country,
    "email": _email,
    "phone": _text,
    "orgnumber": _organisation_number,
    "list": lambda field, common: ListField(empty_value=None, **common),
    "number": _number,
    "money": _number,
}
NEEDS_LANGUAGE = frozenset({"enum", "enums", "country"})


def form_field(field: Field, language: str) -> forms.Field:
    """The Django field for a scheme's field; never required, since drafts save with gaps."""
    common: dict[str, Any] = {
        "label": field.label(language),
        "help_text": field.help(language) if field.help else "",
        "required": False,
    }
    if field.type in NEEDS_LANGUAGE:
        common["_language"] = language
    made = FACTORIES[field.type](field, common)
    made.widget.attrs["class"] = "ds-input"
    if field.autocomplete:
        made.widget.attrs["autocomplete"] = field.autocomplete
    return made
