"""Somebody without an account is invited to an application, makes one, accepts, and edits; then the
application is handed over to a colleague."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from applications.commands import Actor, create
from institutions.selectors import active_institutions
from portal.events.mail import demo_mails
from portal.local import demo_people
from tests.browser.walking import NAMES, Walker

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "nora@nordlys.example"


def link_in_mail(what: str, worker: Any) -> str:
    """The link in the mail to the invited one that holds `what`; the worker has sent it."""

    def found() -> list[str]:
        mine = [mail["body"] for mail in demo_mails() if ADDRESS in mail["to"]]
        return [m[0] for body in mine if (m := re.search(rf"/{what}\S+", body))]

    worker.wait(lambda: bool(found()))
    return found()[0]


def test_somebody_without_an_account_is_invited_signs_up_and_edits_and_the_case_is_handed_over(
    browser: Browser, live_server: Any, worker: Any
) -> None:
    people = demo_people.ensure_people()
    owner = people["applicant"]
    place = active_institutions(owner).first()
    assert place is not None
    case = create(Actor(user=owner), "SSB", "nb", place.pk)
    at = f"/applications/{case.pk}/"

    me = Walker(browser, live_server.url, "applicant", java_script_enabled=False)
    me.goto(f"{at}colleagues/")
    me.page.locator("#id_invite-email").fill("nora at nordlys")
    me.page.locator("#id_invite-role").select_option("submitter")
    me.press("Send the invitation")
    expect(me.page.locator("#id_invite-email")).to_have_value("nora at nordlys")
    me.page.locator("#id_invite-email").fill(ADDRESS)
    me.press("Send the invitation")
    me.sees(ADDRESS)

    nora = Walker(browser, live_server.url)
    nora.goto(link_in_mail("applications/invitations/", worker))
    expect(nora.page).to_have_url(re.compile("/accounts/login/"))
    nora.follow("Make one")
    expect(nora.page).to_have_url(re.compile("/accounts/signup/"))
    nora.page.get_by_label("Your name").fill("Nora Nordlys")
    nora.page.get_by_label("E-mail address").fill(ADDRESS)
    nora.page.locator("#id_password1").fill("six rainy days in bergen")
    nora.press("Make an account")
    nora.goto(link_in_mail("accounts/confirm-email/", worker))
    nora.press("Yes, confirm it")
    expect(nora.page).to_have_url(re.compile("/applications/invitations/"))  # straight to it
    nora.sees(owner.name)
    nora.passes("invited-to-an-application")
    nora.press("Accept")
    nora.goto(f"{at}form/project/")
    nora.page.locator('[name="project.title"]').fill("Nordlys over fjorden")
    nora.press("Save")
    nora.sees("Saved.")
    nora.goto(f"{at}colleagues/")
    expect(nora.page.locator("main form")).to_have_count(0)
    nora.passes("colleagues-read")

    wide = Walker(browser, live_server.url, "applicant")
    wide.goto(f"{at}colleagues/")
    wide.sees("belongs to no institution here")
    wide.page.get_by_label("Colleague", exact=True).select_option(label=NAMES["colleague"])
    wide.press("Give access")
    wide.passes("colleagues")
    wide.page.get_by_label("New owner").select_option(label=NAMES["colleague"])
    wide.press("Offer it")
    wide.sees(f"Offered to {NAMES['colleague']}")
    heir = Walker(browser, live_server.url, "colleague")
    heir.goto(f"{at}colleagues/")
    heir.follow("Take it over, or not")
    heir.passes("handover")
    heir.press("Take it over")
    heir.sees("People now")
    case.refresh_from_db()
    assert case.owner == people["colleague"]
    for walker in (me, nora, wide, heir):
        assert walker.troubles == []
        walker.close()
