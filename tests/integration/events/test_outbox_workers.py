"""Several workers, dead ones and slow ones: each thing is done by one of them."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from portal import clock
from portal.events import keeping, outbox
from portal.events.claiming import GONE, LEASE, bury, claim, give_back, renew
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
from tests.integration.events.conftest import at

# The database's own start is a moment too (claiming): what is tried here lies after it.
LATER = datetime.now(UTC) + timedelta(days=400)


def later(**more):
    """The clock stands so much after LATER."""
    return clock.frozen(LATER + timedelta(**more))


@pytest.mark.django_db
def test_a_leased_entry_is_left_alone_until_the_lease_ends(ran, put):
    with later():
        put()
        assert claim() is not None
    with later(seconds=29):
        assert run_due() == 0
        assert not run_entry(OutboxEntry.objects.get().pk)
    with later(seconds=30):
        assert run_due() == 1
    assert len(ran) == 1


@pytest.mark.django_db
def test_a_lease_that_is_renewed_goes_on_and_one_that_was_lost_does_not(ran, put):
    with later():
        put()
        mine = claim()
    with later(seconds=20):
        assert renew(mine.pk, mine.attempts)
    with later(seconds=49):
        assert run_due() == 0
    with later(seconds=51):
        other = claim()
        assert not renew(mine.pk, mine.attempts)
        assert renew(other.pk, other.attempts)


@pytest.mark.django_db
def test_the_clock_of_a_host_counts_for_nothing_only_the_databases_does(ran, put, monkeypatch):
    class Ahead(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(hours=3)

    monkeypatch.setattr(clock, "datetime", Ahead)
    put()
    entry = claim()
    assert entry.lease_until - entry.created_at < LEASE + timedelta(seconds=30)
    assert claim() is None, "three hours ahead, and yet the lease is not over"
    OutboxEntry.objects.update(lease_until=None)
    assert run_due() == 1, "and what is due is due"


@pytest.mark.django_db
def test_an_entry_whose_worker_was_gone_twice_is_dead(ran, put):
    for attempt in range(2):
        with later(minutes=attempt):
            if attempt == 0:
                put()
            assert claim() is not None
    with later(hours=1):
        assert run_due() == 0
    assert [(entry.last_error, entry.attempts, entry.killed) for entry in dead_entries()] == [
        (GONE, 2, 2)
    ]
    assert ran == []


@pytest.mark.django_db
def test_a_lease_that_ran_out_because_the_database_was_away_is_nobodys_fault(ran, put):
    put()
    for _ in range(5):
        assert claim().killed == 0
        with connection.cursor() as cursor:  # renewed last before this database was started
            cursor.execute(
                "UPDATE events_outboxentry SET lease_until = pg_postmaster_start_time() - %s",
                [LEASE],
            )
    assert run_due() == 1


@pytest.mark.django_db
def test_where_the_clock_was_put_back_a_lease_still_holds_for_everybody_else(ran, put):
    """Cases of the demo are made at moments in the past, while its workers run."""
    with at():
        put()
        assert claim() is not None
    assert claim() is None


@pytest.mark.django_db
def test_what_a_killed_child_had_in_hand_is_anybodys_at_once_and_the_second_time_dead(ran, put):
    with later():
        put()
        entry = claim(holder="message-1")
        assert give_back(entry.pk, "message-0", "killed") is None, "somebody else's word"
        assert give_back(entry.pk, "message-1", "killed") == ("t.note", Lane.MAIL)
        assert give_back(entry.pk, "message-1", "killed") is None, "said twice, counted once"
        again = claim(holder="message-2")
        assert (again.attempts, again.killed) == (2, 1)
        assert give_back(entry.pk, "message-2", "it ran longer than its kind may") is None
    (dead,) = dead_entries()
    assert (dead.last_error, dead.killed) == ("it ran longer than its kind may", 2)
    with later(days=1):
        assert outbox.retry(dead.pk, "user:1")
        assert run_due() == 1
    assert len(ran) == 1


@pytest.mark.django_db
def test_work_that_runs_out_of_memory_by_itself_is_dead_the_second_time(effects, put):
    @effect("t.big", lane=Lane.HEAVY)
    def big(payload):
        raise MemoryError

    put("t.big")
    assert run_due() == 2
    (dead,) = dead_entries()
    assert dead.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_runs(effects, put, monkeypatch):
    monkeypatch.setattr(keeping, "EVERY", 0.05)

    @effect("t.slow", lane=Lane.HEAVY)
    def slow(payload):
        first = OutboxEntry.objects.get().lease_until
        deadline = time.monotonic() + 20
        while OutboxEntry.objects.get().lease_until <= first:
            assert time.monotonic() < deadline, "nobody renews it"

    put("t.slow")
    run_due()
    assert OutboxEntry.objects.get().last_error == ""


@pytest.mark.django_db
def test_nothing_that_is_being_done_is_buried(ran, put):
    with later():
        put()
        claim()
        claim()
        assert bury() == 0


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_neither_writes_nor_marks(effects, put):
    @effect("t.slow", lane=Lane.MAIL, atomic=True)
    def slow(payload):
        record("case:1", "case.happened", "system:worker", {})

    with later():
        put("t.slow")
        sleeper = claim()
    with later(minutes=5):
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

    with later():
        put("t.slow")
        sleeper = claim()
    with later(minutes=5):
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

    with later():
        put("t.letter")
        sleeper = claim()
    with later(minutes=5):
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
