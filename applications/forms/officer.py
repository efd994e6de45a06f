"""Forms of the case page."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models.step import LONGEST_STEP
from portal.days import DayField, IsoDayField

LONGEST = 10_000


class NoteForm(forms.Form):
    """An internal note."""

    body = forms.CharField(
        label=_("New note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST
    )


class ReviewForm(forms.Form):
    """A question to one lawyer or reviewer."""

    reviewer = forms.ChoiceField(label=_("Lawyer or reviewer"))
    question = forms.CharField(
        label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST
    )

    def __init__(self, people: list, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["reviewer"]).choices = [
            (str(p.pk), p.name) for p in people
        ]


class StepForm(forms.Form):
    """That a step of the agency's sequence is done. `step`: the id of the one that it is about."""

    step = ""
    day = IsoDayField(label=_("Day"))
    text = forms.CharField(
        label=_("What came of it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_STEP,
    )


class ReturnForm(forms.Form):
    """What the applicant has to mend, and until when. Findings are picked beside it."""

    text = forms.CharField(
        label=_("Text to the applicant"),
        help_text=_("Say in your own words what is needed. The applicant sees exactly this."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        required=False,
    )
    own_points = forms.CharField(
        label=_("Points of your own, one a line"),
        help_text=_("For what no check can find, for example another document that you need."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
    )
    due_on = DayField(
        label=_("Answer is due on"),
    )
