"""A person at the keyboard: one of the demo's people in a browser of their own.

`TILGANG_SHOTS` names a folder for pictures of every page that is passed, wide and at 320 px.
"""

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from portal.local.demo_people import PEOPLE
from tests.browser.axe import assert_accessible, assert_fits

SHOTS = os.environ.get("TILGANG_SHOTS")
NAMES = {person.key: person.name for person in PEOPLE}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}


class Walker:
    """One person and their browser. Errors of the pages and requests to foreign hosts are kept
    in `troubles`; the journey says at its end that there were none."""

    def __init__(self, browser: Browser, address: str, person: str = "", **options: Any) -> None:
        self.address = address
        self.scripted = options.get("java_script_enabled", True)
        self.context: BrowserContext = browser.new_context(
            base_url=address, locale="en-GB", viewport=WIDE, **options
        )
        self.context.set_default_timeout(30_000)  # a loaded machine is no fault
        # The demo's people read Norwegian; these tests read English.
        self.context.add_cookies([{"name": "django_language", "value": "en", "url": address}])
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", self._left)
        if person:
            self.become(person)

    def _heard(self, told: Any) -> None:
        expected = ("404 (Not Found)", "422 (Unprocessable", "409 (Conflict", "403 (Forbidden")
        if told.type == "error" and not any(part in told.text for part in expected):
            self.troubles.append(f"{self.page.url}: {told.text}")

    def _left(self, asked: Any) -> None:
        if not asked.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(asked.url)

    def become(self, person: str) -> None:
        """Signs in as one of the demo's people."""
        self.page.goto("/demo/people/")
        self.press(f"Be {NAMES[person]}")

    def goto(self, address: str) -> "Walker":
        """Opens an address of the site."""
        self.page.goto(address)
        return self

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Presses the button of this name."""
        place = within or self.page
        place.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follows the first link of this name in the content of the page."""
        main = self.page.locator("main")
        main.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Fails unless the page comes to show this text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def confirms(self) -> None:
        """The fresh confirmation, after which what was posted goes on: by itself,
        or by a button without JavaScript."""
        self.press(re.compile(r"Confirm as .* \(demo\)"))
        if not self.scripted:
            self.press("Go on")

    def passes(self, name: str) -> None:
        """This page has no barriers, fits a telephone, and has its picture taken when asked."""
        if SHOTS:
            for size, view in (("wide", WIDE), ("narrow", NARROW)):
                self.page.set_viewport_size(view)
                self.page.screenshot(path=Path(SHOTS) / f"{name}-{size}.png", full_page=True)
            self.page.set_viewport_size(WIDE)
        if self.scripted:  # without scripts the page cannot be asked; it is the same page
            assert_accessible(self.page)
            assert_fits(self.page)

    def answer(self, path: str, value: Any) -> None:
        """Answers one question of the form, whatever kind it is. Without JavaScript a question
        that an earlier answer opens comes with the next save."""
        if not self.scripted and not self.question(path).is_visible():
            self.press("Save")
        controls = self.page.locator(f'form[data-section-form] [name="{path}"]')
        if isinstance(value, list):
            for one in value:
                controls.and_(self.page.locator(f'[value="{one}"]')).check()
        elif controls.first.get_attribute("type") == "radio":
            controls.and_(self.page.locator(f'[value="{value}"]')).check()
        elif controls.first.evaluate("e => e.tagName") == "SELECT":
            controls.select_option(value)
        else:
            controls.fill(value)

    def question(self, path: str) -> Locator:
        """The question of this path on the page."""
        return self.page.locator(f'.question[data-path="{path}"]')

    def close(self) -> None:
        """Closes the browser. Fails when a page had an error or asked a foreign host."""
        self.context.close()
        assert not self.troubles, "\n".join(self.troubles)
