"""Invitations: sending, revoking, and the page behind the link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from institutions import commands
from institutions.commands import invitations
from institutions.enums import MemberRole
from institutions.models import Invitation
from institutions.pages import attempt, managed, page
from institutions.people_forms import InviteForm
from institutions.wording import day
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.signed_in import SignedInRequest


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Invites somebody. The answer is the same for addresses that are known here and others."""
    at = managed(request, pk)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.invite(at, request.user, **form.cleaned_data)
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The invitation is sent. It counts for 14 days."))
            return redirect("institutions:institution", pk=pk)
    context = {
        "heading": _("Invite somebody to %(institution)s") % {"institution": at.name},
        "text": _("They get a mail with a link that counts once. Who has no account makes one."),
        "form": form,
        "button": _("Send the invitation"),
        "back": reverse("institutions:institution", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


@page
@require_POST
def revoke(request: SignedInRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Takes an invitation back."""
    at = managed(request, pk)
    held = get_object_or_404(Invitation, pk=invitation, institution=at)
    attempt(request, _("The invitation is revoked."), commands.revoke, held, request.user)
    return redirect("institutions:institution", pk=pk)


@page
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: SignedInRequest, secret: str) -> HttpResponse:
    """The page behind the link. Unknown, used, revoked and old links are answered alike, and the
    institution is named to nobody but the person whose address was invited."""
    try:
        invitation = invitations.find(secret)
        if not invitations.is_for(invitation, request.user):
            raise commands.AnotherAddress
        if request.method == "POST":
            return _accepted(request, secret)
    except commands.NoSuchInvitation:
        return _refused(request, "institutions/invitation_gone.html", 404)
    except commands.AnotherAddress:
        return _refused(request, "institutions/invitation_address.html", 403)
    roles = ", ".join(str(MemberRole(role).label) for role in invitation.roles)
    facts = [
        {"label": _("Institution"), "value": invitation.institution.name},
        {"label": _("Roles"), "value": roles},
    ]
    if invitation.valid_until:
        facts.append({"label": _("Last day"), "value": day(invitation.valid_until)})
    context = {
        "heading": _("Join %(institution)s?") % {"institution": invitation.institution.name},
        "facts": facts,
        "button": _("Join"),
        "back": reverse("institutions:mine"),
    }
    return render(request, "ui/confirm.html", context)


def _accepted(request: SignedInRequest, secret: str) -> HttpResponse:
    done = _("You belong to the institution now.")
    attempt(request, done, commands.accept, secret, request.user)
    return redirect("institutions:mine")


def _refused(request: SignedInRequest, template: str, status: int) -> HttpResponse:
    """A refusal that Django does not log with its address: the secret stands in it."""
    response = render(request, template, status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
