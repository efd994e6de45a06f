"""Real workers: heavy work delays nobody, and what kills its process is seen and not tried for ever."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from applications.models import CheckRun
from portal.events import effects as registry
from portal.events.claiming import LEASE
from portal.events.lanes import Lane
from portal.events.mail import queue_mail
from portal.events.models import LaneWorker, OutboxEntry
from portal.events.outbox import queue
from portal.events.tasks import NICE
from portal.local import racing
from tests.acting import EFFECTS
from tests.integration.applications.conftest import made
from tests.working import WORKERS


@pytest.fixture
def acting(worker, monkeypatch) -> Iterator:
    """acting("test.die", {…}): queues one of tests.acting; the worker runs it."""
    for kind, known in EFFECTS.items():
        monkeypatch.setitem(registry.effects(), kind, known)

    def put(kind: str, payload: dict | None = None, key: str = "k") -> OutboxEntry:
        with transaction.atomic():
            queue(kind, payload or {}, key)
        return OutboxEntry.objects.get(kind=kind, key=key)

    return put


def write(key: str) -> None:
    with transaction.atomic():
        queue_mail("kari@example.no", "Case 1", "A link", key, "nb")


def done(key: str) -> bool:
    return OutboxEntry.objects.filter(key=key, done_at__isnull=False).exists()


def dead(entry: OutboxEntry) -> bool:
    entry.refresh_from_db()
    return entry.dead_at is not None


def wait(condition, seconds: float = 60) -> None:
    """As worker.wait, which takes a dead entry for a fault."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, list(OutboxEntry.objects.values())
        time.sleep(0.05)


def test_heavy_work_keeps_nobody_elses_waiting(worker, acting, tmp_path: Path) -> None:
    """More heavy work than there are processes for, in every process that takes it."""
    for number in range(4):
        paths = {"begun": str(tmp_path / f"begun-{number}"), "until": str(tmp_path / "until")}
        acting("test.hold", paths, str(number))
    worker.wait(lambda: (tmp_path / "begun-0").exists())
    assert int((tmp_path / "begun-0").read_text()) >= NICE, "it leaves the processor to others"
    for number in range(20):
        write(f"mail-{number}")
    worker.wait(lambda: all(done(f"mail-{number}") for number in range(20)))
    assert OutboxEntry.objects.filter(kind="test.hold", done_at__isnull=True).count() == 4
    (tmp_path / "until").touch()
    worker.wait()


def test_a_child_that_is_killed_gives_its_work_back_at_once(worker, acting, tmp_path) -> None:
    begun = time.monotonic()
    entry = acting("test.die", {"lives": str(tmp_path / "lives"), "times": 1})
    wait(lambda: done("k"))
    entry.refresh_from_db()
    assert (entry.attempts, entry.killed) == (2, 1)
    assert time.monotonic() - begun < LEASE.total_seconds(), "it waited for the lease to run out"


def test_work_that_kills_its_process_twice_is_dead_with_a_reason(worker, acting, tmp_path) -> None:
    entry = acting("test.die", {"lives": str(tmp_path / "lives"), "times": 99})
    wait(lambda: dead(entry))
    assert (entry.attempts, entry.last_error) == (2, "its process was killed")
    write("after")
    wait(lambda: done("after"))


def test_work_that_runs_too_long_is_ended_and_the_second_time_dead(worker, acting) -> None:
    entry = acting("test.hang")
    wait(lambda: dead(entry))
    assert (entry.attempts, entry.last_error) == (2, "it ran longer than its kind may")


def test_work_that_takes_too_much_memory_is_ended_and_the_second_time_dead(worker, acting) -> None:
    entry = acting("test.grow")
    wait(lambda: dead(entry))
    assert (entry.attempts, entry.last_error) == (2, "it needed more memory than its kind may")


def test_who_works_in_which_lane_is_told_by_the_workers_themselves(worker) -> None:
    wait(lambda: LaneWorker.objects.count() == len(Lane))
    found = {(seen.worker.partition("-")[0], seen.lane) for seen in LaneWorker.objects.all()}
    assert found == {(name, str(lane)) for name, (lanes, _) in WORKERS.items() for lane in lanes}
    first = LaneWorker.objects.get(lane=Lane.HEAVY)
    wait(lambda: LaneWorker.objects.get(lane=Lane.HEAVY).seen_at > first.seen_at)
    assert LaneWorker.objects.get(lane=Lane.HEAVY).started_at == first.started_at


def test_a_small_case_gets_its_receipt_while_heavy_work_goes_on(worker, acting, tmp_path) -> None:
    """Its whole road from submission: checks, receipt, mail. The figures: manage.py bench --lanes."""
    world = made()
    case = world.complete()
    worker.wait()
    paths = {"begun": str(tmp_path / "begun"), "until": str(tmp_path / "until")}
    heavy = acting("test.hold", paths)
    worker.wait(lambda: (tmp_path / "begun").exists())
    racing.submit(case, world["applicant"])
    worker.wait(lambda: racing.arrived(case) is not None, seconds=90)
    worker.wait(lambda: CheckRun.objects.filter(application=case, reason="submission").exists())
    heavy.refresh_from_db()
    assert heavy.done_at is None
    assert racing.heavy_left() == 1
    (tmp_path / "until").touch()
    worker.wait()
