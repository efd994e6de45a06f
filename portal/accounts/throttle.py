"""Guessing is slowed down without locking the owner of an account out.

Failures are counted per account and browser. A browser that has signed in to the account before
carries a signed cookie and has a count of its own; all others are counted by network address, and
together against a wide limit per account. So whoever guesses, from however many addresses, slows
down strangers only: the owner's own browser still gets in, and a reset of the password by mail
makes any browser the owner's own.
"""

import hashlib
import secrets

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "portal.accounts.known-browser"
DAYS = 180
MOST_ACCOUNTS = 5


def cookie() -> str:
    """The cookie's name; over TLS with the prefix that ties it to this very host."""
    return "__Host-known-browser" if settings.SESSION_COOKIE_SECURE else "known-browser"


def _account(nonce: str, account: str) -> str:
    return hashlib.sha256(f"{nonce}:{account}".encode()).hexdigest()[:32]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        nonce, accounts = signing.loads(
            request.COOKIES.get(cookie(), ""), salt=SALT, max_age=DAYS * 86400
        )
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return nonce, accounts


def knows(request: HttpRequest, account: str) -> str:
    """The browser's own number when it has signed in to `account` before, else nothing."""
    nonce, accounts = _read(request)
    return nonce if nonce and _account(nonce, account) in accounts else ""


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Lets `response` mark this browser as one that has signed in to `account`."""
    nonce, accounts = _read(request)
    nonce = nonce or secrets.token_urlsafe(24)
    mark = _account(nonce, account)
    accounts = [mark, *(a for a in accounts if a != mark)][:MOST_ACCOUNTS]
    response.set_cookie(
        cookie(),
        signing.dumps([nonce, accounts], salt=SALT),
        max_age=DAYS * 86400,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def bucket(request: HttpRequest, account: str) -> str:
    """What failures of this browser at `account` are counted under."""
    return f"{account}|{knows(request, account) or get_ip(request)}"


def strangers_allowed(request: HttpRequest, account: str) -> bool:
    """Counts an attempt of an unknown browser at `account`; False when there were too many."""
    if knows(request, account):
        return True
    return ratelimit.consume(request, action="login_strangers", key=account)
