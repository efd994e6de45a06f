"""The worker that other tests lean on: a real one, on the test's own database and broker."""

import os
import time

import pytest
from django.db import connections, transaction

from portal.events.lanes import Lane
from portal.events.mail import demo_mails, queue_mail
from portal.events.models import OutboxEntry
from tests.working import waiting


def write(key: str) -> None:
    with transaction.atomic():
        queue_mail("kari@example.no", "Case 1", "A link", key, "nb")


def arrived(key: str) -> bool:
    return OutboxEntry.objects.filter(key=key, done_at__isnull=False).exists()


def test_what_was_queued_in_a_test_is_done_by_another_process(worker) -> None:
    before = len(demo_mails())
    write("one")
    worker.wait(lambda: arrived("one"))
    assert len(demo_mails()) == before + 1


def test_what_nobody_was_woken_for_is_found_by_the_relay(worker, monkeypatch) -> None:
    monkeypatch.setattr("portal.events.outbox.wake", lambda *entry: None)
    write("unheard")
    worker.wait()
    assert arrived("unheard")


def die_after_commit(key: str) -> int:
    """The exit code of a process that ends in its hook on_commit, before anybody is woken."""
    child = os.fork()
    if child == 0:
        try:
            connections["default"].connection = None  # the parent's: neither used nor closed here
            with transaction.atomic():
                transaction.on_commit(lambda: os._exit(9))
                write(key)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_process_that_dies_right_after_its_commit_loses_nothing(worker) -> None:
    before = len(demo_mails())
    assert die_after_commit("orphan") == 9
    worker.wait(lambda: arrived("orphan"))
    assert len(demo_mails()) == before + 1


def test_a_killed_worker_is_replaced_and_its_work_done(worker) -> None:
    worker.kill()
    write("while nobody worked")
    assert not arrived("while nobody worked")
    worker.start()
    worker.wait()
    assert arrived("while nobody worked")


@pytest.mark.django_db(transaction=True)
def test_a_test_that_did_not_ask_for_a_worker_has_none(worker_process) -> None:
    worker_process.begin()
    worker_process.rest()
    write("for nobody")
    # A question to the broker from before it rested may still get the message: it is given back.
    deadline = time.monotonic() + 10
    while waiting(Lane.MAIL) != 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert waiting(Lane.MAIL) == 1
    assert worker_process.alive()
    assert not arrived("for nobody")
