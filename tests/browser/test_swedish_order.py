"""A Swedish order: a wrong number is told beside its field, a specification is confirmed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from applications.completeness.sample import complete_document
from tests.browser import journeys
from tests.browser.walking import Walker
from tests.people import institution, member, person, staff

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Sydsjöns universitet"


def test_an_order_is_sent_specified_confirmed_and_decided(
    browser: Browser, live_server: Any, worker: Any, tmp_path: Path
) -> None:
    place = institution(NAME, country="SE", org_number="2129990012")
    owner = person("Karin Ek", "karin@sydsjon.example", language="sv")
    member(owner, place, "administrator", "signatory")
    officer, maker = staff("case_officer", "SOS"), staff("decision_maker", "SOS")
    document = complete_document("SOS", 2)
    document["variablesEntry"] = "portal"

    me = journeys.signs_in(Walker(browser, live_server.url), owner)
    case = journeys.begins(me, "SOS", "new")
    journeys.fills_in(me, case, document)
    at = f"/applications/{case.pk}/"
    me.goto(f"{at}form/invoice/")
    me.answer("invoice.orgNumber", "212999-0013")
    me.press("Save")
    expect(me.question("invoice.orgNumber")).to_contain_text("The organisation number is not valid")
    me.passes("invoice-wrong")
    me.answer("invoice.orgNumber", "212999-0012")
    me.press("Save")
    expect(me.question("invoice.orgNumber")).not_to_contain_text("not valid")
    for kind in ("ethics_application", "ethics_decision"):
        journeys.hands_in(me, case, kind, tmp_path)
    me.goto(f"{at}missing/")
    expect(me.page.locator("main")).not_to_contain_text("SOS-")
    journeys.sends(me, case)
    worker.wait()

    agency = journeys.signs_in(Walker(browser, live_server.url), officer)
    agency.goto(f"/cases/SOS/{case.pk}/")
    agency.passes("case-order")
    agency.press("Complete: begin the assessment")
    page = agency.page
    expect(page.get_by_role("link", name="Write the specification")).to_have_count(0)
    journeys.passes_step(agency, case, "legal_meeting", "Inga nya frågor till forskaren.")
    agency.goto(f"/cases/SOS/{case.pk}/specification/")
    page.locator("[name=text]").fill("Population: barn med J45.\n\nUttag: Patientregistret.")
    page.locator("[name=price_from]").fill("11000")
    page.locator("[name=price_to]").fill("44000")
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url(f"**/cases/SOS/{case.pk}/")
    worker.wait()
    me.goto(f"{at}specification/")
    me.sees("Uttag: Patientregistret.")
    me.passes("specification")
    me.page.locator("button[name=confirm]").click()
    me.page.wait_for_url(f"**{at}")
    case.refresh_from_db()
    assert case.state == "assessment"
    journeys.passes_step(agency, case, "secrecy_review", "Den enskilde lider inget men.")
    agency.passes("case-order-steps")
    journeys.decides(case, officer, maker, owner, worker)
    assert case.state == "accepted"
    for walker in (me, agency):
        walker.close()
