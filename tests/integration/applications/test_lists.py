"""Lists come in from files and scripts, and go out again: what the applicant sees and keeps."""

import io
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from pypdf import PdfReader

from applications.commands import execute
from applications.models import Application, ColumnMeaning
from applications.views import lists
from institutions.models import Membership
from portal import store
from portal.events.outbox import run_due
from portal.files import apart
from portal.pdf import volumes
from tests.people import sign_in

SCRIPT = """\
require no.ssb.fdb:38 as db
require no.fhi.npr:2 as npr
import db/INNTEKT_WLONN 2018-12-31 as i18
import db/INNTEKT_WLONN 2022-12-31 as i22
import-event npr/DIAGNOSE 2015-01-01 to 2016-01-01
frobnicate <b>x</b>
keep if alder > 17
"""
XLS = Path(__file__).parents[2] / "unit/applications/variables.xls"


@pytest.fixture
def applicant(world, client):
    sign_in(client, world["applicant"])
    return client


@pytest.fixture
def case(world):
    return world.draft()


def address(case, name="rows_import", *more):
    return reverse(f"applications:{name}", args=[case.pk, "variables", *more])


def give(client, case, content, name="list.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(address(case), {"file": SimpleUploadedFile(name, content)})


def again(client, case, response, **data):
    return client.post(address(case), {"source": response.context["source"], **data})


def columns(response):
    return {f"column-{c['at']}": c["path"] for c in response.context["mapping"]}


def taken(case):
    return [row.data for row in case.rows.filter(list_path="variables").order_by("position")]


def workbook(rows, **more):
    """An Excel file of `rows`; `more`: further sheets, name -> rows."""
    book = Workbook(write_only=True)
    for name, held in {"Sheet": rows, **more}.items():
        sheet = book.create_sheet(name)
        for row in held:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["my.microdata", "my.script", "my.txt"])
def test_a_script_is_shown_taken_and_kept_as_an_attachment_once(applicant, case, name):
    shown = give(applicant, case, SCRIPT, name)
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "INNTEKT_WLONN" in text
    assert "2018–2022" in text
    assert "3, 4" in text
    assert "frobnicate &lt;b&gt;x&lt;/b&gt;" in text
    assert "keep if alder &gt; 17" in text
    assert taken(case) == []
    for _twice in range(2):
        again(applicant, case, shown, take="1", replace="1")
    assert [(r["holder"], r["name"], r["fromYear"], r["toYear"]) for r in taken(case)] == [
        ("SSB", "INNTEKT_WLONN", 2018, 2022),
        ("FHI", "DIAGNOSE", 2015, 2016),
    ]
    assert taken(case)[1]["healthRegister"] is True
    kept = case.attachments.get()
    assert (kept.kind, kept.ext) == ("microdata_script", "txt")
    assert store.read(kept.digest) == SCRIPT.encode()


def test_a_pasted_script_is_recognised_and_a_person_can_say_that_it_is_none(applicant, case):
    shown = applicant.post(address(case), {"pasted": SCRIPT})
    assert "applications/import_script.html" in [t.name for t in shown.templates]
    listed = again(applicant, case, shown, as_list="1")
    assert "applications/import_preview.html" in [t.name for t in listed.templates]
    assert listed.context["as_list"]


def test_a_script_without_a_variable_is_kept_all_the_same(applicant, case):
    shown = give(applicant, case, "// nothing yet", "my.script")
    again(applicant, case, shown, take="1")
    assert taken(case) == []
    assert case.attachments.get().kind == "microdata_script"


def test_a_list_in_the_old_excel_format_is_taken(applicant, case):
    shown = give(applicant, case, XLS.read_bytes(), "variables.xls")
    again(applicant, case, shown, mapped="1", headings="3", take="1", **columns(shown))
    assert [(r["name"], r["fromYear"]) for r in taken(case)] == [("Kjønn", 2001), ("Inntekt", 2005)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", b"no workbook"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.csv", b" \n;;\n"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.txt", b""),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_taken(applicant, case, name, content):
    response = give(applicant, case, content, name)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_columns_that_a_person_explained_are_known_the_next_time(world, applicant, case):
    strange = "Hva;Når\nKjønn;2001\nAlder;2002"
    shown = give(applicant, case, strange)
    assert columns(shown) == {"column-0": "", "column-1": ""}
    assert shown.context["unknown"]
    chosen = {"column-0": "name", "column-1": "years"}
    again(applicant, case, shown, mapped="1", headings="1", **chosen)
    new = give(applicant, case, strange.replace("Alder", "Bosted"))
    assert columns(new) == chosen
    assert new.context["remembered"]
    again(applicant, case, new, mapped="1", headings="1", take="1", **chosen)
    assert taken(case)[1] == {"name": "Bosted", "fromYear": 2002, "toYear": 2002}
    assert ColumnMeaning.objects.get().user == world["applicant"]


def test_what_one_person_explained_is_not_anothers(world, applicant, case, client):
    shown = give(applicant, case, "Hva;Når\nKjønn;2001")
    again(applicant, case, shown, mapped="1", headings="1", **{"column-0": "name"})
    world.do("invite_colleague", case, "applicant", {"user": world["colleague"], "role": "editor"})
    sign_in(client, world["colleague"])
    assert columns(give(client, case, "Hva;Når\nKjønn;2001")) == {"column-0": "", "column-1": ""}


def test_a_choice_that_is_also_our_guess_is_not_remembered(applicant, case):
    shown = give(applicant, case, "Variabel;Fra år\nKjønn;2001")
    again(applicant, case, shown, mapped="1", headings="1", **columns(shown))
    assert not ColumnMeaning.objects.exists()


def test_of_several_sheets_one_is_read_and_the_applicant_can_choose_another(applicant, case):
    content = workbook(
        [["Veileder"]], Liste=[["Variabel"], ["Kjønn"]], Mer=[["Variabel"], ["Alder"]]
    )
    shown = give(applicant, case, content, "list.xlsx")
    page = shown.content.decode()
    assert '<option value="Liste" selected>' in page
    assert [row["cells"] for row in shown.context["preview"]["rows"]] == [["Kjønn"]]
    told = {"sheet": "Mer", "shown_sheet": "Liste", "mapped": "1", "column-0": "holder"}
    other = again(applicant, case, shown, take="1", **told)
    assert other.status_code == 200, "shown first: nothing of a sheet is taken in unseen"
    assert [row["cells"] for row in other.context["preview"]["rows"]] == [["Alder"]]
    told = {"sheet": "Mer", "shown_sheet": "Mer", "mapped": "1", "headings": "1"}
    assert again(applicant, case, other, take="1", **told, **columns(other)).status_code == 302
    assert taken(case) == [{"name": "Alder"}]


def test_each_row_tells_what_is_wrong_in_it(applicant, case):
    shown = give(
        applicant, case, "Variabel;Fra år;Til år\nKjønn;i fjor;2010\n;2001;2002\nA;2002;2001"
    )
    wrong = {
        row["line"]: [p["label"] for p in row["problems"]]
        for row in shown.context["preview"]["wrong"]
    }
    assert list(wrong) == [2, 3, 4]
    again(applicant, case, shown, mapped="1", headings="1", take="1", **columns(shown))
    assert len(taken(case)) == 3


def test_a_character_that_no_database_takes_does_not_stop_a_list(applicant, case):
    shown = give(applicant, case, "Variabel;Kode\nKj\x00ønn;K")
    again(applicant, case, shown, mapped="1", headings="1", take="1", **columns(shown))
    assert taken(case)[0]["name"] == "Kjønn"


def test_somebody_elses_token_opens_nothing(world, applicant, case, client):
    shown = give(applicant, case, "Variabel;Kode\nA;K")
    world.do("invite_colleague", case, "applicant", {"user": world["colleague"], "role": "editor"})
    sign_in(client, world["colleague"])
    assert again(client, case, shown).status_code == 422


def test_five_thousand_rows_of_excel_are_shown_in_three_seconds(applicant, case):
    rows = [["Datakilde", "Variabel", "Kode", "Fra år", "Til år", "Begrunnelse"]]
    rows += [
        ["SSB", f"Variabel {n}", f"V{n}", 2001, 2020, "Trengs for formålet"] for n in range(5000)
    ]
    content = workbook(rows)
    began = time.process_time()  # other work on the machine does not count
    shown = give(applicant, case, content, "list.xlsx")
    seconds = time.process_time() - began
    assert shown.context["preview"]["total"] == 5000
    assert len(shown.content) < 300_000
    assert seconds < 3
    again(applicant, case, shown, mapped="1", headings="1", take="1", **columns(shown))
    assert len(taken(case)) == 5000


def put(world, case, names):
    rows = [{"holder": "SSB", "name": name, "fromYear": 2001, "toYear": 2010} for name in names]
    execute("import_rows", case.pk, world.actor("applicant"), {"list": "variables", "rows": rows})


def test_a_downloaded_workbook_comes_in_again_as_it_was(world, applicant, case):
    put(world, case, ["Kjønn", "=cmd|' /C calc'!A0", "+1", "-1", "@x"])
    before = taken(case)
    response = applicant.get(address(case, "rows_list", "xlsx"))
    assert response["Content-Disposition"].startswith("attachment")
    shown = give(applicant, case, response.content, "list.xlsx")
    assert not shown.context["preview"]["wrong"]
    again(applicant, case, shown, mapped="1", headings="1", take="1", replace="1", **columns(shown))
    assert taken(case) == before


def asked_for(client, where):
    """What the worker makes of it, and its name."""
    assert "Lag filen" in client.get(where).content.decode(), "looking at it begins nothing"
    page = client.post(where)["Location"]
    run_due()
    file = client.get(f"{page}file/")
    return b"".join(file.streaming_content), file["Content-Disposition"]


def test_a_list_is_drawn_by_the_worker_and_what_is_written_in_it_stands_there(
    world, applicant, case
):
    put(world, case, ["Kjønn & <b>alder</b> #let x = 1 *fet* \\ $a$", "Čáŋŋá 😀", "ord" * 60])
    pdf, name = asked_for(applicant, address(case, "rows_list", "pdf"))
    assert ".pdf" in name
    reader = PdfReader(io.BytesIO(pdf))
    told = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "Kjønn&<b>alder</b>#letx=1*fet*\\$a$" in told
    assert "Čáŋŋá[U+1F600]" in told, "what cannot be printed is spelt, never dropped"
    assert "ord" * 60 in told, "a word that is too long for its column goes on below"
    assert not reader.attachments, "files that carry others are refused as attachments"


def test_the_same_list_is_made_once_and_a_changed_one_anew(world, applicant, case):
    put(world, case, ["a"])
    where = address(case, "rows_list", "pdf")
    first = applicant.post(where)["Location"]
    assert applicant.post(where)["Location"] == first
    put(world, case, ["one more"])
    assert applicant.post(where)["Location"] != first


def test_a_long_list_comes_in_volumes_that_say_so(world, applicant, case, monkeypatch):
    monkeypatch.setattr(volumes, "MOST_CELLS", 40)
    put(world, case, [f"Variabel {n}" for n in range(30)])
    content, name = asked_for(applicant, address(case, "rows_list", "pdf"))
    assert ".zip" in name
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) > 2
        found = [PdfReader(io.BytesIO(archive.read(n))) for n in archive.namelist()]
    told = ["".join(page.extract_text() for page in pdf.pages) for pdf in found]
    assert "Variabel 0" in told[0]
    assert "Variabel 29" in told[-1]
    for at, text in enumerate(told, 1):
        assert f"Bind {at} av {len(told)}" in text


def test_a_long_workbook_is_made_by_the_worker(world, applicant, case, monkeypatch):
    monkeypatch.setattr(lists, "MOST_ROWS_AT_ONCE", 1)
    put(world, case, ["a", "b", "c"])
    content, name = asked_for(applicant, address(case, "rows_list", "xlsx"))
    assert ".xlsx" in name
    assert len(apart.table(io.BytesIO(content), "xlsx", len).lines) == 4


def test_who_lost_the_case_gets_no_file_that_was_made_before(world, applicant, case):
    put(world, case, ["a"])
    page = applicant.post(address(case, "rows_list", "pdf"))["Location"]
    run_due()
    assert applicant.get(f"{page}file/").status_code == 200
    Application.objects.filter(pk=case.pk).update(owner=world["case_officer"])
    Membership.objects.filter(user=world["applicant"]).delete()
    assert applicant.get(f"{page}file/").status_code == 404
    assert applicant.get(page).status_code == 404


def test_who_may_read_the_case_may_take_the_list_along_and_nobody_else(
    world, applicant, case, client
):
    sign_in(client, world["dst_case_officer"])
    for kind in ("xlsx", "pdf"):
        assert client.get(address(case, "rows_list", kind)).status_code == 404
    sign_in(client, world["applicant"])
    assert client.get(address(case, "rows_list", "docx")).status_code == 404


def test_an_empty_list_can_be_downloaded_as_a_form_to_fill_in(applicant, case):
    response = applicant.get(address(case, "rows_list", "xlsx"))
    assert len(apart.table(io.BytesIO(response.content), "xlsx", len).lines[0]) >= 3
