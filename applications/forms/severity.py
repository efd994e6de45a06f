"""The form that says how severe a rule is at an agency."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models.severity import LONGEST_REASON
from applications.selectors.rules import severity_words


class SeverityForm(forms.Form):
    """A severity and why. What cannot be used is said by the command, all at once (`show`)."""

    severity = forms.ChoiceField(label=_("From now on"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The agency's administrators read it in the history."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["severity"]).choices = list(severity_words().items())

    def show(self, errors: Mapping[str, list[str]]) -> None:
        """Puts the command's refusals beside the questions, instead of the form's own."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        for name, told in errors.items():
            for words in told:
                self.add_error(name, words)
