"""What a session knows of its sign-in: since when, last seen, second factor, last confirmation.

All in one dict of the session, tied to the person, on our clock (seconds since 1970).
"""

from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from portal import clock
from portal.accounts.models import User
from portal.accounts.policy import is_staff_anywhere

KEY = "sign_in"
SEEN_EVERY = 60  # seconds between two writes of "last seen"


def _now() -> int:
    return int(clock.now().timestamp())


def new(user: User, second_factor: bool = False, **more: Any) -> dict[str, Any]:
    """The facts of a session of `user` that begins now."""
    now = _now()
    return {
        "user": str(user.pk),
        "at": now,
        "seen": now,
        "second_factor": now if second_factor else None,
        "fresh": None,
        "staff": is_staff_anywhere(user),
        **more,
    }


def begin(request: HttpRequest, user: User) -> dict[str, Any]:
    """Starts the facts at sign-in. The second factor counts when this sign-in used one."""
    used = any(r.get("method") == "mfa" for r in get_authentication_records(request, user))
    request.session[KEY] = new(user, second_factor=used)
    return request.session[KEY]


def facts(request: HttpRequest) -> dict[str, Any]:
    """The facts of the present session; a session that has none begins now, without any right."""
    held = request.session.get(KEY)
    if not held or held.get("user") != str(request.user.pk):
        held = request.session[KEY] = new(cast(User, request.user))
    return held


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the person of this session has shown a second factor in it."""
    return bool(facts(request)["second_factor"])


def restart(request: HttpRequest) -> None:
    """This session outlives an end of all sessions that its person has just ordered."""
    facts(request)["at"] = _now()
    request.session.modified = True


def touch(request: HttpRequest, at_once: bool = False) -> None:
    """The person is here: the idle limit starts anew. Written once a minute unless `at_once`."""
    held = facts(request)
    if at_once or _now() - held["seen"] >= SEEN_EVERY:
        held["seen"] = _now()
        held["staff"] = is_staff_anywhere(request.user)
        request.session.modified = True


def confirm(request: HttpRequest, second_factor: bool) -> None:
    """The person has just confirmed who they are. The session's key changes."""
    held = facts(request)
    held["fresh"] = held["seen"] = _now()
    if second_factor:
        held["second_factor"] = _now()
    request.session.modified = True
    request.session.cycle_key()


def set_second_factor(request: HttpRequest, has: bool) -> None:
    """The person has set up a second factor in this session, or removed the last one."""
    facts(request)["second_factor"] = _now() if has else None
    request.session.modified = True
    request.session.cycle_key()


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
    if ended is not None and held["at"] < int(ended.timestamp()):
        return 0, 0
    idle = now - held["seen"]
    limit = settings.SESSION_LIMIT_IDLE_STAFF if held["staff"] else settings.SESSION_LIMIT_IDLE
    return limit - idle, settings.SESSION_LIMIT_ABSOLUTE - (now - held["at"])
