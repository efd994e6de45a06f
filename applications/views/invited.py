"""The pages behind links with a secret: an invitation to a case, and the duty of confidentiality.

Unknown, used, revoked and old links are answered alike, and nothing of a case is shown to anybody
but the person whose address the link was sent to.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications import links, selectors
from applications.commands import Actor, Invalid, execute
from applications.models import Application
from applications.views.common import application_page
from portal.accounts.signed_in import SignedInRequest


def _refused(request: SignedInRequest, template: str, status: int) -> HttpResponse:
    """A refusal that Django does not log with its address: the secret stands in it."""
    response = render(request, f"applications/{template}", status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _about(application: Application, title: str) -> list[dict[str, str]]:
    scheme = selectors.scheme_of(application)
    at = application.institution
    return [
        {"label": _("Application"), "value": title or _("Without a title")},
        {"label": _("Case number"), "value": application.number or _("a draft")},
        {"label": _("Agency"), "value": scheme.name(get_language() or "en")},
        {"label": _("Institution"), "value": at.name if at else _("none")},
    ]


def _you_may() -> dict[str, str]:
    return {
        "submitter": _("write it and submit it"),
        "editor": _("write it"),
        "viewer": _("read it"),
    }


@application_page
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: SignedInRequest, secret: str) -> HttpResponse:
    """What somebody is invited to, and whether they want to."""
    held = links.invitation(secret)
    if held is None:
        return _refused(request, "link_gone.html", 404)
    if not links.is_for(held.email, request.user):
        return _refused(request, "link_address.html", 403)
    case = held.application
    if case.owner_id == request.user.pk:
        return _refused(request, "link_gone.html", 404)
    if request.method == "POST" and request.POST.get("answer") in ("accept", "decline"):
        by = Actor(user=request.user, secret=secret)
        if request.POST["answer"] == "accept":
            execute("accept_invitation", case.pk, by)
            messages.success(request, _("You have access to the application now."))
            return redirect("applications:overview", pk=case.pk)
        execute("decline_invitation", case.pk, by)
        messages.success(request, _("You have declined the invitation."))
        return redirect("applications:mine")
    facts = [
        *_about(case, case.title),
        {"label": _("Invited by"), "value": held.created_by.name},
        {"label": _("What you may do"), "value": _you_may()[held.role]},
        {"label": _("Counts until"), "value": date_format(held.expires_at, "DATE_FORMAT")},
    ]
    return render(request, "applications/invitation.html", {"facts": facts})


@application_page
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_confidentiality(request: SignedInRequest, secret: str) -> HttpResponse:
    """The duty of confidentiality: read, and confirmed by the person themselves."""
    link = links.asked(secret)
    if link is None:
        return _refused(request, "link_gone.html", 404)
    if not links.is_for(link.email, request.user):
        return _refused(request, "link_address.html", 403)
    case = link.application
    duty: Any = selectors.scheme_of(case).confidentiality
    language, error = case.language, ""
    if request.method == "POST":
        if not request.POST.get("confirmed"):
            error = _("Tick the box when you have read the text.")
        else:
            payload = {"read": request.POST.get("read", "")}
            try:
                by = Actor(user=request.user, secret=secret)
                execute("confirm_confidentiality", case.pk, by, payload)
            except Invalid:
                error = _("The text has changed. Read it again, then confirm.")
            else:
                messages.success(request, _("You have confirmed the duty of confidentiality."))
                return redirect(request.path)
    held = case.confidentiality_confirmations.select_related("person")
    given = held.filter(email=link.email).first()
    context = {
        "facts": _about(case, case.sent_title),
        "given": given,
        "text": [paragraph(language) for paragraph in duty.text],
        "statement": duty.statement(language),
        "spoken": language,
        "read": duty.digest(language),
        "error": error,
        "agency_code": case.agency,
    }
    status = 422 if error else 200
    return render(request, "applications/confirm_confidentiality.html", context, status=status)
