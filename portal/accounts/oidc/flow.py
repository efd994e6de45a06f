"""The way to a provider and back: for signing in, for linking, for confirming who one is.

What we asked for is kept in the session under `state` and used once. The person goes by a page of
ours that leads on at once: a redirect in answer to a form would have to be allowed by our own
Content-Security-Policy (form-action), for every host that the provider leads on to.
"""

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import encrypt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts import sessions
from portal.accounts.oidc import client, ways
from portal.accounts.oidc.claims import Expected, Proof, Refused, check
from portal.accounts.oidc.config import Level, Provider
from portal.accounts.provider import OpenIDConnect, uid
from portal.links import absolute

log = logging.getLogger(__name__)
SIGN_IN, LINK, CONFIRM = "sign_in", "link", "confirm"
LARGEST_TOKEN = 6000  # characters; a longer one is not kept for signing out


def _now() -> int:
    return int(clock.now().timestamp())


def begin(
    request: HttpRequest, provider: Provider, purpose: str, back: str, level: Level = Level.NONE
) -> HttpResponse:
    """Sends the person to `provider`, to come back to `back` (an address of ours, looked at).

    Asks for `level`; for confirming it is demanded. Raises client.Unreachable.
    """
    anew = purpose in (LINK, CONFIRM)
    more = provider.asking(level)
    not_before = None
    if provider.fresh:
        # An old sign-in at the provider is no better than an old one here.
        oldest = 0 if anew else settings.SESSION_LIMIT_ABSOLUTE
        not_before = _now() - oldest
        more |= {"max_age": str(oldest)} | ({"prompt": "login"} if anew else {})
    nonce, verifier, state = client.random(), client.random(), client.random()
    held = {
        "purpose": purpose,
        "next": back,
        "nonce": nonce,
        "verifier": verifier,
        "level": int(level) if purpose == CONFIRM else 0,
        "not_before": not_before,
        "user": str(request.user.pk) if request.user.is_authenticated else None,
    }
    address = client.authorization_url(
        provider, _callback(provider), state, nonce, verifier,
        ui_locales=get_language() or "en", **more,
    )  # fmt: skip
    statekit.stash_state(request, provider_id=provider.id, state=held, state_id=state)
    return leave(request, provider, address)


def leave(request: HttpRequest, provider: Provider, address: str) -> HttpResponse:
    """The page that leads on to `address` at the provider at once, without a script."""
    name = provider.name(get_language() or "en")
    response = render(request, "socialaccount/leaving.html", {"address": address, "name": name})
    response["Cache-Control"] = "private, no-store"
    return response


def finish(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The person is back. Raises Refused and client.Unreachable."""
    held = statekit.unstash_state(
        request, state_id=request.GET.get("state", ""), provider_id=provider.id
    )
    now = str(request.user.pk) if request.user.is_authenticated else None
    if held is None or held["user"] != now:
        raise Refused("state")
    # For the page that tells of a refusal.
    request.went_for = held  # type: ignore[attr-defined]
    claims, id_token, proof = _answer(request, provider, held)
    shown = sessions.AtProvider(
        provider.id, uid(proof.issuer, proof.subject), int(proof.level), proof.auth_time,
        encrypt(id_token) if len(id_token) <= LARGEST_TOKEN else "",
    )  # fmt: skip
    with transaction.atomic():
        if held["purpose"] == LINK:
            return _link(request, provider, proof, held["next"])
        if held["purpose"] == CONFIRM:
            return _confirm(request, shown, held["next"])
        return _sign_in(request, provider, claims, shown, held["next"])


def _callback(provider: Provider) -> str:
    return absolute("socialaccount_provider_callback", provider.id)


def _answer(
    request: HttpRequest, provider: Provider, held: dict[str, Any]
) -> tuple[dict[str, Any], str, Proof]:
    """All claims, the ID token, and what it proves. Raises Refused, client.Unreachable."""
    told = request.GET.get("iss")
    promised = client.metadata(provider).get("authorization_response_iss_parameter_supported")
    if told != provider.issuer and (told is not None or promised):
        raise Refused("issuer")  # RFC 9207: another provider's answer
    if error := request.GET.get("error"):
        raise Refused("cancelled" if error == "access_denied" else "error")
    code = request.GET.get("code")
    if not code:
        raise Refused("error")
    tokens = client.redeem(provider, code, held["verifier"], _callback(provider))
    claims = client.claims_of(provider, tokens["id_token"])
    expected = Expected(held["nonce"], Level(held["level"]), held["not_before"])
    proof = check(claims, provider, expected, _now())
    if held["purpose"] == SIGN_IN and {"profile", "email"} & set(provider.scopes):
        claims = {**client.userinfo(provider, tokens.get("access_token"), proof.subject), **claims}
    return claims, tokens["id_token"], proof


def _sign_in(
    request: HttpRequest,
    provider: Provider,
    claims: dict[str, Any],
    shown: sessions.AtProvider,
    back: str,
) -> HttpResponse:
    if not provider.sign_in:
        raise Refused("link_only")
    login = _theirs(request, shown.provider).sociallogin_from_response(request, claims)
    login.state.update(process="login", next=back)
    sessions.hold(request, shown)
    return complete_social_login(request, login)


def _theirs(request: HttpRequest, provider_id: str) -> OpenIDConnect:
    return get_adapter(request).get_provider(request, provider_id)


def _confirm(request: HttpRequest, shown: sessions.AtProvider, back: str) -> HttpResponse:
    mine = SocialAccount.objects.filter(
        provider=shown.provider, uid=shown.uid, user_id=request.user.pk
    )
    if not mine.exists():
        raise Refused("somebody_else")
    # Read by receivers.confirmed.
    request.shown_at_provider = shown  # type: ignore[attr-defined]
    record_authentication(
        request, request.user, "socialaccount",  # type: ignore[arg-type]
        provider=shown.provider, uid=shown.uid, reauthenticated=True,
    )  # fmt: skip
    return HttpResponseRedirect(back)


def _link(request: HttpRequest, provider: Provider, proof: Proof, back: str) -> HttpResponse:
    name = provider.name(get_language() or "en")
    if ways.link(request.user, provider, proof):  # type: ignore[arg-type]
        messages.success(request, _("%(name)s is linked to your account.") % {"name": name})
    else:
        messages.info(request, _("%(name)s was linked to your account before.") % {"name": name})
    return HttpResponseRedirect(back or reverse("accounts:ways"))
