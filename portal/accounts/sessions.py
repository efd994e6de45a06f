"""What a session knows of its sign-in: since when, last seen, second factor, last confirmation.

All in one dict of the session, tied to the person, on our clock (seconds since 1970).
"""

from dataclasses import dataclass
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from portal import clock
from portal.accounts import listing
from portal.accounts.models import User
from portal.accounts.oidc.config import Level
from portal.accounts.policy import is_staff_anywhere

KEY = "sign_in"
AT_PROVIDER = "sign_in_at_provider"  # what a provider has shown, until the sign-in is complete
SEEN_EVERY = 60  # seconds between two writes of "last seen"


@dataclass(frozen=True)
class AtProvider:
    """A sign-in at a provider: which one, who (uid), at which level, when it was shown there.

    `token` is the encrypted ID token that the provider wants to see when its session is ended.
    """

    provider: str
    uid: str
    level: int
    auth_time: int | None
    token: str = ""


def _now() -> int:
    return int(clock.now().timestamp())


def new(user: User, second_factor: bool = False, **more: Any) -> dict[str, Any]:
    """The facts of a session of `user` that begins now."""
    now = _now()
    return {
        "user": str(user.pk),
        # Exact: a sign-in right after an end of all sessions is after it, in the same second too.
        "at": clock.now().timestamp(),
        "seen": now,
        "second_factor": now if second_factor else None,
        "fresh": None,
        "staff": is_staff_anywhere(user),
        **more,
    }


def begin(request: HttpRequest, user: User) -> dict[str, Any]:
    """Starts the facts at sign-in. The second factor counts when this sign-in used one."""
    used = any(r.get("method") == "mfa" for r in get_authentication_records(request, user))
    shown = held(request, user)
    by_provider = {"provider": vars(shown).copy()} if shown else {}
    request.session.pop(AT_PROVIDER, None)
    request.session[KEY] = new(user, second_factor=used, **by_provider)
    listing.show(request, user, request.session[KEY])
    return request.session[KEY]


def hold(request: HttpRequest, at_provider: AtProvider) -> None:
    """Remembers what a provider has shown until `begin`: a sign-in may take several pages."""
    request.session[AT_PROVIDER] = vars(at_provider).copy()


def held(request: HttpRequest, user: Any) -> AtProvider | None:
    """What a provider has shown in the sign-in of `user` that is under way."""
    kept = request.session.get(AT_PROVIDER)
    uids = {r.get("uid") for r in get_authentication_records(request, user)}
    return AtProvider(**kept) if kept and kept["uid"] in uids else None


def at_provider(request: HttpRequest) -> AtProvider | None:
    """The sign-in at a provider that this session rests on, the newest; or None."""
    held = facts(request).get("provider")
    return AtProvider(**held) if held else None


def level(request: HttpRequest) -> Level:
    """The level of assurance that this session has shown, by whatever way is the strongest."""
    held = facts(request)
    shown = held.get("provider")
    levels = [shown["level"]] if shown else [settings.SIGN_IN.password]
    if held["second_factor"]:
        levels.append(settings.SIGN_IN.second_factor)
    return Level(max(levels))


def facts(request: HttpRequest) -> dict[str, Any]:
    """The facts of the present session; a session that has none begins now, without any right."""
    held = request.session.get(KEY)
    if not held or held.get("user") != str(request.user.pk):
        held = request.session[KEY] = new(cast(User, request.user))
    return held


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the person of this session has shown a second factor in it, here or at a provider:
    level substantial has two by definition."""
    held = facts(request)
    strong = (held.get("provider") or {}).get("level", 0) >= Level.SUBSTANTIAL
    return bool(held["second_factor"]) or strong


def mark(request: HttpRequest) -> None:
    """Lets `request.user` know what this session has shown (portal.accounts.policy)."""
    user = cast(User, request.user)
    user.lacks_second_factor = not has_second_factor(request)
    user.sign_in_level = level(request)


def restart(request: HttpRequest) -> None:
    """This session outlives an end of all sessions that its person has just ordered."""
    held = facts(request)
    # Not a new beginning: the absolute limit goes on counting from the sign-in.
    held["spared"] = clock.now().timestamp()
    request.session.modified = True
    listing.show(request, cast(User, request.user), held)


def touch(request: HttpRequest, at_once: bool = False) -> None:
    """The person is here: the idle limit starts anew. Written once a minute unless `at_once`."""
    held = facts(request)
    if at_once or _now() - held["seen"] >= SEEN_EVERY:
        held["seen"] = _now()
        held["staff"] = is_staff_anywhere(request.user)
        request.session.modified = True
        listing.show(request, cast(User, request.user), held)


def confirm(
    request: HttpRequest, second_factor: bool, at_provider: AtProvider | None = None
) -> None:
    """The person has just confirmed who they are. The session's key changes."""
    held = facts(request)
    if at_provider:
        held["provider"] = vars(at_provider).copy()
    held["fresh"] = held["seen"] = _now()
    if second_factor:
        held["second_factor"] = _now()
    request.session.modified = True
    request.session.cycle_key()
    listing.show(request, cast(User, request.user), held)


def set_second_factor(request: HttpRequest, has: bool) -> None:
    """The person has set up a second factor in this session, or removed the last one."""
    held = facts(request)
    held["second_factor"] = _now() if has else None
    request.session.modified = True
    request.session.cycle_key()
    listing.show(request, cast(User, request.user), held)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the last confirmation is recent enough (settings.FRESH_SIGN_IN)."""
    fresh = facts(request)["fresh"]
    return fresh is not None and 0 <= _now() - fresh < settings.FRESH_SIGN_IN


def seconds_left(request: HttpRequest) -> tuple[int, int]:
    """Seconds until the idle limit and until the absolute one; none left when not above 0.

    An end of all sessions, ordered after this one began, counts as none left.
    """
    held, now = facts(request), _now()
    ended = cast(User, request.user).sessions_ended_at
    if ended is not None:
        ordered, spared = ended.timestamp(), held.get("spared", 0)
        if held["at"] <= ordered and spared < ordered:
            return 0, 0
    idle = now - held["seen"]
    limit = settings.SESSION_LIMIT_IDLE_STAFF if held["staff"] else settings.SESSION_LIMIT_IDLE
    return limit - idle, settings.SESSION_LIMIT_ABSOLUTE - (now - int(held["at"]))
