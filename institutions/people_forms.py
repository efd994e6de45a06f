"""Forms about an institution's people: invitation, roles and authority, last day, managers."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import documents
from institutions.enums import MemberRole
from institutions.forms import AuthorityMixin, MemberForm
from institutions.models import Membership
from portal.days import DayField


def day_field(label: Any, help_text: Any = "") -> DayField:
    """A day that may be left out."""
    return DayField(label=label, help_text=help_text, required=False)


class InviteForm(forms.Form):
    """Inviting somebody by mail."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("The link in the mail counts for this address only."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        initial=["researcher"],
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (MemberRole.RESEARCHER, gettext_lazy("Researcher: applies and works on applications")),
            (
                MemberRole.ADMINISTRATOR,
                gettext_lazy("Administrator: sees the institution's cases, approves members"),
            ),
        ],
    )
    valid_until = day_field(
        gettext_lazy("Last day of the membership"),
        gettext_lazy("Leave it empty when there is no end."),
    )
    mark_optional = True


class LastDayForm(forms.Form):
    """Until when somebody belongs."""

    last_day = day_field(
        gettext_lazy("Last day of the membership"),
        gettext_lazy("Access ends after this day (UTC). Empty: no end."),
    )


class DocumentedMixin(forms.Form):
    """Days and document of the authority to sign."""

    authority_from = day_field(gettext_lazy("Authority to sign holds from"))
    authority_until = day_field(
        gettext_lazy("Authority to sign holds until"),
        gettext_lazy("The last day. Leave it empty when there is no end."),
    )
    document = forms.FileField(
        label=gettext_lazy("Document of the authority (PDF)"),
        required=False,
        help_text=gettext_lazy("For example the power of attorney. It is scanned before use."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )

    def clean_document(self) -> Any:
        """A PDF by its name, not too large; the worker looks at what is in it."""
        given = self.cleaned_data["document"]
        if given and not (given.name or "").lower().endswith(".pdf"):
            raise forms.ValidationError(_("Choose a PDF."))
        if given and given.size > documents.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Choose a smaller one."))
        return given


class ClaimForm(AuthorityMixin, DocumentedMixin):
    """Saying that one may sign for the institution. All of it is needed but the last day."""

    field_order = ("title", "authority", "authority_from", "authority_until", "document")
    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "authority", "authority_from", "document"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """The last day does not come before the first."""
        given = super().clean() or {}
        first, last = given.get("authority_from"), given.get("authority_until")
        if first and last and last < first:
            self.add_error("authority_until", _("This day comes before the first one."))
        return given


class DecideClaimForm(forms.Form):
    """Why a claim is declined."""

    reason = forms.CharField(
        label=gettext_lazy("Why you decline"),
        help_text=gettext_lazy("The member reads it. Not needed when you confirm."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RolesForm(MemberForm, DocumentedMixin):
    """Roles; for a signatory with days and document of the authority."""

    field_order = ("roles", "title", "authority", "authority_from", "authority_until", "document")

    def __init__(self, *args: Any, documented: bool = False, **kwargs: Any) -> None:
        self.documented = documented
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A new signatory has a document and a first day."""
        given = super().clean() or {}
        if MemberRole.SIGNATORY in given.get("roles", []) and not self.documented:
            if not given.get("document") and "document" not in self.errors:
                self.add_error("document", _("A signatory needs this. Choose the file again."))
            if not given.get("authority_from") and "authority_from" not in self.errors:
                self.add_error("authority_from", _("A signatory needs this."))
        return given


class ManagerForm(forms.Form):
    """Naming a manager of a project database."""

    reference = forms.ChoiceField(label=gettext_lazy("Project database"))
    membership = forms.ChoiceField(label=gettext_lazy("Manager"))

    def __init__(
        self,
        cases: Iterable[tuple[str, str]],
        members: Iterable[Membership],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        reference = cast(forms.ChoiceField, self.fields["reference"])
        reference.choices = [(n, f"{n} {title}".strip()) for n, title in cases]
        people = cast(forms.ChoiceField, self.fields["membership"])
        people.choices = [(str(m.pk), m.user.name) for m in members]
