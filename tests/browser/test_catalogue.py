"""The catalogue in a real browser: results follow the typing, and no page has barriers."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from catalogue.models import Register, Variable
from tests.browser.axe import assert_accessible, assert_fits
from tests.integration.catalogue.conftest import ROWS, as_csv, changed, take
from tests.people import staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_results_follow_the_typing_and_the_address_keeps_them(page: Page, live_server: Any) -> None:
    take()
    page.goto("/catalogue/SSB/")
    page.get_by_role("searchbox").press_sequentially("kjonn")
    expect(page.get_by_role("status").filter(has_text="1 variable found.")).to_be_visible()
    expect(page.get_by_role("link", name="Kjønn")).to_be_visible()
    expect(page.get_by_role("link", name="Diagnose")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=kjonn$"))
    page.reload()
    expect(page.get_by_role("link", name="Kjønn")).to_be_visible()
    page.get_by_label("Register", exact=True).select_option("HELSE")
    expect(page.get_by_role("heading", name="No variable found")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("link", name="Diagnose")).to_be_visible()


def test_no_page_of_the_catalogue_has_barriers(
    page: Page, as_person: Callable[[Any], None], live_server: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    take(day=date(2026, 1, 1))
    as_person(staff("agency_admin"))
    variable, register = Variable.objects.get(code="DIAG"), Register.objects.get(code="INNT")
    for address in (
        "/catalogue/",
        "/catalogue/SSB/",
        "/catalogue/SSB/?q=inntekt&in_variable_list=1",
        "/catalogue/SSB/?q=qwertz",
        "/catalogue/DST/",
        f"/catalogue/SSB/variables/{variable.pk}/",
        f"/catalogue/SSB/registers/{register.pk}/",
        "/catalogue/SSB/editions/",
        "/catalogue/SSB/import/",
    ):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    for rows, words in (
        (changed(0, first_year="soon"), "What is wrong"),
        (changed(0, first_year="1960")[:-1], "Row 2:"),
    ):
        page.goto("/catalogue/SSB/import/")
        content = {"name": "list.csv", "mimeType": "text/csv", "buffer": as_csv(rows)}
        page.locator("#id_file").set_input_files(content)
        page.get_by_label("Valid from").fill("2026-02-01")
        page.get_by_role("button", name="Show what would change").click()
        expect(page.get_by_text(words).first).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("button", name="Change the catalogue, valid from").click()
    expect(page.get_by_text("This is its new edition")).to_be_visible()
    assert Variable.objects.get(code="KJONN").first_year == 1960
    assert Variable.objects.filter(retired__isnull=True).count() == len(ROWS) - 1
    assert_accessible(page)
