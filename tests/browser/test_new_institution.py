"""A new institution, from nothing to its first submitted application: an account, a registration that
an agency confirms, an approval that two administrators agree on, and an application that was held up
by nothing but the missing approval."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from applications.models import Application
from institutions.models import Institution
from portal import clock
from portal.accounts.models import User
from portal.events.mail import demo_mails
from portal.local import seeding as walk
from portal.local.demo_projects import PROJECTS
from tests.browser import journeys
from tests.browser.walking import Walker
from tests.people import give, person, staff

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "six rainy days in bergen"
NAME = "Instituttet for bygdeforsking"


def link_in_mail(to: str, worker: Any) -> str:
    """The link in the newest mail to this address, which the worker has sent."""
    worker.wait(lambda: any(to in mail["to"] for mail in demo_mails()))
    mail = next(mail for mail in demo_mails() if to in mail["to"])
    found = re.search(r"http://[^/\s]+(/\S+)", mail["body"])
    assert found
    return found[1]


def makes_an_account(me: Walker, worker: Any) -> User:
    me.goto("/accounts/signup/")
    me.page.get_by_label("Your name").fill("Nora Nyheim")
    me.page.get_by_label("E-mail address").fill("nora@bygdeforsking.example")
    me.page.locator("#id_password1").fill(PASSWORD)
    me.press("Make an account")
    expect(me.page).to_have_url(re.compile("/accounts/confirm-email/$"))
    me.goto(link_in_mail("nora@bygdeforsking.example", worker))
    me.press("Yes, confirm it")
    return User.objects.get(email="nora@bygdeforsking.example")


def registers(me: Walker) -> Institution:
    expect(me.page).to_have_url(re.compile("/institutions/join/"))
    me.follow(re.compile("Register"))
    me.passes("register-institution")
    page = me.page
    page.get_by_label("Name of the institution").fill(NAME)
    page.get_by_label("Kind of institution").select_option("research_institution")
    page.get_by_label("Organisation number").fill("974 760 674")
    me.press("Register the institution")
    me.sees("This is not an organisation number of that country.")
    expect(page.get_by_label("Name of the institution")).to_have_value(NAME)
    page.get_by_label("Organisation number").fill("974 760 673")
    page.get_by_label("I may sign on behalf of the institution").check()
    me.press("Register the institution")
    me.sees("The institution is registered.")
    claims_to_sign(me)
    me.sees("waits until an agency has confirmed the institution")
    return Institution.objects.get(name=NAME)


def claims_to_sign(me: Walker) -> None:
    """Who may sign says so with a document; it counts when somebody else has decided."""
    page = me.page
    me.passes("claim-to-sign")
    page.get_by_label("Title").fill("Daglig leder")
    page.get_by_label("What the authority to sign rests on").fill("Vedtektene § 7")
    page.get_by_label("Authority to sign holds from").fill("2026-01-01")
    paper = {
        "name": "vedtekter.pdf",
        "mimeType": "application/pdf",
        "buffer": walk.pdf("Vedtekter"),
    }
    page.get_by_label("Document of the authority").set_input_files(paper)
    me.press("Send")
    me.sees("You get an email when it is decided.")


def test_a_new_institution_comes_from_nothing_to_its_first_submitted_application(
    browser: Browser, live_server: Any, worker: Any
) -> None:
    admin = staff("agency_admin", name="Ada Admin")
    second = person("Bo Bekreft", "bo@agency.example")
    give(second, "agency_admin")
    me = Walker(browser, live_server.url)
    owner = makes_an_account(me, worker)
    place = registers(me)

    ada = journeys.signs_in(Walker(browser, live_server.url), admin, fresh=True)
    ada.goto("/me/").follow(f"{NAME} waits for confirmation")
    ada.passes("registrations")
    ada.press(f"Confirm {NAME}")
    ada.sees(f"{NAME} is confirmed.")
    worker.wait()
    ada.goto("/me/").follow(re.compile("Nora Nyheim says that they may sign"))
    ada.passes("claim-to-decide")
    ada.press("Confirm")
    ada.sees("The authority to sign is confirmed.")

    # The form is whole, and says what is missing: the approval of the institution.
    me.goto("/me/")
    case = journeys.begins(me, "SSB", "new")
    walk.fill(case, owner, PROJECTS[0], 0)
    worker.wait()
    me.goto(f"/applications/{case.pk}/missing/")
    me.sees("SSB-CHK-01")
    me.passes("missing-the-approval")

    proposes(ada, place)
    bo = journeys.signs_in(Walker(browser, live_server.url), second, fresh=True)
    bo.goto("/me/").follow(f"The approval of {NAME} waits for a second administrator")
    bo.sees("Avtale 12/2026")
    bo.passes("proposed-approval")
    bo.press("Confirm the approval")
    bo.sees("The institution is approved.")
    bo.passes("institution-approvals")

    me.goto(f"/applications/{case.pk}/missing/")
    expect(me.page.locator("main")).not_to_contain_text("SSB-CHK-01")
    journeys.sends(me, case)
    assert Application.objects.get(pk=case.pk).number
    me.goto("/me/").sees(case.number)
    me.passes("my-page")
    for walker in (me, ada, bo):
        walker.close()


def proposes(ada: Walker, place: Institution) -> None:
    """From the register, where the institution stands as not approved."""
    ada.goto("/institutions/approvals/SSB/?which=none")
    ada.passes("approvals")
    ada.follow(NAME)
    ada.page.get_by_label("Approved by").select_option("ssb")
    last = clock.today("Europe/Oslo") + timedelta(days=700)
    ada.page.get_by_label("Last day").fill(last.isoformat())
    ada.press("Propose")
    ada.sees("This field is required")
    ada.page.get_by_label("What it rests on").fill("Avtale 12/2026")
    ada.press("Propose")
    ada.sees("It holds when another administrator has confirmed it.")
    assert not place.approvals.exists()
