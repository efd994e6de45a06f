"""A Norwegian municipality asks for data: the form asks what public authorities must answer."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect

from applications import schemes
from applications.completeness.sample import complete_document
from portal import clock
from tests.browser import journeys
from tests.browser.walking import Walker
from tests.people import institution, member, person, staff

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = clock.now().year


def wanted() -> dict[str, Any]:
    """The answers: those of a complete application, and what the guidelines ask of authorities."""
    document = complete_document("SSB", 0)
    document["applicant"] = {"kind": "municipality", "country": "NO"}
    document["project"] |= {"start": f"{YEAR + 1}-01-01", "end": f"{YEAR + 3}-12-31"}
    document["purpose"] = {"category": "statistics_analysis", "text": "Planlegging av skoler."}
    document["legalBasis"] = {"date": f"{YEAR}-01-15", "art6": ["6_1_e"], "art9": ["9_2_j"]}
    document["approvals"] = []
    document["linkage"] = {"used": False}
    document["persons"] = [
        {"name": "Kari Kommune", "institution": "Fjordby kommune", "country": "NO"},
        {"name": "Arne Analyse", "institution": "Analysebyrået", "country": "NO"},
    ]
    document["responsible"] = {
        "institution": "Fjordby kommune",
        "person": {"name": "Kari Kommune", "title": "Rådgiver"},
    }
    document["onwardTransfer"] = {
        "used": True,
        "recipientName": "Analysebyrået",
        "method": "I kommunens prosjektrom i TSD",
        "assurance": "Databehandleravtale og taushetserklæring.",
    }
    document["authority"] = {"safeguards": "Ingen saksbehandlere har tilgang til prosjektrommet."}
    document["variables"] = []
    return document


def test_a_municipality_applies_and_is_decided_on(
    browser: Browser, live_server: Any, worker: Any, tmp_path: Path
) -> None:
    call_command("import_catalogue", "SSB", schemes.beside("SSB", "catalogue.csv"), verbosity=0)
    place = institution("Fjordby kommune", kind="municipality", org_number="974760673")
    owner = person("Kari Kommune", "kari@fjordby.example", language="nb")
    member(owner, place, "administrator", "signatory")
    officer, maker = staff("case_officer"), staff("decision_maker")

    me = journeys.signs_in(Walker(browser, live_server.url), owner)
    case = journeys.begins(me, "SSB", "new")
    # test_road types and looks at what everybody is asked
    journeys.fills_in(me, case, wanted(), look=False, typed={"applicant", "project", "people"})
    picks_from_the_catalogue(me, f"/applications/{case.pk}/")
    me.goto(f"/applications/{case.pk}/missing/")
    me.sees("SSB-ATT-03")
    me.sees("SSB-ATT-11")
    journeys.hands_in(me, case, "needs_and_purpose", tmp_path)
    journeys.hands_in(me, case, "dpia", tmp_path)
    me.goto(f"/applications/{case.pk}/missing/")
    expect(me.page.locator("main")).not_to_contain_text("SSB-ATT")
    expect(me.page.locator("main")).not_to_contain_text("SSB-FLD")
    me.sees("SSB-CHK-24")  # told, and no hindrance: the main rule is anonymised data
    journeys.sends(me, case)
    worker.wait()

    agency = journeys.signs_in(Walker(browser, live_server.url), officer)
    agency.goto(f"/cases/SSB/{case.pk}/")
    agency.sees("SSB-CHK-24")
    agency.sees("Ingen saksbehandlere har tilgang")
    agency.passes("case-municipality")
    agency.press("Complete: begin the assessment")
    agency.sees("The assessment has begun.")
    agency.sees("Public authority: special conditions?")
    journeys.decides(case, officer, maker, owner, worker)
    assert case.state == "accepted"
    me.goto(f"/applications/{case.pk}/").sees("Granted")
    for walker in (me, agency):
        walker.close()


def picks_from_the_catalogue(me: Walker, at: str) -> None:
    """Searches, ticks two variables, says the years; they stand in the list."""
    me.goto(f"{at}form/data/")
    me.follow("Pick from the catalogue")
    me.passes("pick")
    page = me.page
    for word, name in (("inntekt", "Samlet inntekt"), ("yrke", None)):
        page.locator("#q").fill(word)
        line = page.locator("#catalogue-results tbody tr")
        line = line.filter(has_text=re.compile(rf"{name} ")) if name else line
        line.first.get_by_role("checkbox").check()
    page.locator("#first_year").fill("2015")
    page.locator("#last_year").fill("2020")
    me.press("Take the ticked ones over")
    me.sees("The list: 2 rows")
    me.goto(f"{at}rows/variables/")
    me.sees("Samlet inntekt")
    me.sees("2015")
