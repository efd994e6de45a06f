"""Rows are picked from the agency's catalogue, and what the catalogue knows is not asked for."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from applications import schemes, selectors
from applications.commands import create
from applications.commands.gate import Actor
from applications.models import Application, Row
from catalogue.models import Register, Variable
from portal.events import outbox
from portal.local import seeding as walk
from tests.people import institution, member, person, sign_in

COMPUTED = {"publishedThrough", "collection", "originAuthority", "source", "openData"}


def take_in(agency: str, path=None, day: str = "2026-01-01") -> None:
    path = path or schemes.beside(agency, "catalogue.csv")
    call_command("import_catalogue", agency, path, valid_from=date.fromisoformat(day), verbosity=0)
    while outbox.run_due(limit=50):
        pass


@pytest.fixture
def case(world) -> Application:
    take_in("SSB")
    return world.draft()


@pytest.fixture
def page(case) -> str:
    return reverse("applications:rows_pick", args=[case.pk, "variables"])


def rows(case: Application) -> list[dict]:
    held = Row.objects.filter(application=case, list_path="variables").order_by("position")
    return list(held.values_list("data", flat=True))


def entry(code: str) -> str:
    return str(Variable.objects.get(agency="SSB", code=code, retired=None).pk)


def test_what_is_ticked_stands_in_the_list_with_its_years_and_all_that_the_catalogue_knows(
    client, world, case, page
):
    sign_in(client, world["applicant"])
    found = client.get(page, {"q": "alder"}).content.decode()
    assert entry("age") in found
    posted = {"entry": [entry("age"), entry("sex")], "first_year": "1900", "last_year": "2020"}
    answer = client.post(f"{page}?q=alder", posted)
    assert answer.status_code == 302
    assert answer["Location"].endswith("?q=alder")
    by_code = {row["code"]: row for row in rows(case)}
    age, sex = by_code["age"], by_code["sex"]
    assert (age["fromYear"], age["toYear"]) == (1975, 2020)  # no data before 1975
    assert age["publishedThrough"] == 2025
    assert age["source"] == "population_register"
    assert age["inVariableList"] is True
    assert sex["timeless"] is True
    assert "fromYear" not in sex


def test_the_same_variable_in_the_same_years_is_taken_over_once(client, world, case, page):
    sign_in(client, world["applicant"])
    client.post(page, {"entry": [entry("age")]})
    told = client.post(page, {"entry": [entry("age"), entry("sex")]}, follow=True)
    assert len(rows(case)) == 2
    assert "1 sto i listen fra før" in told.content.decode()


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"first_year": "i fjor"}, 422),
        ({"first_year": "2020", "last_year": "2010"}, 422),
        ({}, 200),
    ],
)
def test_what_cannot_be_taken_over_is_told_and_nothing_typed_is_lost(
    client, world, case, page, posted, status
):
    sign_in(client, world["applicant"])
    ticked = {"entry": [entry("age")]} if posted else {}
    answer = client.post(page, {**posted, **ticked})
    assert answer.status_code == status
    assert rows(case) == []
    if posted:
        body = answer.content.decode()
        assert f'value="{posted["first_year"]}"' in body
        assert " checked" in body


def test_a_typed_row_that_the_catalogue_has_gets_its_facts_and_loses_them_with_its_name(
    world, case
):
    by = world.actor("applicant")
    typed = {"holder": "SSB", "name": "Alder ved utgangen av året", "identifying": True}
    payload = {"list": "variables", "id": None, "data": typed}
    row = walk.give("save_row", case, by, payload, 0)["row"]
    assert rows(case)[0]["publishedThrough"] == 2025
    assert rows(case)[0]["identifying"] is True  # the applicant may see more than the catalogue
    other = {"list": "variables", "id": row.pk, "data": {**typed, "name": "Egen måling"}}
    walk.give("save_row", case, by, other, 0)
    assert not COMPUTED & rows(case)[0].keys()


def test_another_holders_variable_of_the_same_name_is_another(world, case):
    payload = {
        "list": "variables",
        "id": None,
        "data": {"holder": "FHI", "name": "Alder ved utgangen av året"},
    }
    walk.give("save_row", case, world.actor("applicant"), payload, 0)
    assert rows(case) == [payload["data"]]


def test_a_new_edition_reaches_drafts_and_leaves_what_was_sent_alone(world, tmp_path):
    take_in("SSB")
    draft, sent = world.draft(), world.complete()
    for one in (draft, sent):
        payload = {"list": "variables", "id": None, "data": {"code": "age", "name": "Alder"}}
        payload["data"] |= {"holder": "SSB", "fromYear": 2010, "toYear": 2020}
        walk.give("save_row", one, world.actor("applicant"), payload, 0)
    walk.send(sent, world["applicant"], 0)
    text = schemes.beside("SSB", "catalogue.csv").read_text(encoding="utf-8")
    new = text.replace("1975,2025,,2025,yes", "1975,2026,,2026,yes")
    assert new != text
    file = tmp_path / "new.csv"
    file.write_text(new, encoding="utf-8")
    take_in("SSB", file, "2026-06-01")
    assert rows(draft)[0]["publishedThrough"] == 2026
    assert rows(sent)[-1]["publishedThrough"] == 2025


def test_a_municipality_that_asks_for_the_exempt_items_only_is_not_asked_for_safeguards(
    world, client
):
    take_in("SSB")
    place = institution("Fjordby kommune", kind="municipality", org_number="974760673")
    owner = person("Kari Kommune", language="nb")
    member(owner, place)
    case = create(Actor(user=owner), "SSB", "nb", place.pk, "new")
    sign_in(client, owner)
    values = {"dataLevel": "indirect", "variablesEntry": "portal"}
    payload = {"section": "data", "values": values}
    walk.give("save_section", case, Actor(user=owner), payload, 0)
    address = reverse("applications:rows_pick", args=[case.pk, "variables"])
    client.post(address, {"entry": [entry("sex"), entry("age")]})
    told = {f.id for f in selectors.findings(case)}
    assert not {"SSB-CHK-24", "SSB-ATT-15"} & told
    another = Variable.objects.filter(agency="SSB", source="", open_data=False, retired=None)
    client.post(address, {"entry": [str(another.first().pk)]})
    assert {"SSB-CHK-24", "SSB-ATT-15"} <= {f.id for f in selectors.findings(case)}


def test_registers_are_picked_where_registers_are_asked_for(world, client):
    take_in("DST")
    owner = person("Dorte Dansk", language="da")
    place = institution("Sundhedsinstituttet", country="DK", org_number="13748136")
    member(owner, place)
    case = create(Actor(user=owner), "DST", "da", place.pk, "researcher")
    sign_in(client, owner)
    address = reverse("applications:rows_pick", args=[case.pk, "registers"])
    first = Register.objects.filter(agency="DST", retired=None).order_by("name").first()
    found = client.get(address, {"q": first.name[:6]}).content.decode()
    assert str(first.pk) in found
    assert client.post(address, {"entry": [str(first.pk)]}).status_code == 302
    held = Row.objects.get(application=case, list_path="registers")
    assert held.data == {"name": first.name}


def test_without_a_catalogue_the_page_says_so_and_the_list_can_be_typed(world, client):
    case = world.draft()
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:rows_pick", args=[case.pk, "variables"]))
    assert page.status_code == 200
    assert 'name="entry"' not in page.content.decode()


def test_a_list_that_is_not_in_any_catalogue_has_no_such_page(world, client):
    case = world.draft()
    sign_in(client, world["applicant"])
    address = reverse("applications:rows_pick", args=[case.pk, "persons"])
    assert client.get(address).status_code == 404
