"""Writing events. `record` is the only writer of the log."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from portal import clock
from portal.events.canonical import plain
from portal.events.chain import GENESIS, event_hash, personal_digest
from portal.events.models import Event, EventPayload

ERASED = "personal.erased"
_LOCK_SEED = 0x74696C67616E67  # keeps our advisory locks apart from others'


def record(stream: str, type: str, actor: str, data: dict, personal: dict | None = None) -> Event:
    """Appends one event to `stream`, in the caller's transaction, and returns it.

    `type` is `<what>.<happened>`, `actor` is `user:<uuid>` or `system:<name>`; `data` are JSON
    facts without personal data. `personal` stands beside the chain, can be erased, and enters it
    as a salted digest. Raises TransactionManagementError outside of a transaction, TypeError or
    ValueError for data without a canonical form (floats among them). Two writers of one stream
    wait for each other until the first has committed.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("record() belongs into the transaction of what it tells")
    if not stream or not type or ":" not in actor:
        raise ValueError("an event needs a stream, a type and an actor with its kind")
    facts, private = plain(data), plain(personal)
    stream, type, actor = plain(stream), plain(type), plain(actor)
    _lock(stream)
    # A statement of its own: it must see what was committed while the lock was waited for.
    head = (
        Event.objects.filter(stream=stream).order_by("-sequence").only("sequence", "hash").first()
    )
    salt = secrets.token_hex(32) if private is not None else ""
    event = Event(
        stream=stream,
        sequence=head.sequence + 1 if head else 1,
        type=type,
        actor=actor,
        at=clock.now(),
        data=facts,
        personal_digest=personal_digest(salt, private) if private is not None else None,
        previous_hash=head.hash if head else GENESIS,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    if private is not None:
        EventPayload.objects.create(event_id=event.pk, salt=salt, body=private)
    return event


def hash_of(event: Event) -> str:
    """The hash that `event` must carry, computed from its fields."""
    return event_hash(
        stream=event.stream,
        sequence=event.sequence,
        type=event.type,
        actor=event.actor,
        at=event.at,
        data=event.data,
        personal_digest=event.personal_digest,
        previous_hash=event.previous_hash,
    )


def _lock(stream: str) -> None:
    # Until the end of the transaction. A hash of the stream's name is locked, not a row: a stream
    # has none before its first event.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            [stream, _LOCK_SEED],
        )


def personal_of(events: Iterable[Event]) -> dict[int, Any]:
    """The personal facts of `events` by event id; absent where there are none or they are erased."""
    ids = [event.pk for event in events if event.personal_digest]
    kept = EventPayload.objects.filter(event_id__in=ids, erased_at__isnull=True)
    return dict(kept.values_list("event_id", "body"))


def erase_personal(stream: str, actor: str, reason: str, upto: int | None = None) -> Event | None:
    """Erases the personal facts of a stream (up to sequence `upto`) and records that.

    Body and salt go, the digest stays, the chain verifies as before. Returns the event that names
    what was erased, or None when there was nothing. The verifier reports an erasure without one.
    """
    with transaction.atomic():
        _lock(stream)
        events = Event.objects.filter(stream=stream, personal_digest__isnull=False)
        if upto is not None:
            events = events.filter(sequence__lte=upto)
        sequences = dict(events.values_list("pk", "sequence"))
        live = EventPayload.objects.filter(event_id__in=sequences, erased_at__isnull=True)
        erased = sorted(sequences[pk] for pk in live.values_list("pk", flat=True))
        if not erased:
            return None
        live.update(body=None, salt="", erased_at=clock.now())
        return record(stream, ERASED, actor, {"events": erased, "reason": reason})
