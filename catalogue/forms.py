"""Taking an edition in, and searching."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import commands, sources, wording
from catalogue.enums import Collection
from catalogue.selectors import Filters
from portal import store
from portal.days import FIRST_DATA_YEAR, LAST_DATA_YEAR, DayField


class EditionForm(forms.Form):
    """A file and from when it holds. A file that was given is kept while the rest is put right.

    `salt` binds the kept file to an agency and a person; `source` is it, None until it is valid.
    """

    file = forms.FileField(
        label=gettext_lazy("File with the catalogue (.xlsx, .csv)"), required=False
    )
    valid_from = DayField(
        label=gettext_lazy("Valid from"),
        help_text=gettext_lazy(
            "The day from which the agency's list holds, today at the latest. What is no longer in "
            "the file counts as ended on this day."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note (optional)"),
        help_text=gettext_lazy("What is new, for those who read the history. It is public."),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, agency: str, salt: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency, self.salt = agency, salt
        self.source: sources.Source | None = None

    @property
    def token(self) -> str:
        """The file that was given, for the next step; "" without one."""
        return self.source.sign(self.salt) if self.source else ""

    def clean_file(self) -> Any:
        """Puts the file into the store, or finds the one that is there."""
        file = self.cleaned_data.get("file")
        try:
            if file:
                self.source = sources.put(file)
            elif self.data.get("source"):
                self.source = sources.Source.signed(self.data["source"], self.salt)
        except sources.Refused as refused:
            raise forms.ValidationError(wording.refusal(str(refused))) from None
        except signing.BadSignature:
            raise forms.ValidationError(_("Give the file again.")) from None
        except (OSError, store.StoreFailed):
            raise forms.ValidationError(_("The file could not be stored. Try again.")) from None
        if self.source is None:
            raise forms.ValidationError(_("Choose a file."))
        return file

    def clean_valid_from(self) -> Any:
        """Not in the future, and not before the edition that is there."""
        day = self.cleaned_data["valid_from"]
        try:
            commands.check_day(self.agency, day)
        except commands.WrongDay as wrong:
            raise forms.ValidationError(wording.wrong_day(str(wrong), self.agency)) from None
        return day


class SearchForm(forms.Form):
    """What to search for and what to leave out. Nonsense in an address filters nothing."""

    q = forms.CharField(required=False, max_length=200, strip=False)
    register = forms.CharField(required=False, max_length=100)
    area = forms.CharField(required=False, max_length=200)
    collection = forms.ChoiceField(required=False, choices=[("", ""), *Collection.choices])
    year = forms.IntegerField(required=False, min_value=FIRST_DATA_YEAR, max_value=LAST_DATA_YEAR)
    identifying = forms.BooleanField(required=False)
    special_category = forms.BooleanField(required=False)
    health_register = forms.BooleanField(required=False)
    in_variable_list = forms.BooleanField(required=False)
    open_data = forms.BooleanField(required=False)
    development_only = forms.BooleanField(required=False)
    timeless = forms.BooleanField(required=False)
    retired = forms.BooleanField(required=False)

    def understood(self) -> tuple[str, Filters]:
        """(text, filters) of what was understood."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        text = str(given.pop("q", "")).replace("\x00", "")
        return text, Filters(**given)
