"""An administrator takes the research council's list in: thirty institutions are approved, those
with a similar name after a look at each; who drops off next year is not forgotten."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from stdnum.no import orgnr

from institutions import selectors
from institutions.models import Institution, InstitutionApproval
from tests.browser.axe import assert_accessible, assert_fits
from tests.people import institution, staff

pytestmark = pytest.mark.django_db(transaction=True)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = [
    *(
        "Vestlandet senter",
        "Lofotforsk",
        "Setesdal museum",
        "Hallingdal sykehus",
        "Isfjord høgskole",
    ),
    *("Sunnmøreforsk", "Hardanger institutt", "Varangeruniversitetet", "Telemark kompetansesenter"),
    *(
        "Valdresarkivet",
        "Nordmøre helse",
        "Romsdal havbruk",
        "Østerdalen skogforsk",
        "Toten energi",
    ),
    *("Helgelandsstiftelsen", "Salten marinsenter", "Ryfylkemuseene", "Sunnhordlandsinstituttet"),
    *("Fjelluniversitetet", "Kystinstituttet", "Skogforsk", "Havlaboratoriet", "Breinstituttet"),
    *("Gudbrandsdalen folkehelse", "Polarsenteret"),
]
SPELT = {  # how the list writes it -> how it registered here
    "Universitetet i Fjordbyen": "Universitet i Fjordbyen",
    "Institutt for trygd og velferd": "Institutt for velferd og trygd",
    "Senter for skoleforskning AS": "Senter for skoleforskning",
    "Høgskulen i Ytre Sogn": "Høyskolen i Ytre Sogn",
    "Transport-økonomisk forskning": "Transportøkonomisk forskning",
}


def number(at: int) -> str:
    """An organisation number with the right check digit, another one for each `at`."""
    tens = (
        f"{digits}{check}"
        for digits in range(80_000_000 + 100 * at, 80_000_100 + 100 * at)
        for check in range(10)
    )
    return next(filter(orgnr.is_valid, tens))


def workbook(rows: list[list[Any]]) -> dict[str, Any]:
    """A file as the research council might send it."""
    book = Workbook()
    for row in (["Godkjente forskningsinstitusjoner"], *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return {"name": "forskningsradet-2026.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}


def test_a_list_approves_thirty_institutions(
    page: Page, as_person: Callable[..., None], live_server: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    numbers = {name: number(at) for at, name in enumerate(NAMES)}
    for name in NAMES:
        institution(name, org_number=numbers[name])
    for name in SPELT.values():
        institution(name)
    head = ["Institusjon", "Land", "Organisasjonsnummer", "Godkjent fra", "Gyldig til"]
    rows: list[list[Any]] = [
        [name, "Norge", numbers[name], date(2026, 1, 1), date(2027, 12, 31)] for name in NAMES
    ]
    rows += [[name, "Norge", "", date(2026, 1, 1), date(2027, 12, 31)] for name in SPELT]
    rows += [["Et sted som ingen kjenner", "Norge", "", None, None]]

    as_person(staff("agency_admin"), fresh=True)
    page.goto("/institutions/registrations/")
    page.get_by_role("link", name="Lists of approved institutions").click()
    assert_accessible(page)
    page.get_by_role("link", name="The Research Council of Norway's list").click()
    expect(page.get_by_role("heading", name="No list here yet")).to_be_visible()
    page.get_by_role("link", name="Take a new edition in").click()
    page.locator("#id_file").set_input_files(workbook([head, *rows]))
    page.get_by_label("Valid from").fill("2026-01-01")
    assert_accessible(page)
    page.get_by_role("button", name="Show what would change").click()

    expect(page.get_by_role("heading", name="Who is this? (5)")).to_be_visible()
    expect(page.get_by_role("heading", name="The same organisation number (25)")).to_be_visible()
    expect(page.get_by_text("they wait (1)")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert not InstitutionApproval.objects.exists()
    for told, registered in SPELT.items():
        asked = page.get_by_role("combobox", name=f"Which institution is {told}?")
        expect(asked).to_have_value("")
        asked.select_option(label=f"{registered} (similar name)")
    page.get_by_role("button", name="Take the list in, valid from").click()
    expect(page.get_by_text("30 approvals were made or renewed")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    day = date(2026, 6, 1)
    held = [selectors.approval(place, "SSB", day) for place in Institution.objects.all()]
    assert len(held) == 30
    assert {each.valid_until for each in held if each} == {date(2027, 12, 31)}

    # Next year's list lacks the first: the approval stays until somebody has said why it ends.
    page.get_by_role("link", name="Take a new edition in").click()
    page.locator("#id_file").set_input_files(workbook([head, *rows[1:]]))
    page.get_by_label("Valid from").fill("2026-02-01")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text("no longer on the list (1)")).to_be_visible()
    page.get_by_role("button", name="Take the list in, valid from").click()
    page.get_by_role("link", name=re.compile(f"Say what becomes of it.*{NAMES[0]}")).click()
    assert_accessible(page)
    page.get_by_label("It ends now").check()
    page.get_by_label("Why").fill("Merged with another institute.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The approval has ended.")).to_be_visible()
    gone = Institution.objects.get(name=NAMES[0])
    assert selectors.approval(gone, "SSB", day) is None
    page.goto("/institutions/approved/SSB/")
    expect(page.get_by_role("heading", name="No institution is approved")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
