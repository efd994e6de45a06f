"""Several workers, dead ones and slow ones: each thing is done by one of them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from portal import clock
from portal.events import outbox
from portal.events.log import record
from portal.events.models import Event, OutboxEntry
from portal.events.outbox import (
    Lane,
    effect,
    finish,
    run_due,
    run_entry,
)
from portal.events.selectors import dead_entries
from tests.integration.events.conftest import START, at


@pytest.mark.django_db
def test_a_leased_entry_is_left_alone_until_the_lease_ends(ran, put):
    with at():
        put()
        assert outbox._claim() is not None
    with at(seconds=59):
        assert run_due() == 0
        assert not run_entry(OutboxEntry.objects.get().pk)
    with at(seconds=60):
        assert run_due() == 1
    assert len(ran) == 1


@pytest.mark.django_db
def test_a_kind_has_the_lease_that_it_needs(effects, put):
    effect("t.letter", lane=Lane.LETTERS, seconds=300)(lambda payload: None)
    with at():
        put("t.letter")
        assert outbox._claim().lease_until == START + timedelta(seconds=300)


@pytest.mark.django_db
def test_an_entry_that_kills_its_worker_every_time_is_dead_in_the_end(ran, put):
    for attempt in range(12):
        with at(minutes=2 * attempt):
            if attempt == 0:
                put()
            assert outbox._claim() is not None
    with at(hours=1):
        assert run_due() == 0
    assert [entry.last_error for entry in dead_entries()] == ["its worker ended every time"]
    assert ran == []


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_neither_writes_nor_marks(effects, put):
    @effect("t.slow", lane=Lane.MAIL, atomic=True)
    def slow(payload):
        record("case:1", "case.happened", "system:worker", {})

    with at():
        put("t.slow")
        sleeper = outbox._claim()
    with at(minutes=5):
        assert run_due() == 1
        assert not outbox._run(sleeper)
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_a_late_failure_of_a_lost_lease_does_not_undo_what_another_has_done(effects, put):
    fail = []

    @effect("t.slow", lane=Lane.MAIL)
    def slow(payload):
        if fail:
            raise RuntimeError

    with at():
        put("t.slow")
        sleeper = outbox._claim()
    with at(minutes=5):
        run_due()
        fail.append(True)
        assert not outbox._run(sleeper)
    entry = OutboxEntry.objects.get()
    assert entry.done_at is not None
    assert entry.last_error == ""


@pytest.mark.django_db
def test_finishing_with_a_lost_lease_undoes_the_effect(effects, put):
    @effect("t.letter", lane=Lane.MAIL)
    def letter(payload):
        with transaction.atomic():
            record("case:1", "case.signed", "system:worker", {})
            finish()

    with at():
        put("t.letter")
        sleeper = outbox._claim()
    with at(minutes=5):
        run_due()
        assert not outbox._run(sleeper)
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_the_claim_walks_the_index_of_what_waits(ran):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_outboxentry (kind, payload, key, created_at, due_at, attempts,"
            " allowed, last_error, done_at)"
            " SELECT 't.note', '{}', n, now(), now(), 1, 12, '', now() FROM generate_series(1, 5000) n"
        )
        cursor.execute("ANALYZE events_outboxentry")
        cursor.execute(
            "EXPLAIN SELECT id FROM events_outboxentry WHERE done_at IS NULL AND dead_at IS NULL"
            " AND due_at <= now() ORDER BY due_at LIMIT 1"
        )
        assert "outbox_waiting" in "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_eight_workers_share_what_is_due_and_nothing_runs_twice(effects, at_once, put):
    @effect("t.shared", lane=Lane.MAIL, atomic=True)
    def shared(payload):
        record(f"case:{payload['n']}", "case.happened", "system:worker", {})

    for number in range(80):
        put("t.shared", {"n": number}, f"k{number}")
    tried = at_once(lambda number: run_due(), 8)
    assert sum(tried) == 80
    assert Event.objects.count() == 80
    assert set(OutboxEntry.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_long_effect_holds_up_no_other(effects, at_once, put):
    mail_sent, letter_begun = threading.Event(), threading.Event()

    @effect("t.letter", lane=Lane.MAIL, atomic=True)
    def letter(payload):
        letter_begun.set()
        assert mail_sent.wait(20)

    @effect("t.mail", lane=Lane.MAIL)
    def mail(payload):
        mail_sent.set()

    put("t.letter", key="1")
    put("t.mail", key="2")

    def work(number):
        if number:
            assert letter_begun.wait(20)
        return run_due(limit=1)

    assert at_once(work, 2) == [1, 1]
    assert not OutboxEntry.objects.filter(done_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_an_atomic_effect_that_outlives_its_lease_is_not_run_beside_itself(effects, at_once, put):
    begun, looked = threading.Event(), threading.Event()

    @effect("t.long", lane=Lane.MAIL, atomic=True)
    def long(payload):
        begun.set()
        assert looked.wait(20)
        record("case:1", "case.happened", "system:worker", {})

    put("t.long")

    def work(number):
        if number == 0:
            return run_due(limit=1)
        assert begun.wait(20)
        with clock.frozen(clock.now() + timedelta(hours=1)):
            tried = run_due(limit=1)
        looked.set()
        return tried

    assert at_once(work, 2) == [1, 0]
    assert Event.objects.count() == 1
