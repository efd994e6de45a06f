"""Forms about oneself. They hold the fields that a person may set, and nothing else."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import NotificationKind, NotificationWay
from portal.accounts.models import User


class SignupForm(forms.Form):
    """What sign-up asks beside address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As it should stand in applications and letters."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Stores name and language with the new account."""
        user.name = " ".join(self.cleaned_data["name"].split())
        user.language = get_language() if get_language() in dict(settings.LANGUAGES) else "en"
        user.save(update_fields=["name", "language"])


class DetailsForm(forms.ModelForm):
    """Name and language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the pages and of the mails we send you."),
    )

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class NotificationsForm(forms.Form):
    """One choice for each kind of thing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in NotificationKind:
            self.fields[str(kind)] = forms.ChoiceField(
                label=kind.label, choices=NotificationWay.choices, widget=forms.RadioSelect
            )
