"""A Danish project database with a subproject: what the portal knows is not asked for."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from applications.commands import Actor
from applications.commands.recorded import record_case
from applications.completeness.sample import complete_document
from portal import clock
from tests.browser import journeys
from tests.browser.walking import Walker
from tests.people import approved, institution, member, person, staff

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = clock.now().year
NAME = "Institut for Sundhedsforskning"


def common() -> dict[str, Any]:
    document = complete_document("DST", 1)
    document["institution"] = {"kind": "university"}
    document["project"] |= {"start": f"{YEAR + 1}-01-01", "end": f"{YEAR + 2}-12-31"}
    document["users"] = [{"name": "Dorte Dansk", "institution": NAME, "role": "analytiker"}]
    return document


def database() -> dict[str, Any]:
    """A database for two years, with one manager. Its active projects the portal knows."""
    document = common() | {"scheme": "project_database"}
    document["database"] = {
        "start": f"{YEAR + 1}-01-01",
        "end": f"{YEAR + 2}-12-31",
        "overlapDescription": "Alle projekter bruger befolkningen og sygehusophold.",
        "continuousNewProjects": True,
        "researchOnDatabase": False,
        "managers": [{"name": "Dorte Dansk", "employedByInstitution": True, "experienced": True}],
    }
    return document


def test_a_database_is_agreed_and_a_subproject_is_ordered_on_it(
    browser: Browser, live_server: Any, worker: Any, tmp_path: Path
) -> None:
    place = institution(NAME, country="DK", org_number="13748136")
    owner = person("Dorte Dansk", "dorte@sundhed.example", language="da")
    member(owner, place, "administrator", "signatory")
    officer, maker = staff("case_officer", "DST"), staff("decision_maker", "DST")
    admin = staff("agency_admin", "DST")
    day = date(YEAR, 1, 1)
    approved(place, "DST", "dst", admin, day, number="A-77")
    for n in range(5):
        lists = {"registers.name": ["Befolkningen", f"Register {n}"]}
        record_case(Actor(user=admin), "DST", place, "researcher", f"70{n}", f"Projekt {n}", lists)

    me = journeys.signs_in(Walker(browser, live_server.url), owner)
    case = journeys.begins(me, "DST", "project_database")
    me.goto(f"/applications/{case.pk}/form/scheme/")
    me.sees("A-77")  # known, not asked
    journeys.fills_in(me, case, database())
    me.goto(f"/applications/{case.pk}/rows/database.activeProjects/")
    me.sees("Projekt 4")
    me.goto(f"/applications/{case.pk}/missing/")
    expect(me.page.locator("main")).not_to_contain_text("DST-")
    journeys.sends(me, case)
    worker.wait()
    agency = journeys.signs_in(Walker(browser, live_server.url), officer)
    agency.goto(f"/cases/DST/{case.pk}/")
    agency.sees("Real overlap between the projects")
    agency.passes("case-database")
    agency.press("Complete: begin the assessment")
    journeys.decides(case, officer, maker, owner, worker)
    assert case.state == "accepted"

    second = journeys.begins(me, "DST", "project_database")
    me.goto(f"/applications/{second.pk}/missing/").sees("DST-CHK-06")

    sub = journeys.begins(me, "DST", "subproject")
    me.goto(f"/applications/{sub.pk}/form/subproject/")
    me.sees(str(case.number))
    document = common() | {
        "scheme": "subproject",
        "subproject": {"databaseId": case.number, "relatedToDatabasePurpose": True},
    }
    journeys.fills_in(me, sub, document, look=False, typed={"scheme", "subproject"})
    me.goto(f"/applications/{sub.pk}/form/subproject/").sees(NAME)  # whose the database is
    me.goto(f"/applications/{sub.pk}/missing/").sees("DST-CHK-26")
    expect(me.page.locator("main")).not_to_contain_text(re.compile("DST-(FLD|ATT|CHK-1)"))
    journeys.sends(me, sub)
    worker.wait()
    agency.goto(f"/cases/DST/{sub.pk}/")
    agency.sees(str(case.number))
    agency.passes("case-subproject")
    for walker in (me, agency):
        walker.close()
