"""How events are linked: digests, and the tree that a checkpoint signs. Pure, no database."""

import hashlib
from collections.abc import Sequence
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


def checkpoint_hash(
    *,
    number: int,
    at: datetime,
    last_id: int,
    heads: int,
    root: str,
    previous_hash: str,
    public_key: str,
) -> str:
    """SHA-256 (hex) of a checkpoint: what its signature covers."""
    body = {
        "at": timestamp(at),
        "heads": heads,
        "last_id": last_id,
        "number": number,
        "previous_hash": previous_hash,
        "public_key": public_key,
        "root": root,
    }
    return hashlib.sha256(canonical(body)).hexdigest()


def signed_text(hash: str) -> bytes:
    """The bytes that a checkpoint's signature is made over."""
    return f"tilgang-checkpoint-1\n{hash}".encode()


def leaf(stream: str, sequence: int, hash: str) -> bytes:
    """The leaf of the tree for the last event of one stream."""
    head = canonical({"hash": hash, "sequence": sequence, "stream": stream})
    return hashlib.sha256(b"\x00" + head).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A Merkle tree that grows leaf by leaf and keeps only the roots of its complete subtrees.

    Its shape is that of RFC 6962 §2.1: the left part is the largest power of two.
    """

    def __init__(self) -> None:
        self.leaves = 0
        self._complete: list[bytes] = []

    def add(self, digest: bytes) -> None:
        """Adds one leaf digest on the right."""
        self.leaves += 1
        self._complete.append(digest)
        # As many subtrees become complete as the count has zeros at its end.
        count = self.leaves
        while count % 2 == 0:
            right = self._complete.pop()
            self._complete.append(_node(self._complete.pop(), right))
            count //= 2

    def root(self) -> str:
        """The root (hex) over all leaves so far; of an empty tree the digest of nothing."""
        if not self._complete:
            return hashlib.sha256(b"").hexdigest()
        digest = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            digest = _node(left, digest)
        return digest.hex()


def path(digests: Sequence[bytes], index: int) -> list[str]:
    """The siblings from leaf `index` up to the root, "L<hex>" or "R<hex>" for their side."""
    if len(digests) == 1:
        return []
    half = 1 << ((len(digests) - 1).bit_length() - 1)
    left, right = digests[:half], digests[half:]
    if index < half:
        return [*path(left, index), f"R{_root(right)}"]
    return [*path(right, index - half), f"L{_root(left)}"]


def _root(digests: Sequence[bytes]) -> str:
    tree = Tree()
    for digest in digests:
        tree.add(digest)
    return tree.root()
