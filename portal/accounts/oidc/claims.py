"""What an ID token must say before it says who somebody is. Pure; the signature is checked before.

allauth looks at neither nonce, acr nor auth_time (OpenID Connect Core 3.1.3.7).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.accounts.oidc.config import Level, Provider

SKEW = 60  # seconds by which the provider's clock may differ from ours


class Refused(Exception):
    """The sign-in does not count; `why` is one of the keys of `wording.REFUSALS`."""

    def __init__(self, why: str, got: Level | None = None, need: Level | None = None) -> None:
        super().__init__(why)
        self.why, self.got, self.need = why, got, need


@dataclass(frozen=True)
class Expected:
    """What we asked for: `nonce`; `not_before`: the earliest moment (seconds since 1970) at which
    the person may have shown who they are, None when the provider does not tell; `level`."""

    nonce: str
    level: Level = Level.NONE
    not_before: int | None = None


@dataclass(frozen=True)
class Proof:
    """Who signed in where, at which level, and when they showed it (None: not told)."""

    issuer: str
    subject: str
    level: Level
    auth_time: int | None


def check(claims: Mapping[str, Any], provider: Provider, expected: Expected, now: int) -> Proof:
    """The proof that `claims`, of a token with a valid signature, are. Raises Refused."""
    if claims.get("iss") != provider.issuer:
        raise Refused("issuer")
    _audience(claims, provider.client_id)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Refused("subject")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(), expected.nonce.encode()
    ):
        raise Refused("nonce")
    expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if expires is None or issued is None or expires + SKEW <= now or issued - SKEW > now:
        raise Refused("time")
    auth_time = _auth_time(claims, expected.not_before, now)
    level = level_of(claims, provider)
    if level < expected.level:
        raise Refused("level", level, expected.level)
    return Proof(provider.issuer, subject, level, auth_time)


def level_of(claims: Mapping[str, Any], provider: Provider) -> Level:
    """The level that the provider says this sign-in has. Raises Refused when it says none."""
    value = claims.get(provider.level_claim)
    level = provider.levels.get(value) if isinstance(value, str) else None
    level = level or provider.assumed
    if level is None:
        raise Refused("level", Level.NONE)
    return level


def _audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if client_id not in listed:
        raise Refused("audience")
    party = claims.get("azp")
    if (len(listed) > 1 or party is not None) and party != client_id:
        raise Refused("audience")


def _moment(value: Any) -> int | None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    return int(value) if good and abs(value) < 2**40 else None  # also refuses NaN


def _auth_time(claims: Mapping[str, Any], not_before: int | None, now: int) -> int | None:
    told = _moment(claims.get("auth_time"))
    if told is not None and told - SKEW > now:
        raise Refused("time")
    if not_before is not None and (told is None or told + SKEW < not_before):
        raise Refused("old")
    return told
