"""What is applied for elsewhere: told where it matters, taken along, and its number kept."""

import csv
import io
import json

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from applications import schemes, selectors
from applications.commands import Forbidden, Invalid, NotFound, create
from applications.completeness.sample import complete_document
from applications.exchange import handing
from applications.models import HandoffReference
from institutions.selectors import active_institutions
from portal.events.models import Event
from portal.local import seeding
from tests.people import person, sign_in

HEALTH = [
    {"holder": "FHI", "register": "NPR", "name": "DIAGNOSIS", "healthRegister": True},
    {"holder": "SSB", "name": "INCOME", "fromYear": 2015, "toYear": 2020},
    {"holder": "FHI", "name": "=BIRTH", "healthRegister": True},
]


@pytest.fixture
def case(world):
    case = world.draft()
    payload = {"list": "variables", "rows": HEALTH}
    world.do("import_rows", case, "applicant", payload)
    return case


@pytest.fixture
def applicant(world, client):
    sign_in(client, world["applicant"])
    return client


def list_address(case, handoff, kind):
    return reverse("applications:handoff_list", args=[case.pk, handoff, kind])


def section_of(case, path):
    form = selectors.scheme_of(case).form(case.type, selectors.document(case))
    return next(s.id for s in form.sections if any(f.path == path for f in s.fields))


def other(world, agency, type, **answers):
    institution = active_institutions(world["applicant"]).first()
    case = create(world.actor("applicant"), agency, "en", institution.pk, type=type)
    payload = {"section": "", "values": {k.replace("__", "."): v for k, v in answers.items()}}
    world.do("save_section", case, "applicant", payload)
    return case


@pytest.mark.parametrize("page", ["overview", "missing", "review", "section", "rows"])
def test_rows_of_health_registers_are_told_of_where_one_works_with_them(applicant, case, page):
    more = {"section": [section_of(case, "variables")], "rows": ["variables"]}.get(page, [])
    text = applicant.get(reverse(f"applications:{page}", args=[case.pk, *more])).content.decode()
    assert 'href="https://helsedata.no"' in text
    assert "NPR · DIAGNOSIS" in text
    assert list_address(case, "helsedata", "csv") in text


def test_without_such_rows_nothing_is_told(world, applicant):
    case = world.draft()
    text = applicant.get(reverse("applications:overview", args=[case.pk])).content.decode()
    assert "helsedata.no" not in text
    elsewhere = reverse("applications:section", args=[case.pk, "project"])
    assert "helsedata.no" not in applicant.get(elsewhere).content.decode()


def test_the_list_holds_exactly_those_rows(applicant, case):
    text = applicant.get(list_address(case, "helsedata", "csv")).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(lines) == 3
    assert "DIAGNOSIS" in lines[1]
    assert "'=BIRTH" in lines[2]
    assert "INCOME" not in text
    file = applicant.get(list_address(case, "helsedata", "xlsx")).content
    sheet = load_workbook(io.BytesIO(file)).active
    assert sheet.max_row == 3
    assert applicant.get(list_address(case, "helsedata", "pdf")).status_code == 404
    assert applicant.get(list_address(case, "nothing", "csv")).status_code == 404


def test_the_number_given_elsewhere_is_kept_changed_and_forgotten(world, applicant, case):
    address = reverse("applications:handoff", args=[case.pk, "helsedata"])
    back = reverse("applications:review", args=[case.pk])
    answer = applicant.post(address, {"reference": " 24/1234 ", "next": back})
    assert answer["Location"] == back
    assert HandoffReference.objects.get().reference == "24/1234"
    assert 'value="24/1234"' in applicant.get(back).content.decode()
    applicant.post(address, {"reference": "x" * 201})
    assert HandoffReference.objects.get().reference == "24/1234"
    outside = applicant.post(address, {"reference": "24/5", "next": "https://evil.example/"})
    assert outside["Location"] == reverse("applications:overview", args=[case.pk])
    applicant.post(address, {"reference": ""})
    assert not HandoffReference.objects.exists()
    told = Event.objects.filter(type="application.keep_reference")
    assert told.count() == 3
    assert "24/1234" not in json.dumps([event.data for event in told])


def test_a_number_is_kept_by_those_who_work_on_the_case_only(world, case):
    payload = {"handoff": "helsedata", "reference": "1"}
    with pytest.raises(NotFound):
        world.do("keep_reference", case, "case_officer", payload)
    with pytest.raises(Invalid):
        world.do("keep_reference", case, "applicant", {"handoff": "other", "reference": "1"})
    reader = person("Only Reads")
    from applications.models import Colleague
    from portal import clock

    Colleague.objects.create(
        application=case,
        user=reader,
        role="viewer",
        added_by=world["applicant"],
        added_at=clock.now(),
    )
    world.people["reader"] = reader
    with pytest.raises(Forbidden):
        world.do("keep_reference", case, "reader", payload)


def test_the_case_officer_sees_the_hand_off_and_keeps_the_number_too(world, client):
    case = world.complete()
    row = {"list": "variables", "id": None, "data": HEALTH[0] | {"fromYear": 2015, "toYear": 2016}}
    world.do("save_row", case, "applicant", row)
    linked = {"list": "linkage.sources", "id": None, "data": {"holder": "FHI"}}
    world.do("save_row", case, "applicant", linked)
    force(case, world)
    sign_in(client, world["case_officer"])
    page = reverse("cases:case", args=[case.agency, case.pk])
    assert list_address(case, "helsedata", "xlsx") in client.get(page).content.decode()
    address = reverse("applications:handoff", args=[case.pk, "helsedata"])
    assert client.post(address, {"reference": "24/9"})["Location"] == page
    assert 'value="24/9"' in client.get(page).content.decode()
    assert client.get(list_address(case, "helsedata", "csv")).status_code == 200


def force(case, world):
    """Sends the case whatever its checks say: here only its pages matter."""
    from unittest.mock import patch

    with patch("applications.selectors.findings", return_value=[]):
        seeding.send(case, world["applicant"], 0.5)


def test_a_danish_proposal_is_taken_along_as_json_csv_and_pdf_with_its_number(world, applicant):
    case = other(world, "DST", "researcher", project__title="Absence")
    text = applicant.get(reverse("applications:overview", args=[case.pk])).content.decode()
    for kind in ("json", "csv", "pdf"):
        address = reverse("applications:export_file", args=[case.pk, kind])
        assert address in text
        assert applicant.get(address).status_code == 200
    assert "Absence" in applicant.get(
        reverse("applications:export_file", args=[case.pk, "csv"])
    ).content.decode("utf-8-sig")
    payload = {"handoff": "datavindue", "reference": "708123"}
    world.do("keep_reference", case, "applicant", payload)
    assert handing.references(case) == {"datavindue": "708123"}


def test_a_swedish_order_lists_the_other_authorities_to_ask(world, applicant):
    case = other(world, "SOS", "new", otherAuthorities=["SCB", "Försäkringskassan"])
    text = applicant.get(reverse("applications:missing", args=[case.pk])).content.decode()
    assert "SCB; Försäkringskassan" in text
    answer = applicant.get(list_address(case, "other_authorities", "csv"))
    assert "Försäkringskassan" in answer.content.decode("utf-8-sig")


def test_what_is_not_applied_for_here_says_in_the_scheme_where_it_is():
    elsewhere = [t for s in schemes.all_current() for t in s.types if not t.here]
    assert elsewhere
    for type in elsewhere:
        assert len(type.handoff("en")) > 20


@pytest.mark.parametrize("agency", ["SSB", "DST", "SOS"])
def test_every_hand_off_has_its_texts_in_all_languages(agency):
    for handoff in schemes.current(agency).handoffs:
        for language in ("nb", "nn", "da", "sv", "en"):
            assert handoff.label(language)
            assert handoff.text(language)
    document = complete_document(agency)
    assert isinstance(handing.boxes(schemes.current(agency), document, "en", {}), list)
