"""An application for data about persons with questions left open is incomplete, and says so."""

import pytest
from django.urls import reverse

from applications import selectors
from applications.commands import Incomplete
from applications.models import Row
from tests.people import sign_in

OPEN = ("processesPersonalData", "legalBasis", "linkage.used", "consentBased", "storage.country")
ROWS = [
    {
        "holder": "SSB",
        "register": "Inntekt",
        "name": f"INNTEKT_{n:03d}",
        "fromYear": 2015,
        "toYear": 2020,
        "unitType": "person",
    }
    for n in range(300)
]


@pytest.fixture
def case(world):
    """300 variables about persons, and none of the questions that decide what they need."""
    made = world.complete(leave_out=("dpia",))
    answers = selectors.copy(made.answers)
    for path in OPEN:
        selectors.put(answers, path, None)
    type(made).objects.filter(pk=made.pk).update(answers=answers)
    Row.objects.filter(application=made, list_path="approvals").delete()
    world.do("import_rows", made, "applicant", {"list": "variables", "rows": ROWS, "replace": True})
    return made


def test_it_is_not_sent_and_nowhere_is_it_said_that_nothing_is_missing(world, client, case):
    with pytest.raises(Incomplete) as refused:
        world.do("submit", case, "applicant", {"declaration": "yes"})
    found = {f.id for f in refused.value.findings}
    assert {"SSB-FLD-21", "SSB-FLD-22", "SSB-FLD-25"} <= found
    client.cookies["django_language"] = "en"
    sign_in(client, world["applicant"])
    for name in ("overview", "missing", "review"):
        page = client.get(reverse(f"applications:{name}", args=[case.pk])).content.decode()
        assert "Nothing is missing" not in page, name
    for question in ("personal data will be processed", "linked with data from other sources"):
        assert f"Say whether {question}" in page or f"the data will be {question}" in page
    assert "State the country in which the data will be stored." in page


def test_no_to_personal_data_does_not_get_round_the_legal_basis(world, case):
    said = {"section": "basis", "values": {"processesPersonalData": False, "linkage.used": False}}
    world.do("save_section", case, "applicant", said)
    with pytest.raises(Incomplete) as refused:
        world.do("submit", case, "applicant", {"declaration": "yes"})
    found = {f.id: f for f in refused.value.findings}
    assert len(found["SSB-CHK-39"].rows) == 300
