"""An agency's administrators see what waits, what failed and why, and give it a new life."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import scanning
from applications.selectors import operations
from decisions import expiry
from portal import clock, version
from portal.events import attending, claiming, readings
from portal.events.lanes import Lane
from portal.events.log import personal_of
from portal.events.models import Event, LaneWorker, OutboxEntry
from portal.events.outbox import queue
from tests.people import sign_in

PAGE = reverse("cases:operations", args=["SSB"])
SECRET = "kari.nordmann@example.no"


def fail(kind: str, payload: dict, reason: str = "RuntimeError at x.py:1", dead: bool = True):
    """An entry that was given up, or that failed and is tried again."""
    key = str(uuid.uuid4())
    with transaction.atomic():
        queue(kind, payload, key)
    entry = OutboxEntry.objects.get(key=key)
    later = clock.now() + timedelta(hours=1)
    changes = {"dead_at": clock.now()} if dead else {"due_at": later}
    OutboxEntry.objects.filter(pk=entry.pk).update(last_error=reason, attempts=2, **changes)
    return entry


@pytest.fixture
def own(world):
    OutboxEntry.objects.all().delete()
    return world.submitted()


@pytest.fixture
def read(world, client):
    """read(): what the administrator of SSB reads."""

    def get(path: str = PAGE, who: str = "agency_admin") -> str:
        sign_in(client, world[who])
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_who_it_is_for(world, client, read) -> None:
    assert "<h1" in read()
    for who, status in (("case_officer", 403), ("applicant", 404)):
        sign_in(client, world[who])
        assert client.get(PAGE).status_code == status, who
    assert PAGE in read(reverse("cases:rules", args=["SSB"]))


def test_it_tells_what_was_given_up_why_and_for_which_case(read, own) -> None:
    fail("submission.render", {"application": str(own.pk), "submission": 1}, claiming.TOO_LONG)
    text = read()
    assert "submission.render" in text
    assert own.number in text
    assert reverse("cases:case", args=["SSB", own.pk]) in text
    assert re.search("It ran longer than it may|Det varte lenger|Det varede", text)


def test_what_belongs_to_another_agencys_case_is_told_without_it(world, read, own, client) -> None:
    entry = fail("checks.run", {"application": str(own.pk), "reason": "submission"}, "KeyError")
    text = read(reverse("cases:operations", args=["DST"]), "second_admin")
    assert "checks.run" in text
    assert "KeyError" in text
    assert own.number not in text
    assert str(own.pk) not in text
    retry = reverse("cases:retry", args=["DST", entry.pk])
    assert retry not in text
    assert client.get(retry).status_code == 404
    assert client.post(retry, {"reason": "because"}).status_code == 404
    entry.refresh_from_db()
    assert entry.dead_at is not None


def test_nothing_that_a_mail_holds_is_shown(read) -> None:
    payload = {"to": SECRET, "subject": SECRET, "body": SECRET, "language": "nb"}
    entry = fail("mail.send", payload)
    text = read()
    assert "mail.send" in text
    assert SECRET not in text
    assert SECRET not in read(reverse("cases:retry", args=["SSB", entry.pk]))


def test_it_is_tried_again_with_a_reason_that_is_on_record(world, client, read, own) -> None:
    entry = fail("checks.run", {"application": str(own.pk), "reason": "submission"})
    address = reverse("cases:retry", args=["SSB", entry.pk])
    assert address in read()
    assert client.post(address, {"reason": "  "}).status_code == 422
    entry.refresh_from_db()
    assert entry.dead_at is not None
    assert client.post(address, {"reason": "The disk has room again."}).status_code == 302
    entry.refresh_from_db()
    assert (entry.dead_at, entry.killed) == (None, 0)
    told = Event.objects.get(stream=f"outbox:{entry.pk}", type="outbox.retried")
    assert told.actor == f"user:{world['agency_admin'].pk}"
    assert personal_of([told])[told.pk] == {"reason": "The disk has room again."}
    assert client.get(address).status_code == 404, "it is not dead any more"


def test_it_asks_the_database_as_often_for_one_entry_as_for_many(read, own, client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    read()
    payload = {"application": str(own.pk), "reason": "submission"}
    fail("checks.run", payload)
    fail("checks.run", payload, dead=False)
    one = queries()
    for _ in range(20):
        fail("checks.run", payload)
        fail("letter.make", {"application": str(own.pk)}, dead=False)
        attending.seen(f"{uuid.uuid4()}@host", [Lane.MAIL], first=True)
    assert queries() == one
    assert one <= 14


def test_workers_certificates_and_the_scanner_are_told_as_they_themselves_say(read) -> None:
    before = read()
    assert version.code() in before
    attending.seen("letters@one", [Lane.LETTERS], first=True)
    attending.seen("heavy@old", [Lane.HEAVY], first=True)
    LaneWorker.objects.filter(worker="heavy@old").update(version="0123456789ab")
    expiry.note()
    scanning.look()
    text = read()
    assert "letters@one" in text
    assert "0123456789ab" in text
    assert scanning.DEMO_NAME in text
    ends = readings.read(["certificate:SSB:decision"])["certificate:SSB:decision"].value["ends"]
    assert ends[:4] in text


def test_a_scanner_that_is_away_is_told_with_the_moment_since(settings, db) -> None:
    settings.SCANNER = "clamd"
    settings.CLAMD = {"backend": "clamd", "address": "/nonexistent/clamd.sock", "timeout": 1}
    scanning.look()
    first = readings.read(["scanner"])["scanner"]
    scanning.look()
    again = readings.read(["scanner"])["scanner"]
    assert again.value == {"state": "away"}
    assert again.at == first.at


def test_ages_are_told_in_the_largest_measure_that_fits(db) -> None:
    assert [operations.ago(s) for s in (4, 80, 7300, 200_000)] == ["4 s", "1 min", "2 h", "2 d"]
