"""An environment in which the settings of production load: every name has a value that could be."""

import os
from pathlib import Path

from decisions.letters.authority import ROOT as ROOTS
from decisions.letters.authority import demo_authority
from portal.events.keys import make_key

SETTINGS = {
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "DATABASE_URL": "postgresql://app:pw@database/tilgang",
    "REDIS_URL": "redis://:pw@broker/0",
    "S3_BUCKET": "objects",
    "S3_ENDPOINT_URL": "https://objects.example",
    "S3_ACCESS_KEY": "a",
    "S3_SECRET_KEY": "b",
    "CLAMD": "antivirus:3310",
    "EMAIL_URL": "smtp+tls://u:p@mail.example:587",
    "DEFAULT_FROM_EMAIL": "no-reply@portal.example",
}
KEYS = ("EVENTS_KEY_FILE", "TILGANG_SIGNING")


def environment(folder: Path, **changed: str) -> dict[str, str]:
    """The whole environment of a process, with keys in `folder`; what is changed to "" is left out."""
    events, signing = folder / "events.pem", folder / "signing.toml"
    make_key(events)
    authority = demo_authority(folder / "authority")
    if not signing.exists():
        signing.write_text(
            f'roots = ["{authority / ROOTS}"]\n'
            f'[decision."*"]\npkcs12 = "{authority / "decision.p12"}"\n'
            f'[acceptance."*"]\npkcs12 = "{authority / "acceptance.p12"}"\n'
        )
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    given = {**kept, **SETTINGS, "EVENTS_KEY_FILE": str(events), "TILGANG_SIGNING": str(signing)}
    given["DJANGO_SETTINGS_MODULE"] = "portal.settings.production"
    return {name: value for name, value in (given | changed).items() if value}
