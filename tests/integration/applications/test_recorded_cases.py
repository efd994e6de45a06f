"""What institutions have from before the portal counts, once the agency has recorded it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import selectors
from applications.commands import Forbidden, Invalid, NotFound, create
from applications.commands.gate import Actor
from applications.commands.recorded import end_recorded, record_case
from applications.models import RecordedCase, Row
from portal.events.models import Event
from tests.people import institution, member, person, sign_in, staff


@pytest.fixture
def place(db):
    return institution("Sundhedsinstituttet", country="DK", org_number="13748136")


@pytest.fixture
def owner(place):
    someone = person("Dorte Dansk", language="da")
    member(someone, place)
    return someone


@pytest.fixture
def admin(place):
    return staff("agency_admin", "DST")


def projects(admin, place, many: int) -> None:
    for n in range(many):
        lists = {"registers.name": ["Befolkningen", f"Register {n}"]}
        record_case(Actor(user=admin), "DST", place, "researcher", f"70{n}", f"Projekt {n}", lists)


def test_recorded_projects_stand_in_the_list_that_a_database_begins_with(admin, place, owner):
    projects(admin, place, 5)
    case = create(Actor(user=owner), "DST", "da", place.pk, "project_database")
    rows = Row.objects.filter(application=case, list_path="database.activeProjects")
    held = list(rows.order_by("position").values_list("data", flat=True))
    assert [row["number"] for row in held] == ["700", "701", "702", "703", "704"]
    assert held[0]["registers"] == ["Befolkningen", "Register 0"]
    assert held[0]["title"] == "Projekt 0"
    told = {f.id for f in selectors.findings(case)}
    assert not {"DST-CHK-04", "DST-CHK-09", "DST-ATT-03"} & told


def test_a_recorded_database_stops_a_second_one_until_it_is_ended(admin, place, owner):
    held = record_case(Actor(user=admin), "DST", place, "project_database", "DB 7", "Databasen")
    case = create(Actor(user=owner), "DST", "da", place.pk, "project_database")
    assert "DST-CHK-06" in {f.id for f in selectors.findings(case)}
    end_recorded(Actor(user=admin), "DST", held.pk)
    end_recorded(Actor(user=admin), "DST", held.pk)  # a second click
    assert "DST-CHK-06" not in {f.id for f in selectors.findings(case)}
    said = Event.objects.filter(stream="agency:DST").order_by("sequence")
    assert [event.type for event in said] == ["case.recorded", "case.ended"]


def test_only_the_agencys_administrators_record(admin, place, owner):
    for who in (owner, staff("case_officer", "DST"), staff("agency_admin", "SOS")):
        with pytest.raises(Forbidden):
            record_case(Actor(user=who), "DST", place, "researcher", "1", "T")
    with pytest.raises(NotFound):
        record_case(Actor(user=admin), "NOBODY", place, "researcher", "1", "T")
    assert not RecordedCase.objects.exists()


def test_a_number_is_recorded_once_while_it_is_in_force(admin, place):
    by = Actor(user=admin)
    first = record_case(by, "DST", place, "researcher", "700", "T")
    with pytest.raises(Invalid) as twice:
        record_case(by, "DST", place, "researcher", "700", "T")
    assert set(twice.value.errors) == {"number"}
    end_recorded(by, "DST", first.pk)
    record_case(by, "DST", place, "researcher", "700", "T")
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordedCase.objects.update(ended_at=None, ended_by=None)


def test_the_page_records_tells_what_is_wrong_and_keeps_what_was_typed(client, admin, place):
    sign_in(client, admin)
    address = reverse("cases:recorded", args=["DST"])
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"title": "Et projekt fra før", "type": "researcher"})
    assert wrong.status_code == 422
    assert 'value="Et projekt fra før"' in wrong.content.decode()
    good = {
        "institution": str(place.pk),
        "type": "researcher",
        "number": "707",
        "title": "Et projekt fra før",
        "registers.name": "Befolkningen\nUddannelser\n",
    }
    assert client.post(address, good).status_code == 302
    held = RecordedCase.objects.get()
    assert held.document == {
        "project": {"title": "Et projekt fra før"},
        "registers": [{"name": "Befolkningen"}, {"name": "Uddannelser"}],
    }
    page = client.get(address, {"q": "707"}).content.decode()
    assert "Et projekt fra før" in page
    assert "Et projekt fra før" not in client.get(address, {"q": "909"}).content.decode()
    ended = client.post(reverse("cases:recorded_end", args=["DST", held.pk]))
    assert ended.status_code == 302
    held.refresh_from_db()
    assert held.ended_by == admin


def test_the_page_is_for_administrators_of_agencies_whose_rules_ask_for_earlier_cases(
    client, admin, owner
):
    for who, agency, status in (
        (owner, "DST", 404),
        (staff("case_officer", "DST"), "DST", 403),
        (staff("agency_admin", "SOS"), "SOS", 404),
    ):
        sign_in(client, who)
        assert client.get(reverse("cases:recorded", args=[agency])).status_code == status
