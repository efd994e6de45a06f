"""What a stranger's file can do to the process that opens it, and what that process can do."""

import io
import os
import threading
from pathlib import Path

import pytest

from portal.files import apart

MISBEHAVING = apart.Program(Path(__file__).parent, "misbehaving")


def asked(do, **limits):
    return apart.ask(MISBEHAVING, io.BytesIO(b"given"), {"do": do}, **limits)[0]


def test_the_child_gets_the_file_and_nothing_else_of_ours(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    with open(os.devnull) as kept_open:
        os.set_inheritable(kept_open.fileno(), True)
        seen = asked("see")
    assert set(seen["environment"]) <= {"LANG", "LC_CTYPE"}, "and what Python sets by itself"
    assert seen["open"][:3] == [0, 1, 2]
    assert len(seen["open"]) <= 4, "and the folder that it looked into"
    assert not [name for name in seen["modules"] if name.startswith(("django", "portal", "celery"))]
    assert (seen["folder"], seen["size"]) == ("/", 5)
    assert seen["processes"] == [0, 0], "it starts none"


@pytest.mark.parametrize("do", ["fill", "write", "die", "shout", "nothing"])
def test_a_child_that_misbehaves_is_ended_and_the_portal_goes_on(do):
    with pytest.raises(apart.Trap):
        asked(do)


def test_a_child_has_five_seconds_and_256_megabytes():
    assert (apart.SECONDS, apart.MEMORY) == (5, 256 * 1024 * 1024)


def test_a_child_that_works_for_too_long_is_ended_by_the_system(monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 120)
    with pytest.raises(apart.Trap):
        asked("work", seconds=1)


def test_of_a_child_that_gets_no_time_nothing_is_said_against_the_file(monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 1)
    with pytest.raises(apart.Busy):
        asked("sleep", seconds=1)


def test_no_more_files_are_opened_at_once_than_leave_threads_free(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS_IN_LINE", 0.05)
    monkeypatch.setattr(apart, "_places", threading.BoundedSemaphore(1))
    with apart._places, pytest.raises(apart.Busy):
        asked("see")
    assert asked("see")["size"] == 5, "the place is free again"


def test_the_place_is_given_back_by_a_child_that_died(monkeypatch):
    monkeypatch.setattr(apart, "_places", threading.BoundedSemaphore(1))
    for _turn in range(2):
        with pytest.raises(apart.Trap):
            asked("die")
    assert asked("see")["size"] == 5
