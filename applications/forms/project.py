"""The form of a project's common part, its people, and the Nordic cooperation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications import schemes
from applications.exchange.values import UNSTORABLE
from applications.forms.fields import LONGEST_TEXT
from applications.schemes.exchange import PERSON, SINGLE
from institutions.countries import choices as country_choices
from portal.days import IsoDayField

MOST_PEOPLE = 300
EXTRA = 3


def categories(language: str) -> list[tuple[str, str]]:
    """The purposes that the agencies know, each once, named by the first that knows it."""
    found: dict[str, str] = {}
    for scheme in schemes.all_current():
        field = scheme.field(scheme.project.fields.get("category", ""))
        for option in field.options if field else ():
            found.setdefault(option.value, option.label(language))
    return list(found.items())


def offices(language: str) -> list[tuple[str, str]]:
    """The agencies that take part in the Nordic cooperation (NordMAN)."""
    found = [s for s in schemes.all_current() if s.project.nordman]
    return [(scheme.agency, scheme.name(language)) for scheme in found]


def _storable(text: str) -> None:
    if UNSTORABLE.search(text):
        raise ValidationError(_("The text holds a character that cannot be kept."))


class CommonForm(forms.Form):
    """What all applications of the project say alike."""

    title = forms.CharField(label=_("Project title"), max_length=300, validators=[_storable])
    purpose = forms.CharField(
        label=_("Purpose"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[_storable],
    )
    category = forms.ChoiceField(
        label=_("Kind of purpose"),
        required=False,
        help_text=_("An agency that does not know the kind asks itself."),
    )
    start = IsoDayField(label=_("Starts"), required=False)
    end = IsoDayField(label=_("Ends"), required=False)
    population = forms.CharField(
        label=_("Population"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[_storable],
    )
    nordman = forms.BooleanField(
        label=_("The project is part of the Nordic cooperation on microdata (NordMAN)"),
        required=False,
        help_text=_(
            "Data of several countries are then kept at one of the statistical offices. "
            "The offices chosen here are told; each decides for itself."
        ),
    )
    offices = forms.MultipleChoiceField(
        label=_("Statistical offices concerned"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other_offices = forms.CharField(
        label=_("Other offices concerned"),
        required=False,
        max_length=500,
        help_text=_("Those that are not in Tilgang, separated by commas."),
        validators=[_storable],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields
        known["category"].choices = [("", "–"), *categories(language)]
        known["offices"].choices = offices(language)

    def clean(self) -> dict[str, Any]:
        """End not before start; the cooperation has offices."""
        given = super().clean() or {}
        start, end = given.get("start"), given.get("end")
        if start and end and end < start:
            self.add_error("end", _("The end is before the start."))
        if given.get("nordman") and not (given.get("offices") or given.get("other_offices")):
            self.add_error("offices", _("Say which offices are concerned."))
        return given

    def common(self, people: list[dict]) -> dict[str, Any]:
        """The common part after `is_valid`."""
        single = {name: self.cleaned_data.get(name) or None for name in SINGLE}
        return {**single, "people": people}

    def nordic(self) -> dict[str, Any]:
        """The cooperation after `is_valid`: nothing of it without the flag."""
        given = self.cleaned_data
        on = bool(given.get("nordman"))
        return {
            "nordman": on,
            "offices": given["offices"] if on else [],
            "other_offices": given["other_offices"] if on else "",
        }


class PersonForm(forms.Form):
    """One person who works on the project."""

    name = forms.CharField(label=_("Name"), required=False, max_length=500, validators=[_storable])
    institution = forms.CharField(
        label=_("Institution"), required=False, max_length=500, validators=[_storable]
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=320)
    role = forms.CharField(
        label=_("Role in the project"), required=False, max_length=500, validators=[_storable]
    )

    def __init__(self, *args: Any, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields
        known["country"].choices = [("", "–"), *country_choices(language)]

    def clean(self) -> dict[str, Any]:
        """Who has anything has a name."""
        given = super().clean() or {}
        filled = any(given.get(name) for name in PERSON)
        if filled and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write the name, or leave the whole line empty."))
        return given


PeopleFormSet = forms.formset_factory(
    PersonForm, extra=EXTRA, max_num=MOST_PEOPLE, validate_max=True, absolute_max=MOST_PEOPLE + 50
)


def people_of(formset: Any) -> list[dict]:
    """The people after `is_valid`, without empty lines and cells."""
    found = [
        {name: value for name in PERSON if (value := form.cleaned_data.get(name))}
        for form in formset.forms
        if form.cleaned_data
    ]
    return [person for person in found if person]
