"""Fresh sign-in: the person confirmed within the last five minutes that it is them.

With a second factor whoever has one (staff always), else with the password; or at a provider that
asks anew and says when (portal.accounts.oidc). Asked for by decisions, acceptance and the giving of
roles.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts import kept, sessions


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of this session has confirmed themselves within the limit."""
    return bool(request.user.is_authenticated) and sessions.is_confirmed(request)


def methods(request: HttpRequest) -> list[dict]:
    """How the person of this session can confirm who they are, the first one first."""
    return get_adapter(request).get_reauthentication_methods(request.user)


def to_fresh_sign_in(request: HttpRequest) -> HttpResponse:
    """Sends the person to confirm themselves and then back, with what they had typed.

    Raises PermissionDenied when the person has no way to confirm.
    """
    ways = methods(request)
    if not ways:
        raise PermissionDenied
    if request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    else:
        kept.keep(request, request.user, "fresh")
        back = reverse("accounts:resume")
    address = f"{ways[0]['url']}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def fresh_sign_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views whose POST needs a fresh sign-in. Reading the page does not."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD") and not is_fresh(request):
            return to_fresh_sign_in(request)
        return view(request, *args, **kwargs)

    return wrapped
