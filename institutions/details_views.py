"""What an institution is, where it is and whom to write to, changed by who keeps it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import about, commands, policy
from institutions.commands.details import IDENTITY, values_of, version_of
from institutions.details_forms import DetailsForm, IdentityForm, SeenForm
from institutions.models import Institution
from institutions.pages import page
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.signed_in import SignedInRequest


@page
@require_http_methods(["GET", "POST"])
def details(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Addresses, invoices, data protection officer, names in other languages."""
    at = get_object_or_404(Institution, pk=pk)
    if not policy.may_edit_details(request.user, at):
        raise Http404
    now = values_of(at)
    form = DetailsForm(request.POST or None, initial={**now, "seen": version_of(at)})

    def save() -> None:
        commands.change_details(at, request.user, form.cleaned_data["seen"], form.values())

    context = {"institution": at, "facts": about.identity_of(at)[:4]}
    context["identifies"] = policy.may_identify(request.user, at)
    return _edited(request, form, save, values_of, "institutions/details.html", context)


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def identity(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Name, country, kind and organisation number. For administrators of agencies."""
    at = get_object_or_404(Institution, pk=pk)
    if not policy.may_identify(request.user, at):
        raise Http404
    form = IdentityForm(request.POST or None, initial={**_identity(at), "seen": version_of(at)})

    def save() -> None:
        commands.change_identity(at, request.user, form.cleaned_data["seen"], **form.values())

    context: dict[str, Any] = {"institution": at}
    return _edited(request, form, save, _identity, "institutions/identity.html", context)


def _identity(at: Institution) -> dict[str, str]:
    return {name: getattr(at, name) for name in IDENTITY}


def _edited(
    request: SignedInRequest,
    form: DetailsForm | IdentityForm,
    save: Callable[[], None],
    read: Callable[[Institution], dict[str, str]],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form, or what it came to: saved, refused, or 409 with both texts when somebody else has
    saved meanwhile."""
    at, status, conflicts = context["institution"], 200, []
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except commands.Stale:
            at.refresh_from_db()
            conflicts = _conflicts(form, read(at))
            typed = request.POST.copy()
            typed["seen"] = str(version_of(at))
            form.data = typed
            status = 409
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("institutions:institution", pk=at.pk)
    context |= {"form": form, "conflicts": conflicts}
    return render(request, template, context, status=status)


def _conflicts(form: SeenForm, theirs: dict[str, str]) -> list[dict[str, Any]]:
    """What stands there now and what was typed, of each field where they differ."""
    return [
        {
            "label": form.fields[name].label,
            "theirs": _told(form.fields[name], text),
            "yours": _told(form.fields[name], form.cleaned_data[name]),
        }
        for name, text in theirs.items()
        if form.cleaned_data[name] != text
    ]


def _told(field: Any, value: str) -> str:
    """A value as its reader sees it: a choice by its label."""
    return str(dict(getattr(field, "choices", ())).get(value, value))
