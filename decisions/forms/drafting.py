"""The officer's form of a draft. Drafts are saved with what is missing; sending asks for all."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.schemes import Scheme
from decisions.checking import about_data
from decisions.commands.drafting import FIELDS, LONGEST_REASONS
from decisions.digests import digest_of
from decisions.enums import Outcome
from decisions.models import Decision
from portal.days import DayField


class DraftForm(forms.Form):
    """Outcome, reasons, deletion date or last day, language. `base` names what the page showed."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(str(outcome), str(outcome)) for outcome in Outcome],
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": LONGEST_REASONS}),
        help_text=_("As they stand in the letter. An empty line begins a new paragraph."),
    )
    deletion_date = DayField(
        label=_("Deletion date"),
        required=False,
        help_text=_("By this day the data must be deleted or returned. Asked for when you grant."),
    )
    valid_until = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day. Leave it empty for what holds until it is withdrawn."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), required=False)

    def __init__(self, decision: Decision, scheme: Scheme, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(decision, name) for name in FIELDS})
        super().__init__(*args, **kwargs)
        del self.fields["valid_until" if about_data(decision, scheme) else "deletion_date"]
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, names.get(code, code)) for code in scheme.letter_languages
        ]
        self.decision = decision

    def bases(self) -> dict[str, str]:
        """Digests of what the draft holds now, for hidden fields of the page."""
        return {name: digest_of(getattr(self.decision, name)) for name in self.fields}

    def given(self) -> dict[str, Any]:
        """The fields that the browser sent and that can be read, as values of the draft."""
        read = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        # Radio buttons send nothing while none is chosen.
        if not read.get("language"):
            read.pop("language", None)
        return read

    def typed_bases(self) -> dict[str, str]:
        """The digests that the page carried, by field."""
        return {name: self.data[f"base-{name}"] for name in FIELDS if f"base-{name}" in self.data}


class ConditionForm(forms.Form):
    """Adds a condition: one of the catalogue that is not in the draft yet, or a free text."""

    catalogue_id = forms.ChoiceField(label=_("From the catalogue"), required=False)
    text = forms.CharField(
        label=_("Or in your own words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000}),
        help_text=_("In the language of the letter, as it will stand there."),
    )
    reason = forms.CharField(
        label=_("Why it is added"),
        max_length=4000,
        help_text=_("For the decision maker; it does not stand in the letter."),
    )

    def __init__(self, free: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["catalogue_id"].choices = [("", _("Choose …")), *free]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        given = super().clean() or {}
        if bool(given.get("catalogue_id")) == bool(given.get("text")):
            self.add_error("text", _("Choose one from the catalogue, or write your own: not both."))
        return given
