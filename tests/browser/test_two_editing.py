"""Two people at the same part of the form: they are told, and neither loses text."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from portal.local import demo_people
from tests.browser import applicant
from tests.browser.walking import NAMES, Walker

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_who_edit_the_same_answer_both_see_both_texts(
    browser: Browser, live_server: Any
) -> None:
    demo_people.ensure_people()
    how = {"browser": browser, "address": live_server.url}
    me = Walker(**how, person="applicant")
    at = applicant.begins(me)
    me.goto(f"{at}colleagues/")
    me.page.get_by_label("Colleague", exact=True).select_option(label=NAMES["colleague"])
    me.press("Give access")
    other = Walker(**how, person="colleague")
    for walker in (me, other):
        walker.goto(f"{at}form/project/")
    me.page.locator('[name="purpose.text"]').press_sequentially("Min tekst.")
    expect(me.page.locator("#save-status")).to_contain_text(re.compile(r"Saved \d"))
    other.page.locator('[name="project.title"]').fill("Tittel fra kollegaen")
    other.page.locator('[name="purpose.text"]').press_sequentially("Hennes tekst.")
    conflict = other.page.locator("#conflicts")
    expect(conflict).to_contain_text("Min tekst.")
    expect(other.page.locator('[name="purpose.text"]')).to_have_value("Hennes tekst.")
    other.passes("conflict")
    # What only one of them touched was saved all the same, and the first one is told of the second.
    me.page.reload()
    expect(me.page.locator('[name="project.title"]')).to_have_value("Tittel fra kollegaen")
    expect(me.page.locator('[name="purpose.text"]')).to_have_value("Min tekst.")
    expect(me.page.locator("#others")).to_contain_text("is editing")
    # The one who was told decides, by a press: here for their own text.
    other.press("Save")
    other.sees("Saved.")
    expect(other.page.locator('[name="purpose.text"]')).to_have_value("Hennes tekst.")
    me.page.locator('[name="purpose.text"]').press_sequentially(" Mer.")
    expect(me.page.locator("#conflicts")).to_contain_text("Hennes tekst.")
    me.press("Take over theirs")
    expect(me.page.locator("#conflicts section")).to_have_count(0)
    expect(me.page.locator('[name="purpose.text"]')).to_have_value("Hennes tekst.")
    for walker in (me, other):
        walker.close()
