"""The signatory's form: who accepts, with what right, and where the data are to go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.commands.checks import NEEDED
from decisions.commands.accepting import LONGEST, mobile_number


class AcceptanceForm(forms.Form):
    """Everything that the acceptance and the delivery need."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST["name"],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    title = forms.CharField(
        label=_("Your title"),
        max_length=LONGEST["title"],
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    authority = forms.CharField(
        label=_("What lets you bind the institution"),
        max_length=LONGEST["authority"],
        help_text=_("For example: managing director, or a power of attorney with its date."),
    )
    delivery_recipient = forms.CharField(
        label=_("Who receives the files"),
        max_length=LONGEST["delivery_recipient"],
        help_text=_("Name of the person at your institution who fetches the encrypted files."),
    )
    delivery_mobile = forms.CharField(
        label=_("Their mobile number"),
        max_length=40,
        help_text=_(
            "With country code, such as +47 900 00 000. The password is sent there by SMS."
        ),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    authorised = forms.BooleanField(
        label=_(
            "I am authorised to bind the recipient, and I accept the conditions of the decision."
        )
    )

    def clean_delivery_mobile(self) -> str:
        """The number as it will be kept."""
        number = mobile_number(self.cleaned_data["delivery_mobile"])
        if number is None:
            raise forms.ValidationError(
                _("Write a mobile number with its country code, such as +47 900 00 000.")
            )
        return number

    def refuse(self, errors: dict[str, list[str]]) -> None:
        """Shows what the gate refused that the form let through: letters that cannot be printed."""
        words: Any = {
            "name": _("The letter cannot show all characters of this."),
            "title": _("The letter cannot show all characters of this."),
            "authority": _("The letter cannot show all characters of this."),
        }
        for name in errors:
            if name == NEEDED:
                self.add_error(None, errors[name])  # type: ignore[arg-type]
                continue
            self.add_error(
                name if name in self.fields else None, words.get(name, _("This cannot be used."))
            )
