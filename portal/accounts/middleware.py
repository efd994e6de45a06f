"""Limits of a session, level of the sign-in and second factor of staff, before any page is made."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts import fresh, kept, sessions, throttle
from portal.accounts.models import User
from portal.accounts.policy import is_staff_anywhere

# What staff without a second factor may still open: setting one up, and leaving.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "accounts:second_factor",
        "accounts:session",
        "accounts:extend_session",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "socialaccount_provider_callback",
        "socialaccount_provider_confirm",
        "ui:set_language",
        "ui:theme",
    }
)
# And who signed in at too low a level may also find a way to a higher one.
BEFORE_LEVEL = BEFORE_SECOND_FACTOR | {
    "accounts:level",
    "accounts:ways",
    "accounts:link",
    "accounts:resume",
    "mfa_index",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
}
WEAK = frozenset({"reauthenticate"})  # a password shows no second factor
# Whoever only has a provider confirms there before these: allauth asks nobody who has neither
# password nor second factor.
TO_BE_CONFIRMED = frozenset(
    {
        "account_email",
        "account_set_password",
        "account_change_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
    }
)


def _is_background(request: HttpRequest) -> bool:
    """Asked by a script on a timer: nobody is there, so the idle limit runs on."""
    return "X-Background" in request.headers or (
        request.resolver_match is not None
        and request.resolver_match.view_name == "accounts:session"
    )


def _send_to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if _is_background(request) or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"seconds": 0, "sign_in": address}, status=401)
    return HttpResponseRedirect(address)


def _page_of(request: HttpRequest) -> str:
    """The address of the page that the person sees: for htmx the page around the fragment."""
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    htmx = getattr(request, "htmx", None)
    return (htmx.current_url_abs_path if htmx else None) or "/"


class SessionMiddleware:
    """Ends sessions at their limits, keeps what was being sent, asks staff for a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            sessions.mark(request)
        response = self.get_response(request)
        if account := getattr(request, "remember_browser_for", None):
            throttle.remember(request, response, account)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        login = resolve_url(settings.LOGIN_URL)
        if (
            request.headers.get("HX-Request")
            and response.status_code == 302
            and response.headers["Location"].startswith(login)
        ):
            # A fragment cannot show the sign-in page: the whole page goes there.
            return _to_sign_in(request, _page_of(request))
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """After the check against forged requests, before the view."""
        if not request.user.is_authenticated:
            return None
        if min(sessions.seconds_left(request)) <= 0:
            return _ended(request)
        if not _is_background(request):
            sessions.touch(request)
        if request.method == "POST" and request.get_full_path() == (
            kept.pending(request) or {}
        ).get("path"):
            kept.drop(request)
        return _level_first(request) or _second_factor_first(request) or _confirm_first(request)


def _to_sign_in(request: HttpRequest, back: str) -> HttpResponse:
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    return _send_to(request, address)


def _ended(request: HttpRequest) -> HttpResponse:
    """Signs out. What was being sent is kept for the same person's next sign-in.

    A script on a timer is only told: text on its page can still be sent, and is kept then.
    """
    user, name = request.user, getattr(request.resolver_match, "view_name", "")
    page = _page_of(request)
    if _is_background(request):
        return _to_sign_in(request, page)
    logout(request)
    if name == "account_logout":
        return HttpResponseRedirect(resolve_url(settings.ACCOUNT_LOGOUT_REDIRECT_URL))
    if not request.headers.get("HX-Request") and kept.keep(request, user, "ended"):
        page = reverse("accounts:resume")
    messages.info(request, _("You were signed out because a time limit passed. Sign in again."))
    return _to_sign_in(request, page)


def _is_demo(name: str) -> bool:
    return bool(getattr(settings, "DEMO", False)) and name.startswith("demo:")


def _level_first(request: HttpRequest) -> HttpResponse | None:
    """Nobody does anything at a level below what is asked of applicants."""
    user = cast(User, request.user)
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in BEFORE_LEVEL or _is_demo(name):
        return None
    if sessions.level(request) >= settings.SIGN_IN.level_for("applicant"):
        return None
    if is_staff_anywhere(user) and user.lacks_second_factor:
        return None
    return _send_to(
        request, f"{reverse('accounts:level')}?{urlencode({'next': _page_of(request)})}"
    )


def _confirm_first(request: HttpRequest) -> HttpResponse | None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name not in TO_BE_CONFIRMED or sessions.is_confirmed(request):
        return None
    if get_reauthentication_flows(request.user) or not fresh.methods(request):  # type: ignore[arg-type]
        return None
    return fresh.to_fresh_sign_in(request)


def _second_factor_first(request: HttpRequest) -> HttpResponse | None:
    user = cast(User, request.user)
    name = request.resolver_match.view_name if request.resolver_match else ""
    if not user.lacks_second_factor or name in BEFORE_SECOND_FACTOR or _is_demo(name):
        return None
    if not is_staff_anywhere(user):
        return None
    strong = [way for way in fresh.methods(request) if way["id"] not in WEAK]
    address = strong[0]["url"] if strong else reverse("accounts:second_factor")
    return _send_to(request, f"{address}?{urlencode({'next': _page_of(request)})}")
