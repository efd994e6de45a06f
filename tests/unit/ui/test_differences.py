"""What an officer sees of a change is the whole change."""

import time

import pytest

from portal.ui.differences import words_changed

PAIRS = [
    ("", ""),
    ("", "new"),
    ("old", ""),
    (
        "The data are stored at the server for five years.",
        "The data are stored in TSD for six years.",
    ),
    ("one\ntwo\n\nthree", "one\n\ntwo three"),
    ("æ ø å", "ä ö å"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_nothing_is_lost_of_either_text(old: str, new: str) -> None:
    parts = words_changed(old, new)
    assert "".join(p.text for p in parts if p.kind != "added") == old
    assert "".join(p.text for p in parts if p.kind != "removed") == new


def test_only_what_changed_is_marked() -> None:
    marked = [(p.kind, p.text.strip()) for p in words_changed("for five years", "for six years")]
    assert marked == [("same", "for"), ("removed", "five"), ("added", "six"), ("same", "years")]


def test_two_long_texts_are_compared_while_the_page_waits() -> None:
    old = "\n".join(f"the data of line {n} and the reasons for it" for n in range(2_000))
    new = "\n".join(f"the data of line {n * 2} and a reason for it" for n in range(2_000))
    began = time.perf_counter()
    parts = words_changed(old, new)
    assert time.perf_counter() - began < 2
    assert "".join(p.text for p in parts if p.kind != "added") == old
