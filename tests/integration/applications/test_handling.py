"""An agency's administrator says which month's cases are handled; those who wait are told."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications.commands import Actor, Forbidden, Invalid, NotFound, Stale
from applications.commands.handling import say_handling
from applications.models import AgencyNotice
from applications.selectors import handling
from portal import clock
from portal.events.models import Event
from portal.local import seeding as walk
from portal.local.demo_people import ensure_people
from tests.integration.applications.conftest import World
from tests.people import sign_in

MAY = date(2026, 5, 1)
PAGE = reverse("cases:handling", args=["SSB"])
WORDS = {
    "nb": "Det er mange saker nå.",
    "nn": "Det er mange saker no.",
    "en": "We have many cases now.",
}


@pytest.fixture
def world(db):
    handling.forget()
    yield World(ensure_people())
    handling.forget()


def say(world, month=MAY, texts=None, seen=0, who="agency_admin", agency="SSB"):
    return say_handling(Actor(user=world[who]), agency, month, texts or {}, seen)


def test_it_is_kept_with_who_and_when_and_the_newest_counts(world):
    first = say(world)
    assert (first.sequence, first.by) == (1, world["agency_admin"])
    say(world, date(2026, 6, 1), WORDS, seen=1)
    assert handling.newest("SSB").handling_from == date(2026, 6, 1)
    assert handling.newest("SSB").lines("nn")[1] == WORDS["nn"]
    assert handling.newest("SSB").lines("sv")[1] == WORDS["en"]
    assert [n.sequence for n in handling.history("SSB")] == [2, 1]
    told = Event.objects.filter(type="handling.said").order_by("sequence").last()
    assert told.stream == "agency:SSB"
    assert told.data["handling_from"] == "2026-06"
    assert handling.newest("DST").lines("da") == []


def test_nothing_in_it_takes_it_away_and_the_same_again_writes_nothing(world):
    say(world)
    assert say(world, seen=1) is None
    assert AgencyNotice.objects.count() == 1
    say(world, None, seen=1)
    assert handling.newest("SSB").lines("nb") == []


def test_only_the_agencys_own_administrators_may_say_it(world):
    for who in ("case_officer", "applicant", "dst_case_officer"):
        with pytest.raises(Forbidden):
            say(world, who=who)
    with pytest.raises(NotFound):
        say(world, agency="NOBODY")
    assert not AgencyNotice.objects.exists()


def test_what_cannot_be_is_refused_field_by_field(world):
    ahead = date(clock.now().year + 1, 1, 1)
    for month, texts, wrong in (
        (date(2026, 5, 2), {}, {"handling_from"}),
        (date(1899, 1, 1), {}, {"handling_from"}),
        (ahead, {"nb": "x" * 501, "nn": "x", "en": "x"}, {"handling_from", "text_nb"}),
        (MAY, {"nb": "Bare her."}, {"text_nn", "text_en"}),
    ):
        with pytest.raises(Invalid) as refused:
            say(world, month, texts)
        assert set(refused.value.errors) == wrong


def test_of_two_who_saw_the_same_the_second_is_told(world):
    say(world)
    with pytest.raises(Stale):
        say(world, date(2026, 4, 1))


def test_the_database_refuses_to_change_what_was_said(world):
    say(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgencyNotice.objects.update(handling_from=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgencyNotice.objects.all().delete()


def test_the_administrator_writes_it_on_a_page_that_keeps_what_was_typed(world, client):
    sign_in(client, world["agency_admin"])
    assert PAGE in client.get(reverse("cases:rules", args=["SSB"])).content.decode()
    page = client.post(PAGE, {"handling_from": "mai", "text_nb": "Mange.", "seen": "0"})
    assert page.status_code == 422
    assert "Mange." in page.content.decode()
    assert client.post(PAGE, {"handling_from": "2026-05", "seen": "7"}).status_code == 409
    assert client.post(PAGE, {"handling_from": "2026-05", "seen": "0"}).status_code == 302
    assert 'value="2026-05"' in client.get(PAGE).content.decode()
    sign_in(client, world["case_officer"])
    assert client.get(PAGE).status_code == 403
    sign_in(client, world["applicant"])
    assert client.get(PAGE).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_those_who_wait_are_told_until_somebody_handles_their_case(client):
    world = World(ensure_people())
    handling.forget()
    say(world, MAY, WORDS)
    case = world.submitted()
    overview = reverse("applications:overview", args=[case.pk])
    sign_in(client, world["applicant"])
    page = client.get(overview, headers={"accept-language": "en"}).content.decode()
    assert any(words in page for words in WORDS.values())
    assert "2026" in page
    walk.assess(case, world["case_officer"], 0)
    page = client.get(overview).content.decode()
    assert not any(words in page for words in WORDS.values())
    client.logout()
    front = client.get("/").content.decode()
    assert any(words in front for words in WORDS.values())
    handling.forget()
