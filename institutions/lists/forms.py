"""Taking an edition of a list in, and settling what dropped off."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.lists import commands, wording
from institutions.lists.difference import Terms
from institutions.lists.kinds import Kind
from portal import store
from portal.days import DayField
from portal.files import given


class EditionForm(forms.Form):
    """A file and the days for which it holds. A file that was given is kept while the rest is put
    right.

    `salt` binds the kept file to a list and a person; `source` is it, None until it is valid.
    """

    file = forms.FileField(label=gettext_lazy("File with the list (.xlsx, .csv)"), required=False)
    valid_from = DayField(
        label=gettext_lazy("Valid from"),
        help_text=gettext_lazy("The day from which the list holds, today at the latest."),
    )
    valid_until = DayField(
        label=gettext_lazy("Approvals hold until (optional)"),
        help_text=gettext_lazy(
            "For lines that do not say it themselves. Without a day they hold until they are "
            "withdrawn."
        ),
        required=False,
    )

    def __init__(self, *args: Any, kind: Kind, salt: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.salt = kind, salt
        self.source: given.Source | None = None

    @property
    def token(self) -> str:
        """The file that was given, for the next step; "" without one."""
        return self.source.sign(self.salt) if self.source else ""

    @property
    def terms(self) -> Terms:
        """The days; of a valid form only."""
        return Terms(self.cleaned_data["valid_from"], self.cleaned_data["valid_until"])

    def clean_file(self) -> Any:
        """Puts the file into the store, or finds the one that is there."""
        file = self.cleaned_data.get("file")
        try:
            if file:
                self.source = given.put(file)
            elif self.data.get("source"):
                self.source = given.Source.signed(self.data["source"], self.salt)
        except given.Refused as refused:
            raise forms.ValidationError(wording.refusal(str(refused))) from None
        except signing.BadSignature:
            raise forms.ValidationError(_("Give the file again.")) from None
        except (OSError, store.StoreFailed):
            raise forms.ValidationError(_("The file could not be stored. Try again.")) from None
        if self.source is None:
            raise forms.ValidationError(_("Choose a file."))
        return file

    def clean(self) -> dict[str, Any]:
        """The days are in order, and not before the edition that is there."""
        told = super().clean() or {}
        if told.get("valid_from") and "valid_until" in told:
            try:
                commands.check_days(self.kind, Terms(told["valid_from"], told["valid_until"]))
            except commands.WrongDay as wrong:
                self.wrong_day(str(wrong))
        return told

    def wrong_day(self, code: str) -> None:
        """Says why the list may not hold for these days."""
        field = "valid_until" if code == "order" else "valid_from"
        self.add_error(field, wording.wrong_day(code, self.kind))


class DroppedForm(forms.Form):
    """What becomes of the approval of an institution that dropped off."""

    what = forms.ChoiceField(
        label=gettext_lazy("What becomes of the approval?"),
        choices=[
            ("keep", gettext_lazy("It stays as it is")),
            ("withdraw", gettext_lazy("It ends now")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the approval."),
    )
