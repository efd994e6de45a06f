"""Pages of signing in at a provider: begin, come back, confirm, link, unlink, levels, sign out."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import logout
from allauth.core import ratelimit
from allauth.mfa.utils import decrypt, is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.views import signup
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import given
from portal.accounts import fresh, policy, sessions, wording
from portal.accounts.oidc import client, confirming, flow, ways
from portal.accounts.oidc.claims import Refused
from portal.accounts.oidc.config import Level, Provider
from portal.accounts.signed_in import SignedInRequest

log = logging.getLogger(__name__)


def _provider(provider_id: str) -> Provider:
    found = settings.SIGN_IN.provider(provider_id)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, otherwise: Any) -> str:
    back = request.POST.get("next") or request.GET.get("next") or ""
    return given.way_back(request, back, resolve_url(otherwise))


def _plainly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What goes wrong at a provider is said on a page, with what to do; no page is kept."""

    @wraps(view)
    def wrapped(request: HttpRequest, provider_id: str) -> HttpResponse:
        provider = _provider(provider_id)
        if not ratelimit.consume(request, action="provider"):
            return ratelimit.respond_429(request)
        try:
            response = view(request, provider)
        except Refused as refusal:
            log.warning("sign-in at %s refused: %s", provider.id, refusal.why)
            response = _refused(request, provider, refusal)
        except client.Unreachable as trouble:
            log.warning("%s does not answer: %s", provider.id, trouble)
            response = _refused(request, provider, Refused("unreachable"), status=502)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapped


def _refused(
    request: HttpRequest, provider: Provider, refusal: Refused, status: int = 403
) -> HttpResponse:
    held = getattr(request, "went_for", None) or {}
    context = {
        "name": provider.name(get_language() or "en"),
        "words": wording.REFUSALS.get(refusal.why, wording.NOT_TRUSTED),
        "got": wording.LEVELS.get(int(refusal.got or 0)),
        "need": wording.LEVELS.get(int(refusal.need or 0)),
        "again": _again(provider, held.get("purpose")),
        "next": held.get("next", ""),
    }
    return render(request, "socialaccount/refused.html", context, status=status)


def _again(provider: Provider, purpose: str | None) -> str:
    names = {
        flow.SIGN_IN: "socialaccount_provider_login",
        flow.CONFIRM: "socialaccount_provider_confirm",
        flow.LINK: "accounts:link",
    }
    return reverse(names[purpose], args=[provider.id]) if purpose else ""


@require_POST
@_plainly
def sign_in(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Begins to sign in, or to make an account, at a provider."""
    back = _back(request, settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated:
        return redirect(back)
    if not provider.sign_in:
        raise Http404
    level = settings.SIGN_IN.level_for("applicant")
    return flow.begin(request, provider, flow.SIGN_IN, back, level)


@require_GET
@_plainly
def callback(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The person comes back from a provider."""
    return flow.finish(request, provider)


@login_required
@require_http_methods(["GET", "POST"])
@_plainly
def confirm(request: SignedInRequest, provider: Provider) -> HttpResponse:
    """Confirms who one is at a provider: a fresh sign-in there, at the level that is needed."""
    back = _back(request, "accounts:me")
    mine = {method["url"]: method for method in confirming.methods(request.user)}
    if request.path not in mine:
        raise Http404
    level = confirming.asked_of(request.user, provider)
    if request.method == "POST":
        return flow.begin(request, provider, flow.CONFIRM, back, level)
    context = {
        "name": provider.name(get_language() or "en"),
        "need": wording.LEVELS[int(level)] if level > Level.LOW else "",
        "next": back,
        "reauthentication_alternatives": [
            method
            for method in fresh.methods(request)
            if not method["url"].startswith(request.path)
        ],
    }
    return render(request, "socialaccount/confirm.html", context)


@fresh.fresh_sign_in
@require_POST
@_plainly
def link(request: SignedInRequest, provider: Provider) -> HttpResponse:
    """Links an account at a provider; the person signs in there while signed in here."""
    return flow.begin(request, provider, flow.LINK, reverse("accounts:ways"))


@fresh.fresh_sign_in
@require_POST
def unlink(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Takes a link away, but not the last way of signing in."""
    try:
        ways.unlink(request.user, account_id)
    except SocialAccount.DoesNotExist as absent:
        raise Http404 from absent
    except ways.LastWay:
        messages.error(
            request,
            _(
                "This is the only way in which you can sign in. Set a password first, or link another."
            ),
        )
    else:
        messages.success(request, _("The way of signing in is taken away."))
    return redirect("accounts:ways")


@login_required
@require_GET
def my_ways(request: SignedInRequest) -> HttpResponse:
    """The ways in which I sign in, and those that can be linked."""
    user, language = request.user, get_language() or "en"
    held = ways.accounts(user)
    lines = []
    for account in held:
        provider = settings.SIGN_IN.provider(account.provider)
        lines.append(
            {
                "account": account,
                "name": provider.name(language) if provider else account.provider,
                "in_use": provider is not None and provider.sign_in,
                "known": provider is not None,
                "orcid": user.orcid if provider and provider.orcid else "",
                "last": ways.is_last(user, account),
            }
        )
    taken = {account.provider for account in held}
    context = {
        "lines": lines,
        "open": [
            {"id": p.id, "name": p.name(language), "orcid": p.orcid, "sign_in": p.sign_in}
            for p in settings.SIGN_IN.providers
            if p.id not in taken
        ],
        "password": user.has_usable_password(),
        "has_second_factor": is_mfa_enabled(user, ["totp", "webauthn"]),
    }
    return render(request, "accounts/ways.html", context)


@login_required
@require_GET
def level(request: SignedInRequest) -> HttpResponse:
    """What this sign-in is too weak for, and how to sign in again at a higher level."""
    need = policy.level_needed(request.user)
    own: list[dict] = []
    if settings.SIGN_IN.second_factor >= need:
        own = [m for m in fresh.methods(request) if m["id"].startswith("mfa_")]
    context = {
        "enough": sessions.level(request) >= need,
        "has": wording.LEVELS.get(int(sessions.level(request)), ""),
        "need": wording.LEVELS[int(need)],
        "roles": [f"{r.agency}: {r.get_role_display()}" for r in policy.withheld(request.user)],
        "ways": [*confirming.raising(request.user), *own],
        "second_factor": settings.SIGN_IN.second_factor >= need and not own,
        "linkable": any(p.highest >= need and p.sign_in for p in settings.SIGN_IN.providers),
        "next": _back(request, "accounts:me"),
    }
    return render(request, "accounts/level.html", context)


def sign_up(request: HttpRequest, **more: Any) -> HttpResponse:
    """A new account by way of a provider; as throttled as one with a password."""
    if request.method == "POST" and not ratelimit.consume(request, action="signup"):
        return ratelimit.respond_429(request)
    return signup(request, **more)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here, and then at the provider where it began, if that can be done."""
    shown = None
    if request.method == "POST" and request.user.is_authenticated:
        shown = sessions.at_provider(request)
    provider = settings.SIGN_IN.provider(shown.provider) if shown else None
    address = ""
    if shown and provider:
        address = client.end_session_url(provider, _opened(shown.token), settings.BASE_URL + "/")
    with transaction.atomic():
        response = logout(request)
    return flow.leave(request, provider, address) if provider and address else response


def _opened(token: str) -> str:
    try:
        return decrypt(token) if token else ""
    except InvalidToken:
        return ""
