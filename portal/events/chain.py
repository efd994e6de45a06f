"""How events are linked: digests, and the tree that a checkpoint signs. Pure, no database."""

import hashlib
from datetime import datetime
from typing import Any

from portal.events.canonical import canonical, timestamp

GENESIS = "0" * 64  # what the first event of a stream names as its predecessor


def event_hash(
    *,
    stream: str,
    sequence: int,
    type: str,
    actor: str,
    at: datetime,
    data: Any,
    personal_digest: str | None,
    previous_hash: str,
) -> str:
    """SHA-256 (hex) of an event: its own facts and the hash of the one before it."""
    body = {
        "actor": actor,
        "at": timestamp(at),
        "data": data,
        "personal_digest": personal_digest,
        "previous_hash": previous_hash,
        "sequence": sequence,
        "stream": stream,
        "type": type,
    }
    return hashlib.sha256(canonical(body)).hexdigest()


def personal_digest(salt: str, body: Any) -> str:
    """SHA-256 (hex) of personal facts with their salt: says nothing once the salt is gone."""
    return hashlib.sha256(canonical({"body": body, "salt": salt})).hexdigest()
