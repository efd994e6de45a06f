"""The digests that link events, and the tree that a checkpoint signs."""

import hashlib
from datetime import UTC, datetime

import pytest

from portal.events.chain import GENESIS, Tree, event_hash, leaf, path, personal_digest

EVENT = {
    "stream": "application:1",
    "sequence": 1,
    "type": "application.create",
    "actor": "user:7",
    "at": datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    "data": {"agency": "SSB"},
    "personal_digest": None,
    "previous_hash": GENESIS,
}


def test_the_hash_of_an_event_can_be_computed_with_any_sha256_tool():
    text = (
        '{"actor":"user:7","at":"2026-03-01T08:30:00.000000Z","data":{"agency":"SSB"},'
        f'"personal_digest":null,"previous_hash":"{"0" * 64}","sequence":1,'
        '"stream":"application:1","type":"application.create"}'
    )
    assert event_hash(**EVENT) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", sorted(EVENT))
def test_every_fact_of_an_event_enters_its_hash(name):
    other = {
        "sequence": 2,
        "at": datetime(2026, 3, 1, 8, 30, 0, 1, tzinfo=UTC),
        "data": {"agency": "DST"},
    }
    assert event_hash(**{**EVENT, name: other.get(name, "f" * 64)}) != event_hash(**EVENT)


def test_a_personal_digest_says_nothing_without_its_salt():
    assert personal_digest("a", {"name": "Kari"}) != personal_digest("b", {"name": "Kari"})


def _naive_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = _naive_root(leaves[:half]), _naive_root(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 13, 64, 100])
def test_the_growing_tree_has_the_root_of_the_whole_one_and_proves_every_leaf(count):
    leaves = [leaf("s", number, GENESIS) for number in range(1, count + 1)]
    tree = Tree()
    for digest in leaves:
        tree.add(digest)
    assert tree.root() == _naive_root(leaves).hex()
    for index, digest in enumerate(leaves):
        above = digest
        for step in path(leaves, index):
            beside = bytes.fromhex(step[1:])
            pair = beside + above if step[0] == "L" else above + beside
            above = hashlib.sha256(b"\x01" + pair).digest()
        assert above.hex() == tree.root()


def test_two_leaves_in_another_order_are_another_tree():
    one, other = Tree(), Tree()
    for tree, order in ((one, (1, 2)), (other, (2, 1))):
        for number in order:
            tree.add(leaf("s", number, GENESIS))
    assert one.root() != other.root()
