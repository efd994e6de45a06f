"""The warning before a session ends can be extended, and no text is lost when it ends."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from portal.accounts import sessions
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db(transaction=True)


def nobody_was_here_for(page: Page, seconds: int) -> None:
    """The session's last visit is moved back, and the page's clock on."""
    jar = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    held = SessionStore(jar[settings.SESSION_COOKIE_NAME])
    held[sessions.KEY]["seen"] -= seconds
    held.save()
    page.clock.fast_forward(seconds * 1000)


def test_the_warning_is_extended_and_text_outlives_the_session(
    page: Page, live_server: Any, as_person: Callable[..., None]
) -> None:
    user = person()
    as_person(user, second_factor=False)
    page.clock.install()
    page.goto("/me/details/")
    page.get_by_label("Name").fill("Kari Ny Nordmann")
    nobody_was_here_for(page, settings.SESSION_LIMIT_IDLE - settings.SESSION_WARNING + 60)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You will be signed out soon")
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Name")).to_have_value("Kari Ny Nordmann")

    nobody_was_here_for(page, settings.SESSION_LIMIT_IDLE + 60)
    expect(dialog).to_contain_text("You are signed out")
    page.get_by_role("button", name="Back to the page").click()
    expect(page.get_by_label("Name")).to_have_value("Kari Ny Nordmann")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Kari Ny Nordmann")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page).to_have_url(re.compile("/me/$"))
    user.refresh_from_db()
    assert user.name == "Kari Ny Nordmann"
