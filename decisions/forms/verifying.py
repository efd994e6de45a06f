"""The public form: one file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    """The letter to look at. Its name and type say nothing, so they are not asked."""

    letter = forms.FileField(
        label=_("The letter (PDF)"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Choose the letter you want to check."),
            "invalid": _("Choose the letter you want to check."),
        },
    )
