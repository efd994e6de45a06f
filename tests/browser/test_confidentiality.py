"""Somebody in the list of people with access confirms the duty of confidentiality; the applicant sees
who is missing."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from applications import links
from applications.commands import Actor, create, execute
from applications.models import ConfidentialityLink, Row
from institutions.selectors import active_institutions
from portal.local import demo_people, seeding
from portal.local.demo_projects import PROJECTS
from tests.browser.journeys import signs_in
from tests.browser.walking import Walker
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_with_access_confirms_by_themselves_and_the_applicant_sees_it(
    browser: Browser, live_server: Any
) -> None:
    owner = demo_people.ensure_people()["applicant"]
    place = active_institutions(owner).first()
    assert place is not None
    case = create(Actor(user=owner), "SSB", "nb", place.pk)
    seeding.fill(case, owner, PROJECTS[0], 1)
    Row.objects.filter(application=case, list_path="persons").delete()
    anja = person("Anja Røed", "anja@one.example")
    rows = [
        {"name": name, "institution": "Fjordbyen", "country": "NO", "email": email}
        for name, email in (("Anja Røed", anja.email), ("Per Kvam", "per@two.example"))
    ]
    execute("import_rows", case.pk, Actor(user=owner), {"list": "persons", "rows": rows})
    seeding.send(case, owner, 0.5)
    secret, digest = links.new_secret()
    asked = ConfidentialityLink.objects.filter(application=case, email=anja.email)
    assert asked.update(link_digest=digest) == 1

    me = signs_in(Walker(browser, live_server.url), anja)
    me.goto(f"/applications/confidentiality/{secret}/")
    me.sees("statistikkloven")
    me.passes("confidentiality")
    me.press("Confirm")
    me.sees("Tick the box")
    me.passes("confidentiality-wrong")
    me.page.locator("#confirmed").check()
    me.press("Confirm")
    me.sees("There is nothing more to do here.")
    me.passes("confidentiality-done")

    applicant = signs_in(Walker(browser, live_server.url), owner)
    applicant.goto(f"/applications/{case.pk}/")
    applicant.sees("1 of 2 people with access have confirmed.")
    applicant.follow("See who")
    applicant.sees("Per Kvam")
    expect(applicant.page.locator("main tbody tr")).to_have_count(2)
    applicant.passes("confirmations")
    for walker in (me, applicant):
        assert walker.troubles == []
        walker.close()
