"""Where somebody is signed in: a row beside each session, for the person to see and end."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from portal import clock
from portal.accounts.commands import note
from portal.accounts.models import OpenSession, User
from portal.accounts.policy import is_staff_anywhere

BROWSERS = (
    ("Edge", r"Edg/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iOS", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def kind(agent: str) -> str:
    """Kind of browser and system that a User-Agent header tells: "Firefox, Linux"; or ""."""
    found = [
        next((name for name, mark in table if re.search(mark, agent)), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(part for part in found if part)


def show(request: HttpRequest, user: User, facts: dict[str, Any]) -> None:
    """Keeps the row of this session, whose key may have changed. `facts`: portal.accounts.sessions."""
    if request.session.session_key is None:
        request.session.save()
    # Two requests at once of a session without a row name the same row.
    made_of = f"{user.pk}:{facts['at']}:{request.session.session_key}"
    facts.setdefault("id", str(uuid.uuid5(uuid.NAMESPACE_OID, made_of)))
    held: dict[str, Any] = {
        "user": user,
        "session_key": request.session.session_key,
        "browser": kind(request.headers.get("User-Agent", "")[:500]),
        "provider": (facts.get("provider") or {}).get("provider", ""),
        "seen_at": clock.now(),
    }
    began = datetime.fromtimestamp(facts["at"], UTC)
    OpenSession.objects.update_or_create(
        pk=facts["id"], defaults=held, create_defaults={**held, "began_at": began}
    )


def of(user: User) -> QuerySet[OpenSession]:
    """The sessions in which `user` is signed in now, the last seen first."""
    now = clock.now()
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    begun = Q(began_at__gt=now - timedelta(seconds=settings.SESSION_LIMIT_ABSOLUTE))
    if user.sessions_ended_at is not None:
        # The one that ended the others goes on: it is seen from then on.
        begun &= Q(began_at__gt=user.sessions_ended_at) | Q(seen_at__gte=user.sessions_ended_at)
    staff = is_staff_anywhere(user)
    idle = settings.SESSION_LIMIT_IDLE_STAFF if staff else settings.SESSION_LIMIT_IDLE
    seen = now - timedelta(seconds=idle)
    found = OpenSession.objects.filter(begun, Exists(alive), user=user, seen_at__gt=seen)
    return found.order_by("-seen_at", "pk")


@transaction.atomic
def end(user: User, session_id: Any) -> bool:
    """Ends one session of `user` at its next request; False when there is none (or another's)."""
    row = of(user).filter(pk=session_id).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    note(user, "user.session_ended")
    return True


def forget_old() -> None:
    """Removes the rows of sessions that are over."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
    OpenSession.objects.filter(~Exists(alive)).delete()
