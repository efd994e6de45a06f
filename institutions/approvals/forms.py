"""What an administrator writes about an approval."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from institutions import sources
from portal.days import DayField


class ProposalForm(forms.Form):
    """An approval that rests on neither list nor case."""

    source = forms.ChoiceField(label=gettext_lazy("Approved by"))
    number = forms.CharField(
        label=gettext_lazy("Number of the approval"), max_length=50, required=False
    )
    valid_from = DayField(label=gettext_lazy("First day"))
    valid_until = DayField(
        label=gettext_lazy("Last day (optional)"),
        required=False,
        help_text=gettext_lazy("Without a day it holds until it is withdrawn."),
    )
    grounds = forms.CharField(
        label=gettext_lazy("What it rests on"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "A letter with its date, an agreement, a paragraph. The second administrator reads it, "
            "and it is kept with the approval."
        ),
    )

    def __init__(self, *args: Any, agency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        known = sources.known(agency)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (name, source.label(language)) for name, source in known.items()
        ]
        numbered = [source for source in known.values() if source.numbered]
        self.fields["number"].required = len(numbered) == len(known)
        if len(numbered) < len(known):
            self.fields["number"].label = _("Number of the approval (optional)")

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        told = super().clean() or {}
        first, last = told.get("valid_from"), told.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return told


class WithdrawalForm(forms.Form):
    """Why an approval ends."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The institution reads it, and it is kept with the approval."),
    )
