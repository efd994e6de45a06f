"""The face of the site in a real browser: no barriers, no foreign requests, works at 320 px."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.people import person, staff

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "/",
    "/about/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/guide/",
    "/guide/?go=1",
    "/guide/ssb/",
    "/rules/",
    "/rules/ssb/",
    "/rules/ssb/?q=nothing+fits",
    "/nowhere/",
    "/accounts/login/",
    "/accounts/signup/",
    "/letters/verify/",
]


@pytest.fixture
def troubles(page: Page, live_server: Any) -> list[str]:
    """Errors of the console and requests that leave for another host."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda told: (
            found.append(told.text)
            if told.type == "error" and "404 (Not Found)" not in told.text
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            found.append(asked.url)
            if not asked.url.startswith((live_server.url, "data:"))
            else None
        ),
    )
    return found


def test_public_pages_have_no_barriers_and_ask_no_other_host(
    page: Page, troubles: list[str]
) -> None:
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    assert not troubles


def test_pages_of_people_who_are_signed_in_have_no_barriers(page: Page, as_person: Any) -> None:
    for one in (person(), staff("case_officer"), staff("agency_admin")):
        as_person(one)
        page.goto("/about/")
        menu = page.get_by_role("navigation", name="Main menu")
        for address in [link.get_attribute("href") for link in menu.get_by_role("link").all()]:
            page.goto(str(address))
            assert_accessible(page)
            assert_fits(page)


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page) -> None:
    page.goto("/about/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_language_is_chosen_by_keyboard_on_the_same_page(page: Page) -> None:
    page.goto("/guide/ssb/")
    menu = page.locator("summary", has_text="Language")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Svenska")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Svenska")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Svenska").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    assert page.url.endswith("/guide/ssb/")


def test_a_refused_answer_puts_the_attention_on_the_reason(page: Page) -> None:
    page.goto("/guide/ssb/")
    page.get_by_role("button", name="Continue").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_role("radio").first).to_be_focused()
    assert_accessible(page)


def test_the_agencies_wear_their_own_colours(page: Page) -> None:
    page.goto("/guide/ssb/")
    line = "getComputedStyle(document.querySelector('.header')).borderTopColor"
    ssb = page.evaluate(line)
    page.goto("/guide/dst/")
    assert page.evaluate(line) != ssb


def test_who_has_asked_for_less_motion_gets_none(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    slow = page.evaluate(
        """() => [...document.querySelectorAll("*")].some((e) =>
            parseFloat(getComputedStyle(e).transitionDuration) > 0.001)"""
    )
    assert not slow


def test_forced_colours_keep_buttons_and_the_place_in_the_menu_visible(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/guide/")
    button = page.get_by_role("button", name="Continue")
    assert button.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    assert_accessible(page)


def test_what_is_printed_is_the_content_alone(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/about/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".header__nav")).to_be_hidden()
    expect(page.locator(".footer")).to_be_hidden()


def test_a_first_visit_brings_at_most_150_kilobytes(page: Page) -> None:
    sizes: dict[str, int] = {}

    def add(response: Any) -> None:
        import gzip

        body = response.body()
        packed = body if re.search(r"\.woff2$", response.url) else gzip.compress(body)
        sizes[response.url] = len(packed)

    page.on("response", add)
    page.goto("/", wait_until="networkidle")
    assert len(sizes) > 5
    assert sum(sizes.values()) < 150_000, sizes


class TestWithoutJavaScript:
    """The same pages when scripts do not run."""

    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict) -> dict:
        return {**browser_context_args, "java_script_enabled": False}

    def test_the_guide_leads_through_to_an_end(self, page: Page) -> None:
        page.goto("/")
        page.get_by_role("link", name="Do I need to apply?").first.click()
        page.get_by_label("Statistics Norway").check()
        page.get_by_role("button", name="Continue").click()
        for _ in range(8):
            if not page.get_by_role("radio").count():
                break
            page.get_by_role("radio").first.check()
            page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("link", name="Begin the guide again")).to_be_visible()

    def test_a_language_can_be_chosen(self, page: Page) -> None:
        page.goto("/about/")
        page.locator("summary", has_text="Language").click()
        page.get_by_role("button", name="Dansk").click()
        expect(page.locator("html")).to_have_attribute("lang", "da")
        assert page.url.endswith("/about/")


FORM = """() => {
    const form = document.createElement("form");
    form.method = "post";
    form.dataset.unsaved = "";
    const area = document.createElement("textarea");
    area.id = "area";
    area.setAttribute("aria-label", "Text");
    const counter = document.createElement("p");
    counter.className = "counter";
    Object.assign(counter.dataset, {
        counterFor: "area", longest: "10", textLeft: "%n left", textOver: "%n too many" });
    form.append(area, counter);
    document.querySelector(".page__content").append(form);
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", {detail: {elt: form}}));
}"""


def test_a_counter_says_what_is_left_and_what_is_too_much(page: Page) -> None:
    page.goto("/about/")
    page.evaluate(FORM)
    counter = page.locator(".counter")
    expect(counter).to_have_text("10 left")
    page.get_by_label("Text").fill("æøå")
    expect(counter).to_have_text("7 left")
    page.get_by_label("Text").fill("x" * 12)
    expect(counter).to_have_text("2 too many")
    expect(counter).to_have_attribute("data-state", "over")
    page.get_by_label("Text").fill("one\ntwo")
    expect(counter).to_have_text("2 left")  # a line break is sent as two characters


def test_text_that_was_not_sent_is_not_left_by_accident(page: Page) -> None:
    page.goto("/about/")
    page.evaluate(FORM)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Accessibility").click()
    page.wait_for_url("**/accessibility/")
    assert not asked
    page.goto("/about/")
    page.evaluate(FORM)
    page.get_by_label("Text").press_sequentially("half a sentence")
    page.get_by_role("link", name="Accessibility").click()
    page.wait_for_url("**/accessibility/")
    assert asked == ["beforeunload"]


def test_a_lost_connection_is_told_until_it_is_back(page: Page) -> None:
    page.goto("/about/")
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("No connection. What you wrote stays here.")
    assert_accessible(page)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#toasts")).to_contain_text("The connection is back.")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_a_file_dropped_on_the_box_is_in_the_field(page: Page) -> None:
    page.goto("/letters/verify/")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "letter.pdf", {type: "application/pdf"}));
            const box = document.querySelector("[data-upload]");
            box.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
        }"""
    )
    assert page.locator("input[type=file]").input_value().endswith("letter.pdf")
