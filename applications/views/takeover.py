"""Cases whose applicant and editors have left: the institution's administrator gives them on."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import policy, selectors
from applications.commands import Invalid, NotNow, execute
from applications.enums import Role, State
from applications.models import Application
from applications.views.common import actor, application_or_404, application_page
from institutions import selectors as institutions

MOST = 200


class NewOwnerForm(forms.Form):
    """Who has the case from now on."""

    user: Any = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Who has the case from now on?"),
        empty_label=gettext_lazy("Choose"),
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = institutions.members(application.institution_id)  # type: ignore[arg-type]
        field.label_from_instance = lambda user: user.name


def _may(request: HttpRequest, application: Application) -> bool:
    if not policy.ties(request.user, application).abandoned:
        return False
    return Role.INSTITUTION_ADMIN in policy.applicant_roles(request.user, application)


@login_required
@require_GET
def left_alone(request: HttpRequest) -> HttpResponse:
    """The cases of my institutions that nobody works on any more. For administrators."""
    if not institutions.institutions_with_role(request.user, "administrator").exists():
        raise Http404
    language = get_language() or "en"
    found = policy.left_alone(request.user).exclude(state=State.WITHDRAWN)
    lines = []
    for application in found.select_related("institution", "owner").order_by("-updated_at")[:MOST]:
        scheme = selectors.scheme_of(application)
        lines.append(
            {
                "application": application,
                "agency": scheme.short_name(language),
                "state": scheme.workflow.state_label(application.state, language),
            }
        )
    return render(request, "applications/left_alone.html", {"lines": lines})


@application_page
@require_http_methods(["GET", "POST"])
def take_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gives a case whose applicant has left to another member of the institution."""
    application = application_or_404(request, pk)
    if not _may(request, application):
        raise Http404
    form = NewOwnerForm(application, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        try:
            execute("take_over", pk, actor(request), {"user": user})
        except (Invalid, NotNow):
            form.add_error("user", _("This has just changed. Look at the case again."))
        else:
            messages.success(request, _("%(name)s has the case now.") % {"name": user.name})
            return redirect("applications:left_alone")
    context = {
        "heading": _("Take over the case"),
        "text": _("%(name)s no longer belongs to the institution, and nobody else may write it.")
        % {"name": application.owner.name},
        "facts": [
            {"label": _("Application"), "value": application.title or _("Without a title")},
            {"label": _("Case number"), "value": application.number or _("a draft")},
        ],
        "form": form,
        "button": _("Give the case to this person"),
        "back": reverse("applications:left_alone"),
    }
    return render(request, "ui/confirm.html", context)


def panel(request: HttpRequest, application: Application) -> SafeString:
    """On the overview: that nobody works on the case any more."""
    if not _may(request, application):
        return SafeString("")
    context = {"application": application}
    return SafeString(render_to_string("applications/_left_alone.html", context, request))
