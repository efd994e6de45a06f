"""Forms about institutions. They hold what their reader may set, and nothing else."""

from typing import Any, cast

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from institutions import countries, numbers
from institutions.enums import Kind, MemberRole


def checked_number(form: forms.Form, country: str, number: str) -> str:
    """The organisation number as it is stored; what is wrong with it becomes an error."""
    if country in numbers.CHECKED and not number:
        form.add_error("org_number", _("Write the organisation number."))
    try:
        return numbers.compact(country, number)
    except ValueError:
        form.add_error("org_number", _("This is not an organisation number of that country."))
    return ""


class RequestForm(forms.Form):
    """Asking to join."""

    message = forms.CharField(
        label=gettext_lazy("Message to the administrator"),
        help_text=gettext_lazy("Say who you are at the institution, so that they recognise you."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AuthorityMixin(forms.Form):
    """Title and authority of somebody who binds the institution."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It stands under the signature, for example Director."),
    )
    authority = forms.CharField(
        label=gettext_lazy("What the authority to sign rests on"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("For example: position, power of attorney with date and number."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RegisterForm(forms.Form):
    """An institution that is not in the list."""

    name = forms.CharField(label=gettext_lazy("Name of the institution"), max_length=300)
    country = forms.ChoiceField(label=gettext_lazy("Country"), initial="NO")
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of institution"),
        choices=[
            ("", gettext_lazy("Choose")),
            *(c for c in Kind.choices if c[0] != Kind.PRIVATE_PERSON),
        ],
    )
    org_number = forms.CharField(
        label=gettext_lazy("Organisation number"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Needed for institutions in Norway, Denmark, Sweden and Finland."),
    )
    signs = forms.BooleanField(
        label=gettext_lazy("I may sign on behalf of the institution"),
        help_text=gettext_lazy(
            "You then upload the document that says so. Somebody else decides whether it is enough."
        ),
        required=False,
    )
    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = cast(forms.ChoiceField, self.fields["country"])
        country.choices = countries.choices(get_language() or "en")

    def clean_name(self) -> str:
        """The name with single spaces."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """The number fits the country."""
        given = super().clean() or {}
        country, number = given.get("country", ""), given.get("org_number", "")
        given["org_number"] = checked_number(self, country, number)
        return given


class MemberForm(AuthorityMixin):
    """What a member may do for the institution."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (MemberRole.RESEARCHER, gettext_lazy("Researcher: applies and works on applications")),
            (
                MemberRole.ADMINISTRATOR,
                gettext_lazy("Administrator: sees the institution's cases, approves members"),
            ),
            (
                MemberRole.SIGNATORY,
                gettext_lazy("Signatory: accepts decisions and binds the institution"),
            ),
        ],
    )
    field_order: tuple[str, ...] = ("roles", "title", "authority")

    def clean(self) -> dict[str, Any]:
        """A signatory has title and authority."""
        given = super().clean() or {}
        if MemberRole.SIGNATORY in given.get("roles", []):
            for name in ("title", "authority"):
                if not given.get(name):
                    self.add_error(name, _("A signatory needs this."))
        return given


class DomainForm(forms.Form):
    """A mail domain."""

    domain = forms.CharField(
        label=gettext_lazy("Mail domain"),
        max_length=253,
        help_text=gettext_lazy(
            "What stands after @ in your addresses, for example institute.example."
        ),
    )
