"""Talking to a provider: what it says of itself, code for tokens, keys, user info.

Nothing is followed elsewhere, answers are small and quick, and addresses are those that the
provider publishes under its own issuer.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import requests
import urllib3
from django.core.cache import cache

from portal.accounts.oidc.claims import Refused
from portal.accounts.oidc.config import Provider

TIMEOUT = 5  # seconds
LARGEST = 1024 * 1024  # bytes of an answer
KEPT = 60 * 60  # seconds that metadata and keys are remembered
AGAIN = 60  # seconds before keys are fetched anew for a key that is not among them
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")


class Unreachable(Exception):
    """The provider does not answer, or with what is no answer."""


def metadata(provider: Provider) -> dict[str, Any]:
    """What the provider publishes of itself. Raises Unreachable, also when it names another
    issuer or addresses that are not https."""
    key = _key("metadata", provider)
    if (known := cache.get(key)) is not None:
        return known
    told = _ask("GET", provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise Unreachable("metadata of another issuer")
    near = urlsplit(provider.issuer).scheme == "http"
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _address(told.get(name), near)
    for name in ("userinfo_endpoint", "end_session_endpoint"):
        if told.get(name) is not None:
            _address(told[name], near)
    cache.set(key, told, KEPT)
    return told


def challenge(verifier: str) -> str:
    """The PKCE challenge (S256) of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorization_url(
    provider: Provider, redirect_uri: str, state: str, nonce: str, verifier: str, **more: str
) -> str:
    """Where the person is sent. `more`: prompt, max_age, ui_locales and what asks for a level.

    Raises Unreachable.
    """
    sent = {
        **provider.parameters,
        **more,
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    return _with(metadata(provider)["authorization_endpoint"], sent)


def redeem(provider: Provider, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
    """The tokens for a code. Raises Unreachable or Refused."""
    told = metadata(provider)
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    login = None
    if "client_secret_basic" in methods:
        login = (quote(provider.client_id, safe=""), quote(provider.secret, safe=""))
    else:
        sent |= {"client_id": provider.client_id, "client_secret": provider.secret}
    tokens = _ask("POST", told["token_endpoint"], data=sent, auth=login)
    if not isinstance(tokens.get("id_token"), str):
        raise Refused("token")
    return tokens


def claims_of(provider: Provider, id_token: str) -> dict[str, Any]:
    """The claims of a token whose signature is one of the provider's own. Raises Refused, also
    for one that is unsigned or signed with a shared secret; raises Unreachable."""
    try:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise Refused("token")
        found = _signing_key(provider, header.get("kid"), header["alg"])
        return jwt.decode(
            id_token,
            found,
            algorithms=[header["alg"]],
            # What it says is looked at by `claims.check`, on the portal's clock.
            options=_LATER,
        )
    except jwt.PyJWTError as trouble:
        raise Refused("token") from trouble


_LATER: Any = dict.fromkeys(
    ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub"), False
)


def userinfo(provider: Provider, access_token: Any, subject: str) -> dict[str, Any]:
    """What the provider tells of the person; {} when it has no such address.

    Raises Refused when it tells of somebody else, Unreachable.
    """
    address = metadata(provider).get("userinfo_endpoint")
    if not address or not isinstance(access_token, str):
        return {}
    told = _ask("GET", address, auth=_bearer(access_token))
    if told.get("sub") != subject:
        raise Refused("subject")
    return told


def end_session_url(provider: Provider, id_token: str, back: str) -> str:
    """Where signing out at the provider begins, or "" when it offers none or does not answer."""
    try:
        address = metadata(provider).get("end_session_endpoint")
    except Unreachable:
        return ""
    if not address:
        return ""
    hint = {"id_token_hint": id_token} if id_token else {}
    more = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return _with(address, hint | more)


# -- parts ---------------------------------------------------------------------------------------
def _key(what: str, provider: Provider) -> str:
    return f"oidc:{what}:{hashlib.sha256(provider.issuer.encode()).hexdigest()}"


def _with(address: str, sent: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(sent)}"


def _address(value: Any, near: bool) -> None:
    scheme = urlsplit(value).scheme if isinstance(value, str) else ""
    if scheme != "https" and not (near and scheme == "http"):
        raise Unreachable("metadata with an address that is not https")


def _signing_key(provider: Provider, kid: Any, algorithm: str) -> Any:
    key = _key("keys", provider)
    listed = cache.get(key)
    found = _among(listed, kid, algorithm) if listed else None
    if found is None and (not listed or cache.add(f"{key}:again", 1, AGAIN)):
        listed = _ask("GET", metadata(provider)["jwks_uri"]).get("keys")
        if not isinstance(listed, list):
            raise Unreachable("no keys")
        cache.set(key, listed, KEPT)
        found = _among(listed, kid, algorithm)
    if found is None:
        raise Refused("token")
    return found


def _among(listed: list, kid: Any, algorithm: str) -> Any:
    fitting = [
        entry
        for entry in listed
        if isinstance(entry, dict)
        and entry.get("use", "sig") == "sig"
        and entry.get("kty") in ("RSA", "EC", "OKP")
        and entry.get("alg", algorithm) == algorithm
        and (kid is None or entry.get("kid") == kid)
    ]
    # Without a key id the token must leave no choice.
    return jwt.PyJWK(fitting[0], algorithm) if len(fitting) == 1 else None


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Asks as nobody; without any `auth` requests would look for a password in .netrc."""
    return request


def _bearer(token: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return signed


def _ask(method: str, address: str, auth: Any = None, data: Any = None) -> dict[str, Any]:
    try:
        with requests.request(
            method,
            address,
            headers={"Accept": "application/json"},
            auth=auth or _nobody,
            data=data,
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = answer.raw.read(LARGEST + 1, decode_content=True)
            status = answer.status_code
        told = json.loads(body) if len(body) <= LARGEST else None
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        OSError,
        ValueError,
        RecursionError,
    ) as trouble:
        raise Unreachable(type(trouble).__name__) from trouble
    if method == "POST" and status in (400, 401):
        raise Refused("code")
    if status != 200 or not isinstance(told, dict):
        raise Unreachable(f"status {status}")
    return told


def random() -> str:
    """256 random bits, for state, nonce and PKCE verifier."""
    return secrets.token_urlsafe(32)
