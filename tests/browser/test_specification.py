"""A specification goes from the officer to the applicant and back in a real browser: no barriers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.accounts import commands as accounts
from portal.local.demo_people import ensure_people
from tests.browser.axe import assert_accessible, assert_fits
from tests.integration.applications.conftest import World
from tests.integration.applications.test_specification import AGENCY, Order

pytestmark = pytest.mark.django_db(transaction=True)


def look(page: Page, address: str) -> None:
    page.goto(address)
    assert_accessible(page)
    assert_fits(page)


def test_a_swedish_order_is_specified_and_confirmed_without_barriers(
    page: Page, as_person: Callable[[Any], None], live_server: Any
) -> None:
    order = Order(World(ensure_people()))
    case = f"/cases/{AGENCY}/{order.case.pk}/"
    mine = f"/applications/{order.case.pk}/"
    order.meet()
    as_person(order.officer)
    look(page, case)
    look(page, f"{case}specification/")
    page.locator("[name=text]").fill("Population: personer med J45.\n\nUttag: Patientregistret.")
    page.locator("[name=price_from]").fill("11000")
    page.locator("[name=price_to]").fill("4")
    page.locator("main form.form button[type=submit]").click()
    page.locator(".ds-validation-message").first.wait_for()
    assert_accessible(page)
    page.locator("[name=price_to]").fill("44000")
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url(f"**{case}")
    assert_accessible(page)
    as_person(order.owner)
    look(page, mine)
    look(page, f"{mine}specification/")
    page.locator("main details summary").first.click()
    assert_accessible(page)
    page.locator("button[name=confirm]").click()
    page.wait_for_url(f"**{mine}")
    order.case.refresh_from_db()
    assert order.case.state == "assessment"
    admin = order.officer
    accounts.grant_role(admin, AGENCY, "agency_admin", admin, "system:test")
    as_person(admin)
    look(page, f"/cases/{AGENCY}/handling/")
    page.locator("[name=handling_from]").fill("2026-05")
    page.locator("main form.form button[type=submit]").click()
    page.get_by_text("2026").first.wait_for()
    assert_accessible(page)
