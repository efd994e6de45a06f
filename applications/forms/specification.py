"""The specification's forms: what the officer sends, and what the applicant's side answers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.commands.specification import MOST_HOURS, MOST_MONEY
from applications.models import Specification
from applications.models.specification import LONGEST_NOTE, LONGEST_TEXT


class SpecificationForm(forms.Form):
    """What will be done, for about how much, in about how many hours, and how it is delivered."""

    text = forms.CharField(
        label=_("What will be done"),
        help_text=_("Population, registers, variables, years and linkage, as you have agreed."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=LONGEST_TEXT,
    )
    price_from = forms.DecimalField(
        label=_("Approximate price, from"), min_value=0, max_value=MOST_MONEY // 100,
        decimal_places=2,
    )  # fmt: skip
    price_to = forms.DecimalField(
        label=_("Approximate price, to"), min_value=0, max_value=MOST_MONEY // 100,
        decimal_places=2,
    )  # fmt: skip
    hours_from = forms.IntegerField(
        label=_("Hours of work, from"), min_value=0, max_value=MOST_HOURS, required=False
    )
    hours_to = forms.IntegerField(
        label=_("Hours of work, to"), min_value=0, max_value=MOST_HOURS, required=False
    )
    delivery = forms.CharField(
        label=_("Delivery"),
        help_text=_("When and how the data are handed over, as far as you know."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("price_from", "price_to"):
            self.fields[name].help_text = _("In %(currency)s, without VAT.") % {
                "currency": currency
            }

    def clean(self) -> dict[str, Any]:
        """The second number of a pair is not less than the first; hours are both given or not."""
        given = super().clean() or {}
        for name in ("price", "hours"):
            low, high = given.get(f"{name}_from"), given.get(f"{name}_to")
            if low is not None and high is not None and low > high:
                self.add_error(
                    f"{name}_to", _("Write a number that is not less than the one before.")
                )
        hours = given.get("hours_from"), given.get("hours_to")
        if (hours[0] is None) != (hours[1] is None) and not self.errors.keys() & {
            "hours_from",
            "hours_to",
        }:
            missing = "hours_from" if hours[0] is None else "hours_to"
            self.add_error(missing, _("Write both numbers of hours, or neither."))
        return given

    def payload(self) -> dict[str, Any]:
        """What `send_specification` takes; prices in hundredths."""
        given = self.cleaned_data
        prices = {
            name: int((given[name] * 100).to_integral_value())
            for name in ("price_from", "price_to")
        }
        return {**given, **prices}


def as_initial(specification: Specification | None) -> dict[str, Any]:
    """The last version as the beginning of the next."""
    if specification is None:
        return {}
    told = {
        name: getattr(specification, name)
        for name in ("text", "hours_from", "hours_to", "delivery")
    }
    for name in ("price_from", "price_to"):
        whole = Decimal(getattr(specification, name)) / 100
        told[name] = int(whole) if whole == int(whole) else whole
    return told


class ObjectionForm(forms.Form):
    """Why a specification is not confirmed."""

    text = forms.CharField(
        label=_("What is not as you agreed?"),
        help_text=_("The case officer reads it and sends you a new version or a message."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_NOTE,
    )
