"""What the main process of a worker does beside handing work to its children.

In rounds of two seconds: it says that it lives (LaneWorker), buries what was claimed too often,
and wakes for what is due (relay), for the lanes it listens to at that moment. And whenever a child
ends with an entry in hand, that entry is given back at once.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import signals
from django.conf import settings
from django.db import connection, connections

from portal import version
from portal.events import claiming, keeping
from portal.events.lanes import Lane
from portal.events.relay import relay
from portal.events.waking import TASK, wake

log = logging.getLogger(__name__)

FORGOTTEN = 86_400  # seconds after which a worker that was not seen is no longer told

REASONS = {
    f"exitcode {keeping.TOO_BIG}": claiming.TOO_BIG,
    f"exitcode {keeping.TAKEN_OVER}": claiming.TAKEN_OVER,
}

_SEEN = """
    INSERT INTO events_laneworker (worker, lane, version, started_at, seen_at)
    SELECT %(worker)s, lane, %(version)s, statement_timestamp(), statement_timestamp()
    FROM unnest(%(lanes)s) AS lane
    ON CONFLICT (worker, lane) DO UPDATE SET seen_at = statement_timestamp(),
        version = EXCLUDED.version,
        started_at = CASE WHEN %(first)s THEN EXCLUDED.started_at
            ELSE events_laneworker.started_at END
"""


def seen(worker: str, lanes: list[Lane], first: bool) -> None:
    """Notes that `worker` lives and listens to `lanes`; `first`: it has just started."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SEEN,
            {
                "worker": worker,
                "lanes": [str(lane) for lane in lanes],
                "version": version.code(),
                "first": first,
            },
        )
        if first:
            cursor.execute(
                "DELETE FROM events_laneworker"
                " WHERE seen_at < statement_timestamp() - make_interval(secs => %s)",
                [FORGOTTEN],
            )


class Rounds(threading.Thread):
    """The rounds of one worker. `lanes()`: those that it listens to just now."""

    def __init__(self, worker: str, lanes: Callable[[], list[Lane]]) -> None:
        super().__init__(name="rounds", daemon=True)
        self._worker, self._lanes = worker, lanes
        self._over = threading.Event()
        # A child that is born while a lock is held has it locked for ever.
        self.between = threading.Lock()
        self._told: set[Lane] = set()

    def run(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            with self.between:
                self.one()
            self._over.wait(max(0.0, settings.WORKER_ROUND - (time.monotonic() - began)))

    def one(self) -> None:
        """One round. Never raises."""
        lanes = self._lanes()
        if not lanes:
            return
        try:
            seen(self._worker, lanes, first=not self._told.issuperset(lanes))
            self._told |= set(lanes)
            claiming.bury()
            for lane in lanes:
                relay(lane)
        except Exception as error:
            log.warning("a round of the worker failed: %s", type(error).__name__)
            connections.close_all()

    def stop(self) -> None:
        """No further round; returns when the one under way is over, or after some seconds."""
        self._over.set()
        self.join(5)


_rounds: Rounds | None = None


def at_rest() -> bool:
    """Whether no round is under way in this process."""
    if _rounds is None or not _rounds.between.acquire(timeout=5):
        return _rounds is None
    _rounds.between.release()
    return True


def attend(app: Any) -> None:
    """Whatever worker is started with `app` is attended to."""

    def begin(sender: Any, **_: Any) -> None:
        global _rounds
        if sender.app is not app or _rounds is not None:
            return

        def lanes() -> list[Lane]:
            consumer = sender.task_consumer
            return [lane for lane in Lane if consumer and consumer.consuming_from(str(lane))]

        os.register_at_fork(before=_pause, after_in_parent=_go_on, after_in_child=_forget)
        _rounds = Rounds(sender.hostname, lanes)
        _rounds.start()

    def end(**_: Any) -> None:
        if _rounds is not None:
            _rounds.stop()

    signals.worker_ready.connect(begin, weak=False)
    signals.worker_shutting_down.connect(end, weak=False)
    signals.task_failure.connect(_child_ended, weak=False)


_paused = False


def _pause() -> None:
    global _paused
    _paused = (
        _rounds is not None
        and threading.current_thread() is not _rounds
        and _rounds.between.acquire(timeout=5)
    )


def _go_on() -> None:
    global _paused
    if _paused and _rounds is not None:
        _paused = False
        _rounds.between.release()


def _forget() -> None:
    global _rounds, _paused
    _rounds, _paused = None, False


def _child_ended(sender: Any, task_id: str, exception: Any, args: Any, **_: Any) -> None:
    """In the main process: a child ended with `args` in hand, or Celery ended it."""
    if _rounds is None or sender.name != TASK:
        return
    if isinstance(exception, TimeLimitExceeded):
        counts, reason = True, claiming.TOO_LONG
    elif isinstance(exception, WorkerLostError):
        told = str(exception)
        counts = True
        reason = next((words for code, words in REASONS.items() if code in told), claiming.KILLED)
    else:  # the database went away under it: that is nobody's fault
        counts, reason = False, type(exception).__name__
    # Not in the loop that speaks to the broker: the database may let us wait.
    work = (args[0], task_id, reason, counts)
    threading.Thread(target=_give_back, args=work, daemon=True).start()


def _give_back(entry_id: int, holder: str, reason: str, counts: bool) -> None:
    try:
        for last in (False, False, True):
            try:
                back = claiming.give_back(entry_id, holder, reason, counts)
                break
            except Exception as error:
                # The dead child's transaction still has the row, or the database is away.
                log.warning("entry %s not given back: %s", entry_id, type(error).__name__)
                connections.close_all()
                if last:
                    return
        if back is not None:
            wake(entry_id, *back)
    finally:
        connections.close_all()
