"""What happened is written once, in order, and stays."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from portal.events.chain import GENESIS
from portal.events.log import erase_personal, personal_of, record
from portal.events.models import Event, EventPayload
from portal.events.verify import verify


@pytest.mark.django_db
def test_events_of_a_stream_are_numbered_and_linked(write):
    write("case:1", 3)
    write("case:2", 1)
    one, two, three = Event.objects.filter(stream="case:1").order_by("sequence")
    assert [e.sequence for e in (one, two, three)] == [1, 2, 3]
    assert [one.previous_hash, two.previous_hash, three.previous_hash] == [
        GENESIS,
        one.hash,
        two.hash,
    ]
    assert Event.objects.get(stream="case:2").previous_hash == GENESIS


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        record("case:1", "case.happened", "user:1", {})


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_event_and_no_gap(write):
    with transaction.atomic():
        record("case:1", "case.happened", "user:1", {}, {"name": "Kari"})
        transaction.set_rollback(True)
    write("case:1", 2)
    assert list(Event.objects.values_list("sequence", flat=True).order_by("id")) == [1, 2]
    assert not EventPayload.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\u00e5", "a\u030a", "\u2028</script>", "\ud7ff\U0001f600"])
def test_what_is_read_back_has_the_hash_it_was_written_with(text):
    record("case:1", "case.happened", "user:1", {text: [text, 2**53 - 1, None, {"b": 1, "a": {}}]})
    assert verify("case:1").faults == []


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{"price": 1.5}, {"text": "\x00"}, {"set": {1}}])
def test_facts_that_would_not_read_back_the_same_are_refused_before_they_are_written(data):
    with pytest.raises((TypeError, ValueError)):
        record("case:1", "case.happened", "user:1", data)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["", "kari"])
def test_an_event_says_whether_a_person_or_the_system_acted(actor):
    with pytest.raises(ValueError):
        record("case:1", "case.happened", actor, {})


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_one_stream_wait_for_each_other(at_once):
    def work(number):
        for _ in range(10):
            with transaction.atomic():
                record("case:busy", "case.happened", f"user:{number}", {})

    assert at_once(work, 8) == [None] * 8
    numbers = Event.objects.filter(stream="case:busy").values_list("sequence", flat=True)
    assert sorted(numbers) == list(range(1, 81))
    assert verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_streams_do_not_wait(at_once):
    both_have_written = threading.Barrier(2, timeout=10)

    def work(number):
        with transaction.atomic():
            record(f"case:{number}", "case.happened", "user:1", {})
            both_have_written.wait()

    assert at_once(work, 2) == [None, None]


CHANGES = [
    "UPDATE events_event SET actor = 'user:2'",
    "UPDATE events_event SET data = data WHERE false",
    "DELETE FROM events_event",
    "TRUNCATE events_event",
    "TRUNCATE events_event CASCADE",
    "UPDATE events_checkpoint SET at = now()",
    "DELETE FROM events_checkpoint",
    "TRUNCATE events_checkpoint",
    "UPDATE events_checkpointhead SET sequence = 9",
    "DELETE FROM events_checkpointhead",
    "TRUNCATE events_checkpointhead",
    "DELETE FROM events_eventpayload",
    "TRUNCATE events_eventpayload",
    """UPDATE events_eventpayload SET body = '{"name": "Ola"}'""",
    "UPDATE events_eventpayload SET salt = 'other'",
    "UPDATE events_eventpayload SET body = NULL, salt = '', erased_at = now(), event_id = 0",
]


@pytest.fixture
def roles():
    """The role that the portal runs as in production, and one that was given far too much."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE events_test_app; CREATE ROLE events_test_greedy")
        for table in ("event", "checkpoint", "checkpointhead", "eventpayload"):
            cursor.execute(f"GRANT SELECT, INSERT ON events_{table} TO events_test_app")
            cursor.execute(f"GRANT ALL ON events_{table} TO events_test_greedy")
        cursor.execute("GRANT UPDATE ON events_eventpayload TO events_test_app")
        cursor.execute("GRANT USAGE ON SEQUENCE events_event_id_seq TO events_test_app")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["events_test_app", "events_test_greedy", None])
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_what_was_written(role, change, write, roles):
    write("case:1", 2, {"name": "Kari"})
    with connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            cursor.execute(change)
        cursor.execute("RESET ROLE")
    assert refusal.value.__cause__.pgcode == "42501"  # insufficient_privilege
    assert verify().faults == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trick",
    [
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TRIGGER append_only ON events_event",
        "CREATE OR REPLACE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'",
    ],
)
def test_the_portals_role_cannot_put_the_guard_out_of_action(trick, roles):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE events_test_app")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(trick)


@pytest.mark.django_db
def test_the_portals_role_writes_and_erases(write, roles):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE events_test_app")
    write("case:1", 2, {"name": "Kari"})
    assert erase_personal("case:1", "user:2", "retention") is not None


@pytest.mark.django_db
def test_the_same_place_in_a_stream_is_not_taken_twice(write):
    write("case:1", 1)
    twin = Event.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.django_db
def test_personal_facts_can_be_erased_and_the_chain_stays_whole(write):
    write("case:1", 3, {"name": "Kari Nordmann"})
    write("case:2", 1, {"name": "Ola"})
    assert len(personal_of(Event.objects.all())) == 4
    erasure = erase_personal("case:1", "user:2", "retention", upto=2)
    assert erasure.data == {"events": [1, 2], "reason": "retention"}
    left = personal_of(Event.objects.filter(stream="case:1"))
    assert list(left.values()) == [{"name": "Kari Nordmann"}]
    verdict = verify()
    assert verdict.faults == []
    assert verdict.erased == 2
    gone = EventPayload.objects.filter(erased_at__isnull=False)
    assert set(gone.values_list("body", "salt")) == {(None, "")}


@pytest.mark.django_db
def test_erasing_twice_writes_one_event(write):
    write("case:1", 1, {"name": "Kari"})
    assert erase_personal("case:1", "user:2", "retention") is not None
    assert erase_personal("case:1", "user:2", "retention") is None
    assert Event.objects.count() == 2
