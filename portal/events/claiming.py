"""Who has an outbox entry, and until when. Every moment here is the database's: the clocks of hosts
differ, and a lease that one host gives another one must be able to read.

Whoever claims an entry has it for LEASE; while the work runs the lease is renewed. What ends
otherwise than by itself (killed, out of time or memory, its whole machine gone) is counted apart
from what fails: the second time it is dead.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Now

from portal import clock
from portal.events.effects import effects
from portal.events.lanes import Lane
from portal.events.models import OutboxEntry

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
DEATHS = 2  # so often may a try be ended from outside

# Why a try was ended from outside: `last_error` then.
GONE = "its worker was gone every time"
KILLED = "its process was killed"
TOO_LONG = "it ran longer than its kind may"
TOO_BIG = "it needed more memory than its kind may"
TAKEN_OVER = "another worker had taken it over"

# A clock that stands still for a test or for seeding goes before the database's.
NOW = "COALESCE(%(frozen)s::timestamptz, statement_timestamp())"

# Other processes go by the real time: where the clock was put back, the lease still holds for them.
_UNTIL = f"GREATEST({NOW}, statement_timestamp()) + %(lease)s"

# A lease that has run out is a worker that is gone; unless the database was, which renews nothing.
_LOST = (
    f"(lease_until IS NOT NULL AND lease_until <= {NOW}"
    " AND lease_until - %(lease)s > pg_postmaster_start_time())::int"
)


def moment() -> dict[str, Any]:
    """The parameters that NOW needs."""
    return {"frozen": clock.standing(), "lease": LEASE}


def now() -> Any:
    """The database's present moment, for a query or an update of Django's."""
    standing = clock.standing()
    return Now() if standing is None else Value(standing, output_field=DateTimeField())


def after(seconds: float) -> Any:
    """The moment `seconds` from the database's now."""
    return now() + Value(timedelta(seconds=seconds))


def claim(
    only: int | None = None,
    kinds: list[str] | None = None,
    lane: Lane | None = None,
    holder: str = "",
) -> OutboxEntry | None:
    """Leases one due entry to the caller, or returns None. Commits at once.

    `holder`: the message that the worker works at, by which its parent knows what it had.
    """
    with transaction.atomic():
        rows = OutboxEntry.objects.raw(
            f"""
            UPDATE events_outboxentry SET attempts = attempts + 1, killed = killed + {_LOST},
                holder = %(holder)s, lease_until = {_UNTIL}
            WHERE id = (
                SELECT id FROM events_outboxentry
                WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= {NOW}
                  AND (lease_until IS NULL OR lease_until <= {NOW})
                  AND attempts < allowed AND killed + {_LOST} < %(deaths)s
                  AND kind = ANY(%(kinds)s) AND (%(lane)s::text IS NULL OR lane = %(lane)s)
                  AND (%(only)s::bigint IS NULL OR id = %(only)s)
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            ) RETURNING *
            """,  # noqa: S608
            {
                **moment(),
                "deaths": DEATHS,
                "holder": holder,
                "kinds": list(effects()) if kinds is None else kinds,
                "lane": lane,
                "only": only,
            },
        )
        return next(iter(rows), None)


def renew(entry_id: int, attempt: int) -> bool:
    """Lengthens the lease of who holds the entry. False when it is somebody else's, or over."""
    with connection.cursor() as cursor:
        # An atomic effect has the row locked: that keeps others off as well as a lease.
        cursor.execute(
            f"""
            UPDATE events_outboxentry SET lease_until = {_UNTIL} WHERE id IN (
                SELECT id FROM events_outboxentry
                WHERE id = %(id)s AND attempts = %(attempt)s
                  AND done_at IS NULL AND dead_at IS NULL AND lease_until IS NOT NULL
                FOR UPDATE SKIP LOCKED)
            """,  # noqa: S608
            {**moment(), "id": entry_id, "attempt": attempt},
        )
        if cursor.rowcount:
            return True
    return OutboxEntry.objects.filter(
        pk=entry_id,
        attempts=attempt,
        done_at__isnull=True,
        dead_at__isnull=True,
        lease_until__isnull=False,
    ).exists()


def give_back(
    entry_id: int, holder: str, reason: str, counts: bool = True
) -> tuple[str, Lane] | None:
    """A worker's child ended with this entry in hand: it is anybody's again, at once.

    `counts`: whether the work is to blame; the second time it is dead then. Returns kind and lane
    when it is to be tried again, None when it is dead, done or not that holder's any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE events_outboxentry SET lease_until = NULL, holder = '', last_error = %(reason)s,
                killed = killed + %(counts)s,
                dead_at = CASE WHEN killed + %(counts)s >= %(deaths)s OR attempts >= allowed
                    THEN {NOW} END
            WHERE id = %(id)s AND holder = %(holder)s AND done_at IS NULL AND dead_at IS NULL
              AND lease_until IS NOT NULL
            RETURNING lane, dead_at, kind
            """,  # noqa: S608
            {
                **moment(),
                "id": entry_id,
                "holder": holder,
                "reason": reason,
                "counts": int(counts),
                "deaths": DEATHS,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    lane, dead_at, kind = row
    if dead_at is not None:
        log.error("outbox entry %s (%s) is dead: %s", entry_id, kind, reason)
        return None
    log.warning("outbox entry %s (%s) goes on: %s", entry_id, kind, reason)
    return kind, Lane(lane)


def bury() -> int:
    """Marks as dead what was claimed too often and never came back. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE events_outboxentry SET dead_at = {NOW}, lease_until = NULL, holder = '',
                killed = killed + {_LOST}, last_error = %(reason)s
            WHERE id IN (
                SELECT id FROM events_outboxentry
                WHERE done_at IS NULL AND dead_at IS NULL AND lease_until <= {NOW}
                  AND (attempts >= allowed OR killed + {_LOST} >= %(deaths)s)
                FOR UPDATE SKIP LOCKED)
            """,  # noqa: S608
            {**moment(), "deaths": DEATHS, "reason": GONE},
        )
        return cursor.rowcount


def held(entry_id: int, attempt: int) -> Any:
    """The entry as long as it is that attempt's: who lost it finds nothing to write to."""
    return OutboxEntry.objects.filter(
        pk=entry_id, attempts=attempt, done_at__isnull=True, dead_at__isnull=True
    )


def due(lane: Lane, limit: int) -> list[tuple[int, str]]:
    """(id, kind) of what waits in a lane for a worker, the longest first."""
    rows = OutboxEntry.objects.filter(
        lane=lane,
        kind__in=list(effects()),
        done_at__isnull=True,
        dead_at__isnull=True,
        due_at__lte=now(),
        attempts__lt=F("allowed"),
    ).exclude(lease_until__gt=now())
    return list(rows.order_by("due_at").values_list("id", "kind")[:limit])


def database_now() -> datetime:
    """What the database's clock says."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NOW}", moment())
        return cursor.fetchone()[0]
