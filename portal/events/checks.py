"""What `manage.py check --deploy` says about the log, the mail and what processes share."""

import stat
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from portal.events.keys import key_file
from portal.settings.environment import ALL, NEEDED_BY


@register(Tags.security, deploy=True)
def signing_key_is_kept(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The key of the checkpoints is set, private, and not made on the way."""
    found: list[CheckMessage] = []
    file = key_file()
    if getattr(settings, "PART", ALL) not in NEEDED_BY["EVENTS_KEY_FILE"]:
        return []  # only workers sign
    if file is None:
        found.append(
            Error("EVENTS_KEY_FILE is not set: the log gets no checkpoints", id="events.E1")
        )
    elif file.exists() and file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        found.append(Error("everybody can read the file of EVENTS_KEY_FILE", id="events.E2"))
    if getattr(settings, "EVENTS_MAKE_KEY", False):
        found.append(Error("EVENTS_MAKE_KEY is for demo and tests only", id="events.E3"))
    return found


@register(Tags.security, deploy=True)
def mails_are_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Production does not keep its mails in a folder."""
    if settings.EMAIL_BACKEND == "portal.events.mail.DemoBackend":
        return [Error("the demo's mail backend sends nothing", id="events.E4")]
    return []


@register(Tags.security, deploy=True)
def counts_are_shared(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Questions and failed sign-ins are counted for all processes together."""
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.rpartition(".")[2] in ("LocMemCache", "DummyCache"):
        return [Error("each process counts for itself: CACHES must be shared", id="events.E5")]
    return []
