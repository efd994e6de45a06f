"""Forms about who works on an application."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from applications.enums import ColleagueRole

MAY = gettext_lazy("The colleague may")


def role_choices() -> list[tuple[str, Any]]:
    """What a colleague may do, the most usual first."""
    return [
        (str(ColleagueRole.EDITOR), gettext_lazy("write with me")),
        (
            str(ColleagueRole.SUBMITTER),
            gettext_lazy("write with me, and submit if they belong to the institution"),
        ),
        (str(ColleagueRole.VIEWER), gettext_lazy("read")),
    ]


class MemberForm(forms.Form):
    """Somebody of one's own institution."""

    user = forms.ChoiceField(label=gettext_lazy("Colleague"))
    role = forms.ChoiceField(label=MAY, choices=role_choices)

    def __init__(self, members: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = cast(forms.ChoiceField, self.fields["user"])
        chosen.choices = [(str(m.pk), m.name) for m in members]


class InviteForm(forms.Form):
    """Somebody by mail, wherever they belong."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("The link in the mail counts for this address only, for 14 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=MAY, choices=role_choices)


class HandoverForm(forms.Form):
    """Who shall have the application, and whether one goes on writing."""

    user = forms.ChoiceField(label=gettext_lazy("New owner"))
    stays = forms.ChoiceField(
        label=gettext_lazy("And you?"),
        initial="yes",
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("I go on writing with them")),
            ("no", gettext_lazy("I leave the application")),
        ],
    )

    def __init__(self, people: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = cast(forms.ChoiceField, self.fields["user"])
        chosen.choices = [(str(p.pk), p.name) for p in people]
