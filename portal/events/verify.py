"""Is the log whole, and are the rows what it has seen? Reads every event once and says in plain
words what is wrong, and where.

scripts/verify_export.py says the same of an export, shares no code with this, and needs nothing.
"""

from dataclasses import dataclass, field

from portal.events import keys, selectors
from portal.events.chain import (
    GENESIS,
    checkpoint_hash,
    event_hash,
    personal_digest,
    signed_text,
)
from portal.events.checkpoints import tree_of
from portal.events.log import ERASED
from portal.events.models import Checkpoint
from portal.events.selectors import Link
from portal.events.witnessed import Rows

MOST = 100  # faults told one by one


@dataclass
class Verdict:
    """What was found. `faults` in the order of the log, at most a hundred of `fault_count`; `rows`:
    how many rows were compared with what the log has seen of them."""

    events: int = 0
    streams: int = 0
    erased: int = 0
    rows: int = 0
    since_checkpoint: int = 0
    checkpoints: int = 0
    last: Checkpoint | None = None
    keys: set[str] = field(default_factory=set)
    trusted: bool = False
    faults: list[str] = field(default_factory=list)
    fault_count: int = 0

    @property
    def whole(self) -> bool:
        return self.fault_count == 0

    def fault(self, text: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST:
            self.faults.append(text)


def verify(stream: str | None = None, known: tuple[int, str] | None = None) -> Verdict:
    """Looks at the events of `stream` (None: of all), at their payloads and at all checkpoints.

    `known`: number and hash of a checkpoint that was noted elsewhere; it must still be there.
    """
    verdict = Verdict()
    _checkpoints(verdict, known)
    _events(verdict, stream)
    if stream is None and (stray := selectors.payloads_without_event()):
        verdict.fault(f"{stray} personal payloads belong to no event")
    return verdict


def _checkpoints(verdict: Verdict, known: tuple[int, str] | None) -> None:
    trusted = keys.trusted()
    verdict.trusted = bool(trusted)
    before: Checkpoint | None = None
    for point in Checkpoint.objects.order_by("number").iterator():
        _one_checkpoint(verdict, point, before, trusted)
        if known and point.number == known[0] and point.hash != known[1]:
            verdict.fault(f"checkpoint {point.number} is not the one that was noted")
        verdict.checkpoints += 1
        verdict.keys.add(point.public_key)
        before = point
    verdict.last = before
    if known and known[0] > (before.number if before else 0):
        verdict.fault(f"checkpoint {known[0]}, which was noted, is gone")


def _one_checkpoint(
    verdict: Verdict, point: Checkpoint, before: Checkpoint | None, trusted: frozenset[str]
) -> None:
    name = f"checkpoint {point.number}"
    if point.number != (before.number + 1 if before else 1):
        verdict.fault(f"{name}: the checkpoint before it is missing")
    elif point.previous_hash != (before.hash if before else GENESIS):
        verdict.fault(f"{name} does not follow the checkpoint before it")
    if before and (point.last_id < before.last_id or point.at < before.at):
        verdict.fault(f"{name} lies before the checkpoint before it")
    expected = checkpoint_hash(
        number=point.number,
        at=point.at,
        last_id=point.last_id,
        heads=point.heads,
        root=point.root,
        previous_hash=point.previous_hash,
        public_key=point.public_key,
    )
    if point.hash != expected:
        verdict.fault(f"{name} was changed: its hash does not fit")
    elif not keys.signature_fits(point.public_key, point.signature, signed_text(point.hash)):
        verdict.fault(f"{name}: the signature does not fit")
    elif trusted and point.public_key not in trusted:
        verdict.fault(f"{name} was signed with a key that is not ours")
    tree = tree_of(point.number)
    if (tree.leaves, tree.root()) != (point.heads, point.root):
        verdict.fault(f"{name}: its list of streams was changed")


def _events(verdict: Verdict, stream: str | None) -> None:
    current: _Stream | None = None
    last = verdict.last
    rows = Rows(verdict.fault)
    for link in selectors.links(stream, last.number if last else 0):
        if current is None or current.name != link.stream:
            if current:
                current.close()
            current = _Stream(verdict, link.stream, last.last_id if last else 0)
        current.take(link)
        rows.take(link)
    if current:
        current.close()
    rows.close()
    verdict.rows = rows.compared


class _Stream:
    """Walks along one stream."""

    def __init__(self, verdict: Verdict, name: str, covered_id: int) -> None:
        self.verdict, self.name, self.covered_id = verdict, name, covered_id
        self.sequence, self.hash = 0, GENESIS
        self.unnamed: int | None = None  # covered by id, but no head has come yet
        self.erased: set[int] = set()

    def fault(self, sequence: int, text: str) -> None:
        self.verdict.fault(f"{self.name}, event {sequence}: {text}")

    def take(self, link: Link) -> None:
        if link.id is None:
            self.fault(link.sequence, f"is gone; checkpoint {link.checkpoint} has seen it")
            self.unnamed = None
            return
        self.verdict.events += 1
        self.verdict.streams += self.sequence == 0
        self._order(link)
        self._content(link)
        self._payload(link)
        self._head(link)
        self.sequence, self.hash = link.sequence, link.hash

    def _order(self, link: Link) -> None:
        if link.sequence != self.sequence + 1:
            self.fault(link.sequence, f"event {self.sequence + 1} before it is missing")
        elif link.previous_hash != self.hash:
            self.fault(link.sequence, "does not follow the event before it")

    def _content(self, link: Link) -> None:
        assert link.at is not None
        try:
            expected = event_hash(
                stream=link.stream,
                sequence=link.sequence,
                type=link.type,
                actor=link.actor,
                at=link.at,
                data=link.data,
                personal_digest=link.personal_digest,
                previous_hash=link.previous_hash,
            )
        except (TypeError, ValueError):
            expected = ""
        if link.hash != expected:
            self.fault(link.sequence, "was changed: its hash does not fit")
        elif link.type == ERASED and isinstance(link.data, dict):
            self.erased -= {n for n in link.data.get("events", ()) if isinstance(n, int)}

    def _payload(self, link: Link) -> None:
        if link.personal_digest is None:
            if link.payload_kept:
                self.fault(link.sequence, "has a personal payload that was not there at first")
        elif not link.payload_kept:
            self.fault(link.sequence, "its personal payload is gone, and nobody erased it")
        elif link.erased_at is not None:
            self.verdict.erased += 1
            self.erased.add(link.sequence)
        else:
            try:
                fits = personal_digest(link.salt or "", link.body) == link.personal_digest
            except (TypeError, ValueError):
                fits = False
            if not fits:
                self.fault(link.sequence, "its personal payload was changed")

    def _head(self, link: Link) -> None:
        assert link.id is not None
        if link.checkpoint is not None:
            self.unnamed = None
            if link.head_hash != link.hash:
                self.fault(link.sequence, f"is not what checkpoint {link.checkpoint} has seen")
        elif link.id <= self.covered_id:
            self.unnamed = self.unnamed or link.sequence
        else:
            self.verdict.since_checkpoint += 1

    def close(self) -> None:
        if self.unnamed is not None:
            self.fault(self.unnamed, "was put in later: no checkpoint has seen it")
        for sequence in sorted(self.erased):
            self.fault(sequence, "its personal payload was erased, and no event says so")
