"""Signed checkpoints: what the log looked like at a moment, so that a tail cut off later, or a
chain computed anew, does not pass."""

import time
from typing import Any

from django.db import connection, transaction

from portal.events import keys
from portal.events.chain import GENESIS, Tree, checkpoint_hash, leaf, signed_text
from portal.events.claiming import database_now
from portal.events.models import Checkpoint, CheckpointHead

PATIENCE = 15.0  # seconds to wait for transactions that are writing


class Busy(Exception):
    """Somebody is still writing what the checkpoint would have to cover: try again later."""


def make_checkpoint(patience: float = PATIENCE) -> Checkpoint | None:
    """Signs the last events of all streams that grew since the checkpoint before.

    Returns None when nothing was written since. Raises NoKey without a signing key, Busy when
    transactions that were open at the call are so `patience` seconds later.
    """
    key = keys.private_key()
    last_id = _settled_id(patience)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('checkpoint', 0))")
        before = Checkpoint.objects.order_by("-number").first()
        number, since = (before.number + 1, before.last_id) if before else (1, 0)
        cursor.execute(
            "INSERT INTO events_checkpointhead (checkpoint, stream, sequence, hash)"
            " SELECT DISTINCT ON (stream) %s::int, stream, sequence, hash FROM events_event"
            " WHERE id > %s AND id <= %s ORDER BY stream, sequence DESC",
            [number, since, last_id],
        )
        tree = tree_of(number)
        if not tree.leaves:
            return None
        facts: dict[str, Any] = {
            "number": number,
            # The database's time: the clocks of hosts differ, and one stands still while a demo's
            # cases are made. No checkpoint says that it is older than the one that it follows.
            "at": max(database_now(), before.at) if before else database_now(),
            "last_id": last_id,
            "heads": tree.leaves,
            "root": tree.root(),
            "previous_hash": before.hash if before else GENESIS,
            "public_key": keys.public_hex(key),
        }
        digest = checkpoint_hash(**facts)
        signature = key.sign(signed_text(digest)).hex()
        return Checkpoint.objects.create(**facts, hash=digest, signature=signature)


def tree_of(number: int) -> Tree:
    """The tree over the heads of one checkpoint, in the order of the streams' bytes."""
    tree = Tree()
    heads = CheckpointHead.objects.filter(checkpoint=number).order_by("stream")
    for stream, sequence, digest in heads.values_list("stream", "sequence", "hash").iterator():
        tree.add(leaf(stream, sequence, digest))
    return tree


def _settled_id(patience: float) -> int:
    """An event id at or below which nothing can appear any more.

    Ids are drawn before their transactions commit, so the highest one is not enough. Whoever
    inserts holds a lock on the table before the id is drawn and until the end: once all who hold
    one after the sequence was read are through, what lies at or below it is settled. Nobody has
    to wait for us meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM events_event_id_seq")
        value, drawn = cursor.fetchone()
        writing = _writers(cursor)
        until = time.monotonic() + patience
        while writing and (writing := writing & _writers(cursor)):
            if time.monotonic() >= until:
                raise Busy("transactions that write events are still open")
            time.sleep(0.05)
        return value if drawn else 0


def _writers(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT virtualtransaction FROM pg_locks WHERE relation = 'events_event'::regclass"
        " AND mode = 'RowExclusiveLock' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND pid IS DISTINCT FROM pg_backend_pid()"
    )
    return {row[0] for row in cursor.fetchall()}
