"""A file that is too large to be looked at while somebody waits."""

import secrets

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from portal import clock, store
from portal.events.outbox import queue
from portal.jobs import commands
from portal.jobs.models import OVER, Job

KIND, FORGET = "letter.verify", "letter.forget"
# Anybody may ask: few of one address, and not more than are looked at within some minutes.
MOST_OF_ONE, MOST_OF_ALL = 3, 20
# Before the bytes in the store. So nobody else's object is the same one, and it can go at once.
MARK_BYTES = 32


class Full(Exception):
    """As many files wait as may."""


def begin(pdf: bytes, address: str) -> Job:
    """Keeps the file for a job that looks at it; `job.secret` is the only way to the answer. Raises
    Full, OSError, store.StoreFailed."""
    key = salted_hmac(KIND, address, algorithm="sha256").hexdigest()[:32]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [KIND])
        waiting = Job.objects.filter(kind=KIND, expires_at__gt=clock.now()).exclude(state__in=OVER)
        if waiting.count() >= MOST_OF_ALL or waiting.filter(key=key).count() >= MOST_OF_ONE:
            raise Full
        source = store.put(secrets.token_bytes(MARK_BYTES) + pdf)
        job = commands.begin(KIND, {}, key=key, source=source)
        # Also when nobody got round to looking at it.
        queue(FORGET, {"source": source}, source, at=job.expires_at)
        return job


def given(source: str) -> bytes:
    """The file that was kept. Raises FileNotFoundError."""
    return store.read(source)[MARK_BYTES:]


def forget(source: str) -> None:
    """Takes the file away for good."""
    with store.held(source):
        store.remove(source)
