"""A day of the year 27 or 9999 is taken nowhere: not on a page, not by a command, not from before."""

from datetime import date

import pytest
from django.urls import reverse

from applications import selectors
from applications.commands import Invalid
from applications.models import Application, Row
from institutions.commands import Refused, propose_approval, set_end
from institutions.models import Membership
from portal.local import seeding
from tests.people import sign_in

SENTENCE = "between the years 1900 and 2150"


def test_such_a_day_stands_in_the_form_as_typed_with_the_bounds_beside_it(world, client):
    case = world.complete()
    before = selectors.pick(case.answers, "project.start")
    sign_in(client, world["applicant"])
    client.cookies["django_language"] = "en"
    address = reverse("applications:section", args=[case.pk, "project"])
    page = client.post(address, {"project.start": "0027-01-01", "base": "{}", "save": "1"})
    page = page if page.content else client.get(address)
    told = page.content.decode()
    assert 'value="0027-01-01"' in told
    assert SENTENCE in told
    case.refresh_from_db()
    assert selectors.pick(case.answers, "project.start") == before
    for name in ("overview", "missing"):
        page = client.get(reverse(f"applications:{name}", args=[case.pk])).content.decode()
        assert "Nothing is missing" not in page
    assert "Nothing is missing" not in told
    review = reverse("applications:review", args=[case.pk])
    assert client.post(review, {"declaration": "1", "key": "k"}).status_code == 422
    assert "“0027-01-01”" in client.get(review).content.decode()


@pytest.mark.parametrize("day", ["0027-01-01", "9999-12-31", "soon"])
def test_no_command_writes_it(world, day):
    case = world.complete()
    row = {"name": "Kari", "institution": "Fjordheim", "informedOn": day}
    for command, payload in (
        ("save_section", {"section": "project", "values": {"project.start": day}}),
        ("save_row", {"list": "persons", "id": None, "data": row}),
        ("import_rows", {"list": "persons", "rows": [row]}),
    ):
        with pytest.raises(Invalid):
            world.do(command, case, "applicant", payload)


def test_one_that_was_taken_before_stops_the_submission_until_it_is_mended(world, client):
    case = world.complete()
    answers = selectors.copy(case.answers)
    selectors.put(answers, "project.start", "0027-01-01")
    Application.objects.filter(pk=case.pk).update(answers=answers)
    row = Row.objects.filter(application=case, list_path="persons").first()
    Row.objects.filter(pk=row.pk).update(data=row.data | {"informedOn": "9999-12-31"})
    with pytest.raises(Invalid) as refused:
        world.do("submit", case, "applicant", {"declaration": "yes"})
    assert set(refused.value.errors) == {"project.start", "persons.informedOn"}
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:missing", args=[case.pk])).content.decode()
    assert "“0027-01-01”" in page
    assert "“9999-12-31”" in page
    mended = {"section": "project", "values": {"project.start": "2027-01-01"}}
    world.do("save_section", case, "applicant", mended)
    kept = {"list": "persons", "id": row.pk, "data": row.data}
    world.do("save_row", case, "applicant", kept)
    seeding.send(case, world["applicant"], 0)
    assert case.number


def test_an_institutions_people_and_approvals_do_not_take_it(world):
    held = Membership.objects.filter(user=world["colleague"]).first()
    with pytest.raises(Refused, match=SENTENCE):
        set_end(held, world["institution_admin"], date(9999, 12, 31))
    with pytest.raises(Refused, match=SENTENCE):
        propose_approval(
            held.institution, "SSB", "ssb", world["agency_admin"], date(27, 1, 1), None, "1", "Why"
        )
