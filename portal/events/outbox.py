"""The outbox: what is to be done after commit is a row of the same transaction.

The database is the truth; the broker only wakes somebody up. A claim leases a row for a while, so
that what a killed worker held comes back by itself. Each attempt has a number; whoever finishes
must still hold it.
"""

import json
import logging
import random
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from portal.events.canonical import plain
from portal.events.claiming import DEATHS, NOW, after, bury, claim, held, moment, now
from portal.events.effects import Effect, effect, effects
from portal.events.keeping import kept
from portal.events.lanes import Lane
from portal.events.log import record
from portal.events.models import OutboxEntry
from portal.events.waking import wake

__all__ = [
    "Effect",
    "Lane",
    "Never",
    "NotYet",
    "current_entry",
    "effect",
    "effects",
    "finish",
    "queue",
    "retry",
    "run_due",
    "run_entry",
]

log = logging.getLogger(__name__)

TRIES = 12
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 6 * 3600.0  # seconds; twelve tries take most of a day
LONGEST_WAIT = 1800.0  # seconds until what waits for a part outside is tried again

_HOUSE = Path(__file__).resolve().parents[2]  # our own code, whose lines may be named


@dataclass(frozen=True)
class Current:
    """The entry that is being run. `attempt` counts from 1."""

    id: int
    kind: str
    key: str
    attempt: int


class NotYet(Exception):
    """Raised by an effect: something outside is away; try again, for as long as it takes.

    It costs none of the twelve tries: a scanner that comes back after a week finds its files
    waiting, and nobody presses anything. `seconds`: how long to wait; by default the pause grows
    with every attempt, up to half an hour. The text is shown: no personal data in it.
    """

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Never(Exception):
    """Raised by an effect: no further attempt can help. The text is shown: no personal data."""


class LeaseLost(Exception):
    """Another worker has this entry by now, or it is done: write nothing."""


_current: ContextVar[Current | None] = ContextVar("current_entry", default=None)


def current_entry() -> Current:
    """The entry whose effect is running. Raises LookupError outside of an effect."""
    found = _current.get()
    if found is None:
        raise LookupError("no outbox entry is being run")
    return found


def queue(
    kind: str, payload: dict, key: str, at: datetime | None = None, lane: Lane | None = None
) -> bool:
    """Notes that `kind` is to be done with `payload` once the caller's transaction has committed.

    `key`: the same key of the same kind is done once, however often it is queued. `at`: not
    before that moment. `lane`: another one than the kind's, for one that is bigger than usual. Returns False when the key was there already. Raises
    TransactionManagementError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("queue() belongs into the transaction of what it follows")
    known = effects().get(kind)
    lane = lane or (known.lane if known else Lane.MAIL)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO events_outboxentry (kind, payload, key, lane, created_at, wanted_at, due_at,
                attempts, allowed, last_error)
            VALUES (%(kind)s, %(payload)s::jsonb, %(key)s, %(lane)s, {NOW},
                COALESCE(%(at)s, {NOW}), COALESCE(%(at)s, {NOW}), 0, %(tries)s, '')
            ON CONFLICT (kind, key) DO NOTHING RETURNING id, due_at <= {NOW}
            """,  # noqa: S608
            {
                **moment(),
                "kind": kind,
                "payload": json.dumps(plain(payload)),
                "key": key,
                "lane": lane,
                "at": at,
                "tries": TRIES,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return False
    entry_id, due_now = row
    if due_now:
        transaction.on_commit(partial(wake, entry_id, kind, lane), robust=True)
    return True


def open_keys(kind: str) -> set[str]:
    """The keys of what is still to be done of `kind`; dead entries are not among them."""
    rows = OutboxEntry.objects.filter(kind=kind, done_at__isnull=True, dead_at__isnull=True)
    return set(rows.values_list("key", flat=True))


@contextmanager
def _as_current(entry: OutboxEntry) -> Iterator[None]:
    token = _current.set(Current(entry.pk, entry.kind, entry.key, entry.attempts))
    try:
        yield
    finally:
        _current.reset(token)


def finish() -> None:
    """Marks the running entry done within the transaction that the effect has open.

    Whatever that transaction writes is then written exactly once. Raises LeaseLost when another
    worker has taken the entry over, or it is done: let it go through, so that all is undone.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("finish() belongs into the transaction of the effect")
    if not _mark_done(current_entry()):
        raise LeaseLost


def _mark_done(current: Current) -> bool:
    changes: dict[str, Any] = {"done_at": now(), "lease_until": None, "last_error": ""}
    if effects()[current.kind].forget:
        changes["payload"] = {}
    return bool(held(current.id, current.attempt).update(**changes))


def _run(entry: OutboxEntry, ends: bool = False) -> bool:
    """Runs a claimed entry. True when it is done afterwards; never raises an effect's error."""
    known = effects()[entry.kind]
    try:
        with _as_current(entry), kept(entry, known, ends):
            if known.atomic:
                _run_atomic(known, entry)
            else:
                known.handler(entry.payload)
                _done_or_lost(current_entry())
    except LeaseLost:
        log.warning("outbox entry %s (%s) was taken over by another worker", entry.pk, entry.kind)
        return False
    except Exception as error:
        _failed(entry, error)
        return False
    return True


def _done_or_lost(current: Current) -> None:
    # The effect may have marked it itself, with finish().
    mine = OutboxEntry.objects.filter(pk=current.id, attempts=current.attempt)
    if not _mark_done(current) and not mine.filter(done_at__isnull=False).exists():
        raise LeaseLost


def _run_atomic(known: Effect, entry: OutboxEntry) -> None:
    with transaction.atomic():
        # The row stays locked while the effect runs: even when the lease passes meanwhile, SKIP
        # LOCKED keeps other workers off.
        if not held(entry.pk, entry.attempts).select_for_update().exists():
            raise LeaseLost
        known.handler(entry.payload)
        _mark_done(current_entry())


def _failed(entry: OutboxEntry, error: Exception) -> None:
    told = _describe(error)
    changes: dict[str, Any] = {"lease_until": None, "last_error": told}
    if isinstance(error, NotYet):
        # `allowed` grows along: how far it is above twelve says how often this was put off.
        changes["allowed"] = entry.allowed + 1
        pause = error.seconds or min(_pause(entry.allowed + 1 - TRIES), LONGEST_WAIT)
        changes["due_at"] = after(pause)
        log.warning("outbox entry %s (%s) waits: %s", entry.pk, entry.kind, told)
    elif isinstance(error, MemoryError) and entry.killed + 1 < DEATHS:
        changes["killed"] = entry.killed + 1
        log.warning("outbox entry %s (%s) ran out of memory", entry.pk, entry.kind)
    elif isinstance(error, Never | MemoryError) or entry.attempts >= entry.allowed:
        changes["dead_at"] = now()
        log.error("outbox entry %s (%s) is dead: %s", entry.pk, entry.kind, told)
    else:
        pause = _pause(entry.attempts + TRIES - entry.allowed)
        changes["due_at"] = after(pause)
        log.warning("outbox entry %s (%s) failed: %s", entry.pk, entry.kind, told)
    held(entry.pk, entry.attempts).update(**changes)


def _pause(attempts: int) -> float:
    """Seconds until the next try: grows threefold, a fifth of chance so that many do not meet."""
    grown = FIRST_PAUSE * 3 ** min(attempts - 1, 20)
    return min(grown, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311


def _describe(error: Exception) -> str:
    # The text of an error can hold anything, an address for one: only our own are shown.
    if isinstance(error, NotYet | Never):
        return str(error)
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_HOUSE) and ".venv" not in Path(frame.filename).parts
    ]
    if not ours:
        return type(error).__name__
    path = Path(ours[-1].filename).relative_to(_HOUSE)
    return f"{type(error).__name__} at {path}:{ours[-1].lineno}"


def run_entry(entry_id: int, holder: str = "") -> bool:
    """Runs one entry now if it is due and nobody has it. True when it is done afterwards.

    `holder`: the message that asked a child of a worker for it; that child is ended when the work
    grows too big, and its parent gives the entry back.
    """
    entry = claim(only=entry_id, holder=holder)
    return entry is not None and _run(entry, ends=bool(holder))


def run_due(limit: int = 1000, kinds: list[str] | None = None, seconds: float | None = None) -> int:
    """Runs what is due, one after the other; returns how many entries were tried.

    At most `limit`, only `kinds` when given, and none begun after `seconds`. What becomes due
    meanwhile is run too. In tests this is the worker.
    """
    bury()
    until = time.monotonic() + seconds if seconds is not None else None
    tried = 0
    while tried < limit and (until is None or time.monotonic() < until):
        entry = claim(kinds=kinds)
        if entry is None:
            break
        _run(entry)
        tried += 1
    return tried


def retry(entry_id: int, actor: str, reason: str = "") -> bool:
    """Gives a dead entry twelve new tries, from now, and records who asked and why (beside the
    chain: it is free text). False if not dead."""
    with transaction.atomic():
        dead = OutboxEntry.objects.filter(pk=entry_id, dead_at__isnull=False)
        entry = dead.select_for_update().first()
        if entry is None:
            return False
        # The count goes on: it is the fencing token, and an old worker may still be about.
        dead.update(
            dead_at=None,
            allowed=entry.attempts + TRIES,
            killed=0,
            lease_until=None,
            wanted_at=now(),
            due_at=now(),
        )
        why = {"reason": reason} if reason else None
        record(f"outbox:{entry.pk}", "outbox.retried", actor, {"kind": entry.kind}, why)
        transaction.on_commit(partial(wake, entry.pk, entry.kind, Lane(entry.lane)), robust=True)
    return True
