"""Forms about what an institution is, where it is, and whom to write to."""

import re
from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from stdnum import ean
from stdnum.exceptions import ValidationError as NotValid

from institutions import countries
from institutions.enums import Kind
from institutions.forms import checked_number

PEPPOL = re.compile(r"^[0-9]{4}:\S{1,50}$")
PHONE = re.compile(r"^\+?[0-9][0-9 ()-]{4,28}$")
GLN_DIGITS = 13


def _lines(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        **more,
    )


def _line(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **more)


def _attrs(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class SeenForm(forms.Form):
    """A form that knows which version of the institution its reader had before them."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DetailsForm(SeenForm):
    """Names, addresses, invoices and the data protection officer: all of it may be left empty."""

    name_nb = _line(gettext_lazy("Name in Norwegian (bokmål)"), 300)
    name_nn = _line(gettext_lazy("Name in Norwegian (nynorsk)"), 300)
    name_da = _line(gettext_lazy("Name in Danish"), 300)
    name_sv = _line(gettext_lazy("Name in Swedish"), 300)
    name_en = _line(gettext_lazy("Name in English"), 300)
    postal_address = _lines(gettext_lazy("Postal address"))
    visiting_address = _lines(gettext_lazy("Visiting address"))
    invoice_address = _lines(gettext_lazy("Invoice address"))
    invoice_gln = _line(
        gettext_lazy("GLN for electronic invoices"),
        20,
        help_text=gettext_lazy("13 digits. Danish authorities call it EAN."),
        widget=_attrs(inputmode="numeric"),
    )
    invoice_peppol = _line(
        gettext_lazy("PEPPOL id for electronic invoices"),
        60,
        help_text=gettext_lazy("Four digits, a colon and the number, as 0192:899999118."),
    )
    invoice_reference = _line(
        gettext_lazy("Reference on invoices"),
        200,
        help_text=gettext_lazy(
            "For example a cost centre. Applications may name one of their own."
        ),
    )
    invoice_mail = forms.EmailField(label=gettext_lazy("Mail address for invoices"), required=False)
    protection_name = _line(gettext_lazy("Name"), 200)
    protection_mail = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    protection_phone = _line(gettext_lazy("Telephone"), 30, widget=_attrs(type="tel"))

    def groups(self) -> Iterator[tuple[Any, Any, list[Any]]]:
        """Title, explanation and fields of each part of the page."""
        names = [name for name in self.fields if name.startswith("name_")]
        addresses = ["postal_address", "visiting_address"]
        invoices = [name for name in self.fields if name.startswith("invoice_")]
        officer = [name for name in self.fields if name.startswith("protection_")]
        for title, about, fields in (
            (
                _("Names"),
                _(
                    "What the institution calls itself in other languages. The main name stands above."
                ),
                names,
            ),
            (_("Addresses"), "", addresses),
            (
                _("Invoices"),
                _("Where invoices go for what you order. A new application begins with it."),
                invoices,
            ),
            (
                _("Data protection officer"),
                _("Whom an agency asks about the protection of personal data."),
                officer,
            ),
        ):
            yield title, about, [self[name] for name in fields]

    def clean(self) -> dict[str, Any]:
        """Names with single spaces, numbers that can be, an officer who can be reached."""
        given = super().clean() or {}
        for name in given:
            if name.startswith("name_"):
                given[name] = " ".join(given[name].split())
            elif name.endswith("_address"):
                lines = (line.rstrip() for line in given[name].strip().splitlines())
                given[name] = "\n".join(lines)
        given["invoice_gln"] = self._gln(given.get("invoice_gln", ""))
        peppol = given.get("invoice_peppol", "")
        if peppol and not PEPPOL.match(peppol):
            self.add_error(
                "invoice_peppol",
                _("Write four digits, a colon and the number without spaces, as 0192:899999118."),
            )
        phone = given.get("protection_phone", "")
        if phone and not PHONE.match(phone):
            self.add_error(
                "protection_phone", _("Write the number in digits, with + and the country first.")
            )
        named = given.get("protection_name")
        if named and not (given.get("protection_mail") or phone):
            self.add_error(
                "protection_mail",
                _(
                    "Write a mail address or a telephone number, so that the officer can be reached."
                ),
            )
        return given

    def _gln(self, text: str) -> str:
        number = re.sub(r"[\s.-]", "", text)
        try:
            if number and (len(number) != GLN_DIGITS or not ean.validate(number)):
                raise NotValid
        except NotValid:
            self.add_error(
                "invoice_gln",
                _(
                    "A GLN has 13 digits, the last is a check digit. Compare it with your own papers."
                ),
            )
        return number

    def values(self) -> dict[str, str]:
        """What was written, as `commands.change_details` takes it."""
        return {name: text for name, text in self.cleaned_data.items() if name != "seen"}


class IdentityForm(SeenForm):
    """Which organisation it is."""

    name = forms.CharField(label=gettext_lazy("Name of the institution"), max_length=300)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind of institution"), choices=Kind.choices)
    org_number = forms.CharField(
        label=gettext_lazy("Organisation number"), max_length=30, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = cast(forms.ChoiceField, self.fields["country"])
        country.choices = countries.choices(get_language() or "en")

    def clean_name(self) -> str:
        """The name with single spaces."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """The number fits the country."""
        given = super().clean() or {}
        country, number = given.get("country", ""), given.get("org_number", "")
        given["org_number"] = checked_number(self, country, number)
        return given

    def values(self) -> dict[str, str]:
        """What was written, as `commands.change_identity` takes it."""
        return {name: text for name, text in self.cleaned_data.items() if name != "seen"}
