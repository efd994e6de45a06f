"""Reading the log and the outbox, in constant memory whatever their size."""

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Min, Q

from portal import clock
from portal.events.models import OutboxEntry
from portal.events.outbox import effects

PAGE = 5000


class Link(NamedTuple):
    """An event with its payload and the checkpoint that names it as a stream's last.

    `id` is None for a head whose event is not there (the rest is None then, too).
    """

    stream: str
    sequence: int
    id: int | None
    type: str = ""
    actor: str = ""
    at: datetime | None = None
    data: Any = None
    personal_digest: str | None = None
    previous_hash: str = ""
    hash: str = ""
    payload_kept: bool = False
    salt: str | None = None
    body: Any = None
    erased_at: datetime | None = None
    checkpoint: int | None = None
    head_hash: str | None = None


_LINKS = """
    SELECT e.stream, e.sequence, e.id, e.type, e.actor, e.at, e.data::text, e.personal_digest,
           e.previous_hash, e.hash, p.event_id IS NOT NULL, p.salt, p.body::text, p.erased_at,
           h.checkpoint, h.hash
    FROM events_event e
    LEFT JOIN events_eventpayload p ON p.event_id = e.id
    LEFT JOIN events_checkpointhead h
        ON h.stream = e.stream AND h.sequence = e.sequence AND h.checkpoint <= %s
    WHERE (e.stream, e.sequence) > (%s, %s) AND (%s::text IS NULL OR e.stream = %s)
    ORDER BY e.stream, e.sequence LIMIT %s
"""
_LOST = """
    SELECT h.stream, h.sequence, h.checkpoint, h.hash FROM events_checkpointhead h
    WHERE h.checkpoint <= %s AND (%s::text IS NULL OR h.stream = %s) AND NOT EXISTS (
        SELECT FROM events_event e WHERE e.stream = h.stream AND e.sequence = h.sequence)
    ORDER BY h.stream, h.sequence
"""


def links(stream: str | None, upto_checkpoint: int) -> Iterator[Link]:
    """Every event of `stream` (None: of all) by stream and sequence, read page by page.

    Heads of checkpoints up to that number whose events are gone come in their place.
    """
    lost = list(_lost(stream, upto_checkpoint))
    yield from heapq.merge(
        _events(stream, upto_checkpoint), lost, key=lambda link: (link.stream, link.sequence)
    )


def _events(stream: str | None, upto_checkpoint: int) -> Iterator[Link]:
    after: tuple[str, int] = ("", 0) if stream is None else (stream, -(2**31))
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_LINKS, [upto_checkpoint, *after, stream, stream, PAGE])
            rows = cursor.fetchall()
        for row in rows:
            link = Link(*row)
            yield link._replace(data=_loads(link.data), body=_loads(link.body))
        if len(rows) < PAGE:
            return
        after = (rows[-1][0], rows[-1][1])


def _loads(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _lost(stream: str | None, upto_checkpoint: int) -> Iterator[Link]:
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [upto_checkpoint, stream, stream])
        for name, sequence, checkpoint, digest in cursor.fetchall():
            yield Link(name, sequence, None, checkpoint=checkpoint, head_hash=digest)


def last_witness(stream: str, key: str) -> tuple[int, str] | None:
    """Sequence and digest of the newest event of `stream` that saw the row `key`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, data -> 'witness' ->> %s FROM events_event"
            " WHERE stream = %s AND jsonb_exists(data -> 'witness', %s)"
            " ORDER BY sequence DESC LIMIT 1",
            [key, stream, key],
        )
        return cursor.fetchone()


def payloads_without_event() -> int:
    """How many personal payloads belong to no event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM events_eventpayload p"
            " WHERE NOT EXISTS (SELECT FROM events_event e WHERE e.id = p.event_id)"
        )
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class OutboxState:
    """The outbox in numbers. `oldest` is how long the oldest due entry has waited, in seconds."""

    waiting: int
    due: int
    running: int
    dead: int
    oldest: float
    unknown_kinds: dict[str, int]


def outbox_state() -> OutboxState:
    """How the outbox stands now; reads only what is not done."""
    now = clock.now()
    open_entries = OutboxEntry.objects.filter(done_at__isnull=True, dead_at__isnull=True)
    counts = open_entries.aggregate(
        waiting=Count("id"),
        due=Count("id", filter=Q(due_at__lte=now)),
        running=Count("id", filter=Q(lease_until__gt=now)),
        oldest=Min("due_at", filter=Q(lease_until__isnull=True) | Q(lease_until__lte=now)),
    )
    oldest = counts["oldest"]
    strange = open_entries.exclude(kind__in=list(effects())).values("kind").annotate(n=Count("id"))
    return OutboxState(
        waiting=counts["waiting"],
        due=counts["due"],
        running=counts["running"],
        dead=OutboxEntry.objects.filter(dead_at__isnull=False).count(),
        oldest=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        unknown_kinds=dict(strange.order_by("kind").values_list("kind", "n")),
    )


def dead_entries(limit: int = 100) -> list[OutboxEntry]:
    """What failed for good, latest first: for an administrator to look at and retry."""
    return list(OutboxEntry.objects.filter(dead_at__isnull=False).order_by("-dead_at")[:limit])


def put_off() -> list[tuple[str, str, int]]:
    """What failed, or waits for something outside, and will be tried again by itself: kind,
    reason, and how many entries of it there are."""
    rows = OutboxEntry.objects.filter(done_at__isnull=True, dead_at__isnull=True)
    counted = rows.exclude(last_error="").values_list("kind", "last_error").annotate(Count("id"))
    return list(counted.order_by("kind", "last_error")[:100])
