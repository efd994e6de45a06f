"""How long work waits, lane by lane: read by the health check, the metrics and administrators."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from portal.events.claiming import NOW, moment
from portal.events.lanes import Lane
from portal.events.models import LaneWorker

LOST = 30.0  # seconds without a look by any worker, after which a lane has none


@dataclass(frozen=True)
class LaneState:
    """One lane in numbers. `oldest`: seconds that the longest waiting entry has waited, those that
    failed and are tried again included; `relay`: seconds since a worker last looked for what is
    due, None when none ever did."""

    lane: Lane
    waiting: int = 0
    failed: int = 0
    running: int = 0
    dead: int = 0
    oldest: float = 0.0
    relay: float | None = None

    @property
    def slow(self) -> bool:
        """Whether something waits longer than it may."""
        return self.oldest > settings.LANE_LIMITS[self.lane]

    @property
    def deserted(self) -> bool:
        """Whether nobody works in it."""
        return self.relay is None or self.relay > LOST

    @property
    def state(self) -> str:
        """ "ok", or in a word what is wrong."""
        return "deserted" if self.deserted else "slow" if self.slow else "ok"


_OPEN = f"""
    SELECT lane,
        count(*) FILTER (WHERE wanted_at <= {NOW} AND free),
        count(*) FILTER (WHERE last_error <> '' AND free),
        count(*) FILTER (WHERE NOT free),
        coalesce(extract(epoch FROM {NOW} - min(wanted_at) FILTER (WHERE free)), 0)
    FROM (
        SELECT lane, wanted_at, last_error, (lease_until IS NULL OR lease_until <= {NOW}) AS free
        FROM events_outboxentry WHERE done_at IS NULL AND dead_at IS NULL
    ) entries GROUP BY lane
"""  # noqa: S608
_DEAD = "SELECT lane, count(*) FROM events_outboxentry WHERE dead_at IS NOT NULL GROUP BY lane"
_SEEN = """
    SELECT lane, extract(epoch FROM statement_timestamp() - max(seen_at))
    FROM events_laneworker GROUP BY lane
"""


def lanes() -> list[LaneState]:
    """Every lane, in three small queries: what is done is not read."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, moment())
        waits = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_DEAD)
        dead = dict(cursor.fetchall())
        cursor.execute(_SEEN)
        seen = dict(cursor.fetchall())
    found = []
    for lane in Lane:
        waiting, failed, running, oldest = waits.get(lane, (0, 0, 0, 0))
        relay = None if lane not in seen else max(0.0, float(seen[lane]))
        oldest = max(0.0, float(oldest))
        found.append(LaneState(lane, waiting, failed, running, dead.get(lane, 0), oldest, relay))
    return found


@dataclass(frozen=True)
class WorkerState:
    """One worker as it was last seen."""

    worker: str
    lanes: tuple[str, ...]
    version: str
    started_at: datetime
    seen_at: datetime


def workers() -> list[WorkerState]:
    """Who was seen within a day, by name."""
    rows: dict[str, list[LaneWorker]] = {}
    for row in LaneWorker.objects.order_by("worker", "lane"):
        rows.setdefault(row.worker, []).append(row)
    return [
        WorkerState(
            worker,
            tuple(row.lane for row in mine),
            mine[0].version,
            min(row.started_at for row in mine),
            max(row.seen_at for row in mine),
        )
        for worker, mine in rows.items()
    ]
