"""What is to be done after commit is done, once, or is visible."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.transaction import TransactionManagementError

from portal import clock
from portal.events import outbox, tasks, waking
from portal.events.claiming import claim
from portal.events.log import record
from portal.events.models import Event, OutboxEntry
from portal.events.outbox import (
    Lane,
    Never,
    NotYet,
    current_entry,
    effect,
    finish,
    queue,
    retry,
    run_due,
)
from portal.events.selectors import dead_entries, outbox_state, put_off
from tests.integration.events.conftest import START, at


@pytest.mark.django_db
def test_what_was_queued_is_run_once(ran, put):
    assert put(payload={"case": 1})
    assert run_due() == 1
    assert run_due() == 0
    assert ran == [{"case": 1}]
    assert OutboxEntry.objects.get().done_at is not None


@pytest.mark.django_db
def test_queued_twice_is_done_once_also_after_it_was_done(ran, put):
    assert put(key="receipt:1")
    assert not put(key="receipt:1")
    run_due()
    assert not put(key="receipt:1")
    run_due()
    assert len(ran) == 1


@pytest.mark.django_db
def test_the_same_key_of_another_kind_is_another_thing_to_do(ran, effects, put):
    effect("t.other", lane=Lane.MAIL)(ran.append)
    assert put(key="receipt:1")
    assert put(kind="t.other", key="receipt:1")
    run_due()
    assert len(ran) == 2


@pytest.mark.django_db(transaction=True)
def test_queueing_outside_of_a_transaction_is_refused(ran):
    with pytest.raises(TransactionManagementError):
        queue("t.note", {}, "k")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_done_and_nobody_is_woken(ran, monkeypatch, put):
    woken = []
    monkeypatch.setattr(outbox, "wake", lambda *entry: woken.append(entry))
    with transaction.atomic():
        queue("t.note", {}, "k")
        transaction.set_rollback(True)
    assert run_due() == 0
    assert woken == []
    put()
    assert woken == [(OutboxEntry.objects.get().pk, "t.note", Lane.MAIL)]


@pytest.mark.django_db
def test_what_is_for_later_waits_until_then(ran, put):
    with at():
        put(at=START + timedelta(hours=1))
        assert run_due() == 0
    with at(hours=1):
        assert run_due() == 1


@pytest.mark.django_db
def test_a_failure_is_tried_again_with_growing_pauses_and_is_dead_after_twelve_tries(effects, put):
    @effect("t.fails", lane=Lane.MAIL)
    def fails(payload):
        raise RuntimeError("kari.nordmann@example.org does not answer")

    now, pauses = START, []
    with clock.frozen(now):
        put("t.fails")
    for attempt in range(1, 13):
        with clock.frozen(now):
            assert run_due() == 1, attempt
            assert run_due() == 0
        entry = OutboxEntry.objects.get()
        assert entry.attempts == attempt
        pauses.append((entry.due_at - now).total_seconds())
        now = entry.due_at
    assert entry.dead_at is not None
    assert pauses[0] == pytest.approx(5, rel=0.25)
    assert all(later > earlier * 1.5 for earlier, later in pairwise(pauses[:8]))
    assert max(pauses) <= 6 * 3600 * 1.2
    assert 12 * 3600 < sum(pauses[:11]) < 36 * 3600
    with clock.frozen(now + timedelta(days=9)):
        assert run_due() == 0
    # An administrator sees what failed where, and nobody's address.
    assert "RuntimeError at tests/integration/events/test_outbox.py:" in entry.last_error
    assert "example" not in entry.last_error


@pytest.mark.django_db
def test_an_effect_says_when_to_come_back_and_why(effects, put):
    @effect("t.waits", lane=Lane.MAIL)
    def waits(payload):
        raise NotYet("the scanner does not answer", seconds=90)

    with at():
        put("t.waits")
        run_due()
    entry = OutboxEntry.objects.get()
    assert entry.due_at == START + timedelta(seconds=90)
    assert entry.last_error == "the scanner does not answer"


@pytest.mark.django_db
def test_what_waits_for_a_part_outside_is_tried_for_as_long_as_it_takes(effects, put):
    away = [True]

    @effect("t.waits", lane=Lane.MAIL)
    def waits(payload):
        if away:
            raise NotYet("the scanner does not answer")

    now, pauses = START, []
    with at():
        put("t.waits")
    for _ in range(60):
        with clock.frozen(now):
            assert run_due() == 1
        entry = OutboxEntry.objects.get()
        pauses.append((entry.due_at - now).total_seconds())
        now = entry.due_at
    assert entry.dead_at is None
    assert all(later > earlier * 1.5 for earlier, later in pairwise(pauses[:6]))
    assert max(pauses) == 1800
    assert put_off() == [("t.waits", "the scanner does not answer", 1)]
    away.clear()
    with clock.frozen(now):
        assert run_due() == 1
    assert OutboxEntry.objects.get().done_at == now


@pytest.mark.django_db
def test_having_waited_long_costs_none_of_the_twelve_tries_of_a_failure(effects, put):
    waits = [True] * 20

    @effect("t.both", lane=Lane.MAIL)
    def both(payload):
        if waits:
            waits.pop()
            raise NotYet("away")
        raise RuntimeError

    now, tries = START, 0
    with at():
        put("t.both")
    while not dead_entries():
        with clock.frozen(now):
            tries += run_due()
        now = OutboxEntry.objects.get().due_at
        assert tries < 100
    assert tries == 20 + 12


@pytest.mark.django_db
def test_what_can_never_succeed_is_dead_at_once(effects, put):
    @effect("t.never", lane=Lane.MAIL)
    def never(payload):
        raise Never("the mailbox does not exist")

    put("t.never")
    run_due()
    assert [entry.last_error for entry in dead_entries()] == ["the mailbox does not exist"]


@pytest.mark.django_db
def test_a_dead_entry_is_retried_by_hand_and_that_is_on_record(effects, put):
    broken = [True]

    @effect("t.mended", lane=Lane.MAIL)
    def mended(payload):
        if broken:
            raise Never("broken")

    put("t.mended")
    run_due()
    dead = OutboxEntry.objects.get()
    broken.clear()
    assert retry(dead.pk, "user:1")
    assert not retry(dead.pk, "user:1")
    told = Event.objects.get()
    assert (told.stream, told.type, told.actor) == (f"outbox:{dead.pk}", "outbox.retried", "user:1")
    assert run_due() == 1
    dead.refresh_from_db()
    assert dead.done_at is not None
    assert dead.dead_at is None


@pytest.mark.django_db
def test_a_retried_entry_has_twelve_tries_again(effects, put):
    @effect("t.fails", lane=Lane.MAIL)
    def fails(payload):
        raise RuntimeError

    with at():
        put("t.fails")
    OutboxEntry.objects.update(attempts=12, dead_at=START)
    with at(days=1):
        retry(OutboxEntry.objects.get().pk, "user:1")
        run_due()
    entry = OutboxEntry.objects.get()
    assert (entry.attempts, entry.dead_at) == (13, None)
    assert entry.due_at < START + timedelta(days=1, seconds=7)  # the pauses begin anew as well


@pytest.mark.django_db
def test_an_atomic_effect_that_fails_leaves_nothing_behind(effects, put):
    @effect("t.half", lane=Lane.MAIL, atomic=True)
    def half(payload):
        record("case:1", "case.happened", "system:worker", {})
        raise RuntimeError

    put("t.half")
    run_due()
    assert not Event.objects.exists()
    entry = OutboxEntry.objects.get()
    assert (entry.done_at, entry.attempts) == (None, 1)


@pytest.mark.django_db
def test_an_effect_can_finish_within_its_own_last_transaction(effects, put):
    @effect("t.letter", lane=Lane.MAIL)
    def letter(payload):
        with transaction.atomic():
            record("case:1", "case.signed", "system:worker", {})
            finish()
        raise RuntimeError("after the end: too late to matter")

    put("t.letter")
    run_due()
    assert Event.objects.count() == 1
    assert OutboxEntry.objects.get().done_at is not None
    assert run_due() == 0


@pytest.mark.django_db
def test_an_effect_knows_its_key_and_attempt(effects, put):
    seen = []

    @effect("t.knows", lane=Lane.MAIL)
    def knows(payload):
        seen.append((current_entry().key, current_entry().attempt))

    put("t.knows", key="receipt:7")
    run_due()
    assert seen == [("receipt:7", 1)]
    with pytest.raises(LookupError):
        current_entry()


@pytest.mark.django_db
def test_a_kind_can_forget_what_it_was_given_once_done(effects, put):
    effect("t.mail", lane=Lane.MAIL, forget=True)(lambda payload: None)
    put("t.mail", {"to": "kari@example.org"})
    run_due()
    assert OutboxEntry.objects.get().payload == {}


@pytest.mark.django_db
def test_a_kind_that_nobody_handles_stays_and_is_seen(ran, put):
    put("t.unheard-of")
    assert run_due() == 0
    state = outbox_state()
    assert state.unknown_kinds == {"t.unheard-of": 1}
    assert OutboxEntry.objects.get().attempts == 0
    effect("t.unheard-of", lane=Lane.MAIL)(ran.append)
    assert run_due() == 1


@pytest.mark.django_db
def test_two_handlers_of_one_kind_are_a_mistake(ran):
    with pytest.raises(ValueError, match=r"t\.note"):
        effect("t.note", lane=Lane.MAIL)(lambda payload: None)


@pytest.mark.django_db
def test_what_an_effect_queues_is_run_too(effects, ran, put):
    @effect("t.first", lane=Lane.MAIL, atomic=True)
    def first(payload):
        queue("t.note", {"from": "first"}, "k")

    put("t.first")
    assert run_due() == 2
    assert ran == [{"from": "first"}]


@pytest.mark.django_db
def test_the_numbers_say_how_the_outbox_stands(ran, put):
    with at():
        put(key="1")
        put(key="2")
        put(key="3", at=START + timedelta(days=1))
        put(key="4")
        OutboxEntry.objects.filter(key="4").update(dead_at=START)
        claim()
    with at(seconds=29):
        state = outbox_state()
    assert (state.waiting, state.due, state.running, state.dead) == (3, 2, 1, 1)
    assert state.oldest == 29
    OutboxEntry.objects.all().delete()
    assert outbox_state().oldest == 0


@pytest.mark.django_db
def test_the_operator_sees_and_retries_from_the_command_line(effects, capsys, put):
    effect("t.never", lane=Lane.MAIL)(lambda payload: (_ for _ in ()).throw(Never("no mailbox")))
    put("t.never")
    run_due()
    entry = OutboxEntry.objects.get()
    call_command("outbox")
    assert f"dead {entry.pk} t.never, 1 attempts: no mailbox" in capsys.readouterr().out
    call_command("outbox", retry_all=True)
    assert capsys.readouterr().out.startswith("1 waiting (1 due")
    with pytest.raises(CommandError):
        call_command("outbox", retry=[entry.pk])


@pytest.mark.django_db
def test_the_task_does_what_the_outbox_does(ran, put):
    put(key="1")
    put(key="2")
    second = OutboxEntry.objects.get(key="2").pk
    tasks.run_entry(second)
    tasks.run_entry(second)
    assert len(ran) == 1


@pytest.mark.django_db
def test_regularly_a_checkpoint_is_signed_and_noted_in_the_systems_log(caplog, write, settings):
    write("case:1", 1)
    with caplog.at_level("INFO", logger="portal.events.tasks"):
        tasks.checkpoint()
        tasks.checkpoint()
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("checkpoint of the event log: 1:")
    settings.EVENTS_KEY_FILE = None
    tasks.checkpoint()
    assert "EVENTS_KEY_FILE" in caplog.messages[1]


@pytest.mark.django_db
def test_a_silent_broker_fails_no_request_and_is_asked_once_in_a_while(monkeypatch):
    asked = []

    class Broker:
        def send_task(self, *args, **kwargs):
            asked.append(args)
            raise ConnectionError

        def connection_for_write(self, **kwargs):
            assert kwargs["connect_timeout"] <= 1
            return self

        def release(self):
            raise ConnectionError

    monkeypatch.setattr(waking, "current_app", Broker())
    monkeypatch.setattr(waking, "_own", threading.local())
    monkeypatch.setattr(waking, "_silent_until", 0.0)
    for number in range(50):
        waking.wake(number, "t.note", Lane.MAIL)
    assert len(asked) == 1
