"""Jobs begun and cleared away."""

import hashlib
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils.translation import get_language

from portal import clock
from portal.events import outbox
from portal.events.lanes import Lane
from portal.events.models import OutboxEntry
from portal.jobs import kinds
from portal.jobs.models import OVER, Job, State

MOST_OPEN = 10  # jobs of one person that are not over: nobody fills the lane alone


class TooMany(Exception):
    """The person has as many jobs under way as anybody may have."""


def digest_of(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(
    kind: str,
    payload: dict[str, Any],
    by: Any = None,
    *,
    key: str = "",
    source: str = "",
    lane: Lane | None = None,
) -> Job:
    """Asks for a job in the caller's language and returns it, in a transaction of its own or of
    the caller.

    `by`: the person whose job it is; without one `job.secret` is the only way to it, and the
    caller limits how many there are. `key`: while a job of this person and kind with the same key
    is under way or its file is there, that one is returned. `source`: digest of an object in the
    store that the work reads. `lane`: another one than the kind's, for a big one. Raises KeyError for an unknown kind, TooMany, and nothing else.
    """
    known = kinds.kinds()[kind]
    owner = by if by is not None and by.is_authenticated else None
    now = clock.now()
    with transaction.atomic():
        if owner:
            _one_at_a_time(f"jobs:{owner.pk}")
            if found := _same(owner, kind, key):
                return found
            open_jobs = Job.objects.filter(owner=owner, expires_at__gt=now).exclude(state__in=OVER)
            if open_jobs.count() >= MOST_OPEN:
                raise TooMany
        secret = "" if owner else secrets.token_urlsafe(32)
        job = Job.objects.create(
            kind=kind,
            owner=owner,
            secret_digest=digest_of(secret) if secret else "",
            key=key,
            language=get_language() or "en",
            payload=payload,
            source_digest=source,
            expires_at=now + known.keep,
        )
        job.secret = secret
        outbox.queue(kind, {"job": str(job.pk)}, str(job.pk), lane=lane)
    return job


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _same(owner: Any, kind: str, key: str) -> Job | None:
    if not key:
        return None
    found = Job.objects.filter(owner=owner, kind=kind, key=key, expires_at__gt=clock.now())
    job = found.order_by("-created_at").first()
    return job if job and standing(job)[0] != State.FAILED else None


def standing(job: Job) -> tuple[State, bool]:
    """(where the job stands, whether it was tried in vain before).

    The outbox knows better than the row when a worker was killed: what is dead there has failed,
    and what nobody holds any more waits.
    """
    if job.state in OVER:
        return State(job.state), False
    entry = OutboxEntry.objects.filter(kind=job.kind, key=str(job.pk)).first()
    if entry is None or entry.dead_at:
        return State.FAILED, True
    held = entry.lease_until is not None and entry.lease_until > clock.now()
    running = held and job.state == State.RUNNING
    return (State.RUNNING if running else State.WAITING), entry.attempts > int(held)


def clean() -> int:
    """Removes jobs that have expired; their files go with the store's sweep. Returns how many."""
    return Job.objects.filter(expires_at__lte=clock.now()).delete()[0]
