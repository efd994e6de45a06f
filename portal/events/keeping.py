"""Keeps an entry while its effect runs: renews the lease, and looks at how much memory it takes."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from portal.events import claiming
from portal.events.effects import Effect
from portal.events.models import OutboxEntry

log = logging.getLogger(__name__)

EVERY = claiming.LEASE.total_seconds() / 3  # seconds between two renewals
LOOKS = 0.5  # seconds between two looks at the memory
TOO_BIG, TAKEN_OVER = 77, 78  # how a child of the worker ends then; its parent reads it

_PAGE = os.sysconf("SC_PAGE_SIZE")


def megabytes() -> int:
    """What this process holds in memory; 0 where the system does not say (no /proc)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE // 2**20
    except OSError:
        return 0


class Keeper(threading.Thread):
    """Beside one try of one entry. `ends`: whether it may end this process, a child of the
    worker's pool, when the work grows too big or is another worker's by now."""

    def __init__(self, entry: OutboxEntry, known: Effect, ends: bool) -> None:
        super().__init__(name=f"keeper-{entry.pk}", daemon=True)
        self._id, self._attempt, self._kind = entry.pk, entry.attempts, entry.kind
        self._most, self._ends = known.megabytes, ends
        self._over = threading.Event()

    def run(self) -> None:
        renewed = time.monotonic()
        try:
            while not self._over.wait(LOOKS if self._ends else EVERY):
                if self._ends and (size := megabytes()) > self._most:
                    log.error("outbox entry %s (%s) holds %s MB", self._id, self._kind, size)
                    os._exit(TOO_BIG)
                if time.monotonic() - renewed >= EVERY:
                    renewed = time.monotonic()
                    self._renew()
        finally:
            connections.close_all()  # this thread's own

    def _renew(self) -> None:
        try:
            mine = claiming.renew(self._id, self._attempt)
        except Exception as error:
            # Whoever cannot reach the database may lose the lease; finish() will say so.
            log.warning("outbox entry %s: no renewal: %s", self._id, type(error).__name__)
            return
        if not mine and not self._over.is_set():
            log.warning("outbox entry %s (%s) is no longer ours", self._id, self._kind)
            if self._ends:
                os._exit(TAKEN_OVER)

    def stop(self) -> None:
        """The work is over."""
        self._over.set()
        self.join()


@contextmanager
def kept(entry: OutboxEntry, known: Effect, ends: bool) -> Iterator[None]:
    """Around the work at a claimed entry."""
    keeper = Keeper(entry, known, ends)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
