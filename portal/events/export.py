"""The log as JSON lines, for somebody who wants to check it without us (docs/audit-trail.md)."""

import json
from collections.abc import Callable
from typing import Any

from portal import clock
from portal.events import selectors
from portal.events.canonical import timestamp
from portal.events.chain import leaf, path
from portal.events.models import Checkpoint, CheckpointHead
from portal.events.selectors import Link

FORMAT = "tilgang-events-1"


def export(write: Callable[[str], Any], stream: str | None = None, personal: bool = False) -> int:
    """Gives `write` one line after the other; returns the number of events.

    All events, or those of one stream with the proof that checkpoints hold them. Personal
    payloads are withheld (their digests are there) unless `personal` is true.
    """
    last = Checkpoint.objects.order_by("-number").first()
    upto = last.number if last else 0
    _line(write, kind="export", format=FORMAT, at=timestamp(clock.now()), stream=stream)
    for point in Checkpoint.objects.filter(number__lte=upto).order_by("number").iterator():
        _line(write, kind="checkpoint", **_checkpoint(point))
    events = 0
    for link in selectors.links(stream, upto):
        if link.id is not None:
            events += 1
            _line(write, kind="event", **_event(link, personal))
        if link.checkpoint is not None:
            proof = {"path": _proof(link.checkpoint, link.stream)} if stream is not None else {}
            _line(
                write,
                kind="head",
                checkpoint=link.checkpoint,
                stream=link.stream,
                sequence=link.sequence,
                hash=link.head_hash,
                **proof,
            )
    _line(write, kind="end", events=events)
    return events


def _line(write: Callable[[str], Any], **content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    write(text + "\n")


def _checkpoint(point: Checkpoint) -> dict[str, Any]:
    return {
        "number": point.number,
        "at": timestamp(point.at),
        "last_id": point.last_id,
        "heads": point.heads,
        "root": point.root,
        "previous_hash": point.previous_hash,
        "public_key": point.public_key,
        "hash": point.hash,
        "signature": point.signature,
    }


def _event(link: Link, personal: bool) -> dict[str, Any]:
    assert link.at is not None
    return {
        "id": link.id,
        "stream": link.stream,
        "sequence": link.sequence,
        "type": link.type,
        "actor": link.actor,
        "at": timestamp(link.at),
        "data": link.data,
        "personal_digest": link.personal_digest,
        "previous_hash": link.previous_hash,
        "hash": link.hash,
        "personal": _personal(link, personal),
    }


def _personal(link: Link, personal: bool) -> dict[str, Any] | None:
    if not link.payload_kept:
        return None
    if link.erased_at is not None:
        return {"erased_at": timestamp(link.erased_at)}
    return {"salt": link.salt, "body": link.body} if personal else {"withheld": True}


def _proof(checkpoint: int, of_stream: str) -> list[str]:
    heads = CheckpointHead.objects.filter(checkpoint=checkpoint).order_by("stream")
    digests: list[bytes] = []
    index = 0
    for stream, sequence, digest in heads.values_list("stream", "sequence", "hash").iterator():
        if stream == of_stream:
            index = len(digests)
        digests.append(leaf(stream, sequence, digest))
    return path(digests, index)
