"""A checkpoint covers everything below its number, also what commits late."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from portal import clock
from portal.events.checkpoints import Busy, make_checkpoint
from portal.events.log import record
from portal.events.models import Checkpoint, CheckpointHead, Event
from portal.events.verify import verify


def heads(number: int) -> dict[str, int]:
    found = CheckpointHead.objects.filter(checkpoint=number)
    return dict(found.values_list("stream", "sequence"))


@pytest.mark.django_db
def test_a_checkpoint_names_the_streams_that_grew_since_the_one_before(write):
    write("case:1", 3)
    write("case:2", 1)
    first = make_checkpoint()
    write("case:2", 2)
    second = make_checkpoint()
    assert (heads(1), heads(2)) == ({"case:1": 3, "case:2": 1}, {"case:2": 3})
    assert (second.number, second.previous_hash) == (2, first.hash)
    assert second.last_id == Event.objects.latest("id").pk


@pytest.mark.django_db
def test_without_news_there_is_no_checkpoint(write):
    assert make_checkpoint() is None
    write("case:1", 1)
    assert make_checkpoint() is not None
    assert make_checkpoint() is None


@pytest.mark.django_db
def test_a_checkpoint_of_a_host_whose_clock_is_behind_is_not_older_than_the_one_before(write):
    write("case:1", 1)
    first = make_checkpoint()
    write("case:1", 1)
    with clock.frozen(first.at - timedelta(days=30)):
        second = make_checkpoint()
    assert second.at == first.at
    assert verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_waits_for_those_who_write_and_holds_up_nobody(at_once):
    written, asked, go_on = (threading.Event() for _ in range(3))

    def slow_writer():
        with transaction.atomic():
            record("case:slow", "case.happened", "user:1", {})
            written.set()
            assert go_on.wait(20)

    def quick_writer():
        assert written.wait(20)
        with transaction.atomic():
            record("case:quick", "case.happened", "user:1", {})
        with pytest.raises(Busy):
            make_checkpoint(patience=0)
        asked.set()

    def latecomer():
        assert asked.wait(20)
        with transaction.atomic():
            record("case:late", "case.happened", "user:1", {})
        go_on.set()

    people = (slow_writer, quick_writer, latecomer)
    assert at_once(lambda number: people[number](), 3) == [None] * 3
    make_checkpoint()
    assert heads(1) == {"case:slow": 1, "case:quick": 1, "case:late": 1}
    assert verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_many_checkpoints_at_once_while_many_write_are_one_whole_chain(at_once):
    def work(number):
        for turn in range(5):
            if number < 2:
                make_checkpoint()
            else:
                with transaction.atomic():
                    record(f"case:{(number + turn) % 3}", "case.happened", "user:1", {})

    assert at_once(work, 6) == [None] * 6
    make_checkpoint()
    verdict = verify()
    assert verdict.faults == []
    assert verdict.since_checkpoint == 0
    numbers = list(Checkpoint.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db
def test_the_command_prints_what_is_to_be_noted_elsewhere(write, capsys, settings):
    write("case:1", 1)
    call_command("checkpoint_events")
    point = Checkpoint.objects.get()
    assert capsys.readouterr().out.strip() == f"Checkpoint {point.number}:{point.hash}"
    call_command("checkpoint_events")
    assert "Nothing was written" in capsys.readouterr().out
    call_command("verify_events", known=f"1:{point.hash}")
    settings.EVENTS_KEY_FILE = None
    with pytest.raises(CommandError, match="EVENTS_KEY_FILE"):
        call_command("checkpoint_events")
    with pytest.raises(CommandError):
        call_command("verify_events", known="1:short")
