"""How what was sent is kept."""

import hashlib
from collections.abc import Iterable
from typing import Any

from applications.models import Attachment
from portal.events.canonical import canonical


def digest_of(document: dict) -> str:
    """SHA-256 of the canonical JSON of a document."""
    return hashlib.sha256(canonical(document)).hexdigest()


def attachments(live: Iterable[Attachment]) -> list[dict[str, Any]]:
    """What a submission says of the files that were sent with it."""
    return [
        {
            "id": str(a.pk),
            "kind": a.kind,
            "filename": a.filename,
            "size": a.size,
            "digest": a.digest,
        }
        for a in live
    ]
