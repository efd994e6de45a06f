"""Are the rows still what the log has seen? The part of `verify` that looks beside the log."""

from collections.abc import Callable

from django.db import connection, transaction

from portal.events import witness
from portal.events.selectors import Link, last_witness

AT_ONCE = 500  # rows compared together

Fault = Callable[[str], None]


class Rows:
    """Gathers what the newest event of each row has seen, and compares it with the rows, many at a
    time. `fault` is told in words what does not fit."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._stream = ""
        self._seen: dict[str, tuple[int, str]] = {}
        self._waiting: dict[str, tuple[str, int, str]] = {}
        self.compared = 0

    def take(self, link: Link) -> None:
        """One event, in the order of its stream."""
        if link.stream != self._stream:
            self._settle()
            self._stream = link.stream
        seen = link.data.get(witness.WITNESS) if isinstance(link.data, dict) else None
        if isinstance(seen, dict):
            self._seen |= {key: (link.sequence, str(digest)) for key, digest in seen.items()}

    def _settle(self) -> None:
        """A stream is read to its end: what its newest events have seen is compared."""
        for key, (sequence, digest) in self._seen.items():
            self._waiting[key] = (self._stream, sequence, digest)
        self._seen = {}
        if len(self._waiting) >= AT_ONCE:
            self._compare()

    def close(self) -> None:
        """Compares what is left."""
        self._settle()
        self._compare()

    def _compare(self) -> None:
        known = {key: seen for key, seen in self._waiting.items() if witness.knows(key)}
        for key in sorted(self._waiting.keys() - known.keys()):
            stream, sequence, _digest = self._waiting[key]
            self._fault(f"{stream}, event {sequence}: speaks of {key}, which nobody here knows")
        now = witness.digests(known)
        for key, (stream, sequence, digest) in known.items():
            self.compared += 1
            if now[key] != digest:
                self._look_again(stream, key, sequence)
        self._waiting = {}

    def _look_again(self, stream: str, key: str, sequence: int) -> None:
        """Somebody may have written since the event was read: event and row in one snapshot."""
        nested = connection.in_atomic_block
        with transaction.atomic():
            if not nested:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            newest = last_witness(stream, key)
            now = witness.digests([key])[key]
        if newest is None or newest[1] == now:
            return
        what = (
            "is gone" if not now else "is not what the log has seen: it was changed past the portal"
        )
        self._fault(f"{stream}, event {newest[0]}: {key} {what}")
