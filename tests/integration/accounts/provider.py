"""A provider without a network: it answers what `client` would ask by HTTP, with real signatures."""

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts.oidc import client as oidc
from portal.accounts.oidc.claims import Refused
from portal.accounts.oidc.config import Level, Provider

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
LEVELS = {"low": Level.LOW, "substantial": Level.SUBSTANTIAL, "high": Level.HIGH}


def named(provider_id: str, **more: Any) -> Provider:
    """A provider `provider_id` as the settings hold it."""
    held: dict[str, Any] = {
        "scopes": ("openid", "profile", "email"),
        "levels": LEVELS,
        "ask": {level: {"acr_values": name} for name, level in LEVELS.items()},
        **more,
    }
    issuer = f"https://{provider_id}.example"
    return Provider(provider_id, {"en": provider_id.title()}, issuer, "portal", "s", **held)


class World:
    """All providers there are. `who`, `acr` and the like say what the next sign-in tells."""

    def __init__(self) -> None:
        self.key, self.kid, self.algorithm = KEY, "k1", "RS256"
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.info: dict[str, Any] = {"name": "Kari Nordmann", "email": "kari@example.no"}
        self.down = False
        self.asked: dict[str, str] = {}

    def answer(self, method: str, address: str, auth: Any = None, data: Any = None) -> dict:
        """What HTTP would bring."""
        if self.down:
            raise oidc.Unreachable("down")
        parts = urlsplit(address)
        issuer = f"{parts.scheme}://{parts.netloc}"
        if parts.path.endswith("openid-configuration"):
            names = ("authorization", "token", "userinfo", "end_session")
            told = {f"{n}_endpoint": f"{issuer}/{n}" for n in names}
            return {"issuer": issuer, "jwks_uri": f"{issuer}/keys", **told, **self.metadata}
        if parts.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        if parts.path == "/token":
            if (
                data["code"] != "good"
                or oidc.challenge(data["code_verifier"]) != self.asked["code_challenge"]
            ):
                raise Refused("code")
            return {"id_token": self.token(issuer), "access_token": "a"}
        return {"sub": self.claims.get("sub", "kari"), **self.info}

    def token(self, issuer: str) -> str:
        """A signed token that says what is wanted."""
        now = int(clock.now().timestamp())
        claims = {
            "iss": issuer, "aud": "portal", "sub": "kari", "iat": now, "exp": now + 300,
            "auth_time": now, "acr": "high", "nonce": self.asked["nonce"],
            "pid": "13097248022", **self.claims,
        }  # fmt: skip
        claims = {k: v for k, v in claims.items() if v is not None}
        key: Any = "x" * 64 if self.algorithm == "HS256" else self.key
        key = None if self.algorithm == "none" else key
        return jwt.encode(claims, key, self.algorithm, headers={"kid": self.kid})

    def goes(self, browser: Client, path: str, **posted: Any) -> dict[str, str]:
        """Presses the button at `path`: what the provider is asked. Follows no page of ours."""
        page = browser.post(path, posted)
        assert page.status_code == 200, (page.status_code, getattr(page, "url", ""))
        address = re.search(r'content="0; url=([^"]+)"', page.content.decode())
        assert address, page.content.decode()
        query = parse_qs(urlsplit(html.unescape(address[1])).query)
        self.asked = {name: values[0] for name, values in query.items()}
        return self.asked

    def returns(self, browser: Client, provider: str = "own", **sent: str) -> Any:
        """The browser comes back from the provider, which tells `self.claims`."""
        told = {"code": "good", "state": self.asked["state"], **sent}
        return browser.get(reverse("socialaccount_provider_callback", args=[provider]), told)

    def signs_in(self, browser: Client, provider: str = "own", **claims: Any) -> Any:
        """A whole sign-in, up to the portal's answer."""
        self.claims = claims
        self.goes(browser, reverse("socialaccount_provider_login", args=[provider]))
        return self.returns(browser, provider)

    def confirms(self, browser: Client, back: str = "/me/", **claims: Any) -> Any:
        """A whole fresh sign-in at "own"."""
        self.claims = claims
        self.goes(browser, reverse("socialaccount_provider_confirm", args=["own"]), next=back)
        return self.returns(browser)
