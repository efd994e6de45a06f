"""My page, the second factor of staff, and the session."""

from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import given
from portal.accounts import commands, kept, listing, notices, sessions
from portal.accounts.forms import DetailsForm, NotificationsForm
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.models import User
from portal.accounts.policy import is_staff_anywhere, roles_in_force
from portal.accounts.sections import sections
from portal.accounts.signed_in import SignedInRequest
from portal.accounts.waiting import waiting
from portal.jobs import commands as jobs
from portal.jobs.views import to_page


@login_required
@require_GET
def me(request: SignedInRequest) -> HttpResponse:
    """My page: what waits for me, where I belong, my roles, my account."""
    context = {
        "waiting": waiting(request.user),
        "sections": sections(request),
        "details": _details(request.user),
        "has_second_factor": is_mfa_enabled(request.user, ["totp", "webauthn"]),
    }
    return render(request, "accounts/me.html", context)


def _details(user: User) -> list[dict[str, str]]:
    roles = [f"{held.agency}: {held.get_role_display()}" for held in roles_in_force(user)]
    rows = [
        (_("Name"), user.name),
        (_("E-mail address"), user.email),
        (_("Language"), dict(settings.LANGUAGES).get(user.language, "")),
        *([(_("Roles"), ", ".join(roles))] if roles else []),
    ]
    return [{"label": label, "value": value} for label, value in rows]


@login_required
@require_http_methods(["GET", "POST"])
def notifications(request: SignedInRequest) -> HttpResponse:
    """How I am told of things: at once, once a day, or not by mail."""
    form = NotificationsForm(request.POST or None, initial=notices.ways(request.user))
    if request.method == "POST" and form.is_valid():
        notices.choose(request.user, form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("accounts:me")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/notifications.html", {"form": form}, status=status)


@fresh_sign_in
@require_POST
def everything(request: SignedInRequest) -> HttpResponse:
    """Asks for a file with all that is stored about me."""
    commands.note(request.user, "user.exported")
    try:
        return to_page(jobs.begin("account.export", {}, request.user))
    except jobs.TooMany:
        messages.error(
            request, _("You have many files under way already. Wait until some of them are made.")
        )
        return redirect("accounts:me")


@login_required
@require_http_methods(["GET", "POST"])
def details(request: SignedInRequest) -> HttpResponse:
    """Changes my name and language."""
    form = DetailsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        commands.change_details(request.user, given["name"], given["language"])
        with override(given["language"]):
            messages.success(request, _("Your details are saved."))
        response = redirect("accounts:me")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            given["language"],
            max_age=365 * 86400,
            secure=bool(settings.LANGUAGE_COOKIE_SECURE),
            httponly=bool(settings.LANGUAGE_COOKIE_HTTPONLY),
            samesite=settings.LANGUAGE_COOKIE_SAMESITE or "Lax",
        )
        return response
    return render(request, "accounts/details.html", {"form": form})


@login_required
@require_GET
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Where staff set up a second factor before anything else; open to everybody."""
    required = is_staff_anywhere(request.user)
    return render(request, "accounts/second_factor.html", {"required": required})


@fresh_sign_in
@require_POST
def sign_out_elsewhere(request: SignedInRequest) -> HttpResponse:
    """Ends all my sessions but this one."""
    commands.end_sessions(request.user, request.user.reference)
    sessions.restart(request)
    messages.success(request, _("All your other sessions are ended."))
    return redirect("accounts:me")


@login_required
@require_GET
def my_sessions(request: SignedInRequest) -> HttpResponse:
    """Where I am signed in now."""
    language = get_language() or "en"
    rows = [
        {
            "session": row,
            "here": row.session_key == request.session.session_key,
            "way": provider.name(language)
            if (provider := settings.SIGN_IN.provider(row.provider))
            else "",
        }
        for row in listing.of(request.user)
    ]
    return render(request, "accounts/sessions.html", {"rows": rows})


@fresh_sign_in
@require_POST
def end_session(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """Ends one of my sessions, wherever it is."""
    if not listing.end(request.user, session_id):
        raise Http404
    messages.success(request, _("The session is ended."))
    return redirect("accounts:sessions")


@login_required
@require_GET
def session(request: SignedInRequest) -> HttpResponse:
    """How long this session lasts. Asking does not extend it."""
    return JsonResponse(_left(request))


@login_required
@require_POST
def extend_session(request: SignedInRequest) -> HttpResponse:
    """The person is here: the idle limit begins anew. The absolute limit stays."""
    sessions.touch(request, at_once=True)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(_left(request))
    return redirect(given.way_back(request, request.POST.get("next"), reverse("accounts:me")))


def _left(request: SignedInRequest) -> dict:
    idle, absolute = sessions.seconds_left(request)
    return {"seconds": max(0, min(idle, absolute)), "extendable": idle < absolute}


@login_required
@require_GET
def resume(request: SignedInRequest) -> HttpResponse:
    """Goes on with the form that was kept while the person signed in or confirmed."""
    held = kept.pending(request)
    if held is None:
        return redirect("accounts:me")
    rows = [{"label": name, "value": value} for name, value in held["fields"] if value]
    return render(request, "accounts/resume.html", {"kept": held, "rows": rows})
