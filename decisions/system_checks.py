"""What `manage.py check --deploy` says about the keys of letters."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from applications import schemes
from portal import clock
from portal.settings.environment import ALL, WEB, WORKER

SIGNS, EXAMINES = (ALL, WORKER), (ALL, WEB, WORKER)


def _part() -> str:
    return getattr(settings, "PART", ALL)


@register(Tags.security, deploy=True)
def keys_open(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Where letters are signed, every agency's keys open; where they are examined, the roots can be
    read."""
    from decisions.letters import signing

    tried: list[tuple[tuple[str, ...], str, Any]] = [(EXAMINES, "", signing.load_roots)]
    for scheme in schemes.all_current():
        for purpose in (signing.DECISION, signing.ACCEPTANCE):
            opens = partial(signing.load_signer, purpose=purpose, agency=scheme.agency)
            tried.append((SIGNS, f"{purpose} key of {scheme.agency}: ", opens))
    found: list[CheckMessage] = []
    for parts, what, attempt in tried:
        if _part() not in parts:
            continue
        try:
            attempt()
        except signing.SigningUnavailable as unavailable:
            found.append(Error(f"TILGANG_SIGNING: {what}{unavailable}", id="decisions.E2"))
    return found


@register(Tags.security, deploy=True)
def signing_certificates_last(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning for each signing certificate that ends within 60 days, an error for one that has."""
    if _part() not in SIGNS:
        return []
    from decisions.expiry import ending

    return [
        Error(str(end), id="decisions.E1")
        if end.expires_at <= clock.now()
        else Warning(str(end), id="decisions.W1")
        for end in ending()
    ]
