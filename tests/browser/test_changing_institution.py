"""A researcher changes institution: the old cases are gone at once, the new ones begin, and the old
institution gives its case to somebody who is still there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from applications.commands import Actor, create
from institutions.models import Membership
from institutions.selectors import active_institutions
from portal.events.models import OutboxEntry
from portal.local.demo_people import ensure_people
from tests.browser.axe import assert_accessible, assert_fits
from tests.people import institution, member, person

pytestmark = pytest.mark.django_db(transaction=True)


def passes(page: Page) -> None:
    """The page that is open has no barriers, also on a small screen."""
    assert_accessible(page)
    assert_fits(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def link_in_the_mail() -> str:
    mail = OutboxEntry.objects.filter(kind="mail.send").latest("pk")
    found = re.search(r"/institutions/invitations/\S+", mail.payload["body"])
    assert found
    return found[0]


def test_a_researcher_changes_institution(
    page: Page, as_person: Callable[..., None], live_server: Any
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    people = ensure_people()
    researcher, old_boss = people["applicant"], people["institution_admin"]
    old = active_institutions(researcher).first()
    new, new_boss = institution("Nordlys institutt"), person("Nina Nordlys", "nina@nordlys.example")
    member(new_boss, new, "administrator")
    case = create(Actor(user=researcher), "SSB", "nb", old.pk)
    at = f"/applications/{case.pk}/"

    # In a session that stays open all the while: leaves, and the case is gone.
    as_person(researcher)
    page.goto("/applications/")
    expect(page.locator(f'main a[href="{at}"]')).to_have_count(1)
    page.goto("/institutions/")
    follow(page, f"Leave {old.name}")
    passes(page)
    press(page, "Leave")
    expect(page.get_by_role("main")).to_contain_text("You do not belong to an institution yet")
    page.goto("/applications/")
    expect(page.locator(f'main a[href="{at}"]')).to_have_count(0)
    answer = page.goto(at)
    assert answer is not None
    assert answer.status == 404

    # The new institution invites.
    as_person(new_boss, fresh=True)
    page.goto(f"/institutions/{new.pk}/")
    follow(page, "Invite somebody")
    passes(page)
    page.get_by_label("E-mail address").fill(researcher.email)
    press(page, "Send the invitation")
    expect(page.get_by_role("main")).to_contain_text(researcher.email)
    passes(page)
    link = link_in_the_mail()
    page.goto(link)  # whoever else opens it learns nothing
    expect(page.get_by_role("main")).to_contain_text("for another address")
    passes(page)

    # The researcher joins, and applies for the new institution.
    as_person(researcher)
    page.goto(link)
    passes(page)
    press(page, "Join")
    expect(page.get_by_role("main")).to_contain_text("Nordlys institutt")
    page.goto("/applications/new/?agency=SSB")
    press(page, "Begin")
    expect(page).to_have_url(re.compile(r"/applications/[0-9a-f-]{36}/"))
    page.goto("/applications/")
    expect(page.get_by_role("main")).to_contain_text("Nordlys institutt")
    expect(page.locator(f'main a[href="{at}"]')).to_have_count(0)
    assert page.goto(link).status == 404  # type: ignore[union-attr]
    passes(page)

    # The old one gives the case to a colleague.
    as_person(old_boss)
    page.goto("/me/")
    follow(page, "1 case of your institution has no applicant any more")
    passes(page)
    follow(page, "Take over")
    passes(page)
    page.get_by_label("Who has the case from now on?").select_option(label=people["colleague"].name)
    press(page, "Give the case to this person")
    expect(page.get_by_role("main")).to_contain_text("None. Every case has somebody")
    passes(page)
    as_person(people["colleague"])
    page.goto(at)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    case.refresh_from_db()
    assert case.owner == people["colleague"]
    assert not Membership.objects.filter(user=researcher, institution=old, status="active").exists()
