"""Lists that come in: what is understood of them, row by row."""

import io
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from applications import imports, schemes
from applications.imports import headings, script_rows
from applications.imports.microdata_script import Variable
from portal.files import apart, writing
from portal.files.inspection import Refused
from portal.files.reading import Unreadable


@pytest.fixture(scope="module")
def variables():
    return schemes.current("SSB").field("variables")


def table(file, ext="xlsx", score=len, **more):
    """As a page has it read: by a child process."""
    if isinstance(file, bytes):
        return apart.table(io.BytesIO(file), ext, score, **more)
    with open(file, "rb") as opened:
        return apart.table(opened, ext, score, **more)


def understood(text, table):
    lines = imports.read_text(text)
    mapping = imports.match(lines[0], table)
    return imports.understand(lines[1:], mapping, table, 2)


@pytest.mark.parametrize(
    "headings",
    [
        "Datakilde\tVariabel\tFra år\tTil år",
        "Datakjelde\tVariabel\tFrå år\tTil år",
        "Data source\tVariable\tFrom year\tTo year",
        "DATAKILDE;variabelnavn;fra;til",
        "Källa,Variabel,från,till",
        "Dataejer|Variable|startår|slutår",
        "Kilde;Variabel;År fra;År til",
        "Källa;Variabel;Startdatum;Slutdatum",
    ],
)
def test_headings_in_the_languages_of_the_north_are_recognised(headings, variables):
    separator = next(s for s in "\t;,|" if s in headings)
    rows = understood(headings + "\n" + separator.join(["SSB", "Kjønn", "2001", "2010"]), variables)
    assert rows[0].data == {"holder": "SSB", "name": "Kjønn", "fromYear": 2001, "toYear": 2010}
    assert not rows[0].problems


@pytest.mark.parametrize("cell", ["2001-2010", "2001–2010", "2001 til 2010", "2001, 2005, 2010"])
def test_years_in_one_cell_become_first_and_last_year(cell, variables):
    rows = understood(f"Variabel\tÅrganger\nKjønn\t{cell}", variables)
    assert (rows[0].data["fromYear"], rows[0].data["toYear"]) == (2001, 2010)


@pytest.mark.parametrize("cell", ["2001, 2003, 2005", "2001 og 2003", "2001-2005, 2010"])
def test_years_apart_that_become_one_span_are_told(cell, variables):
    [row] = understood(f"Variabel\tÅrganger\nKjønn\t{cell}", variables)
    assert row.data["fromYear"] == 2001
    assert row.problems == {"fromYear": ("between", cell)}


@pytest.mark.parametrize("cell", ["2001", "2001-2010", "2001 t.o.m. 2010", "2001, 2002, 2003"])
def test_a_span_is_what_was_written(cell, variables):
    [row] = understood(f"Variabel\tÅrganger\nKjønn\t{cell}", variables)
    assert row.problems == {}


def test_days_countries_and_addresses_are_read_as_the_form_reads_them():
    ssb = schemes.current("SSB")
    text = "Type\tGitt dato\tGjelder til\nDPIA\t15.01.2024\t2031-01-01\nDPIA\ti fjor\t31.02.2024"
    good, bad = understood(text, ssb.field("approvals"))
    assert (good.data["issued"], good.data["validUntil"]) == ("2024-01-15", "2031-01-01")
    assert bad.problems == {"issued": ("date", "i fjor"), "validUntil": ("date", "31.02.2024")}
    text = "Navn\tLand\tE-post\nA\tSverige\ta@b.example\nB\tGermany\tb\nC\tno\t\nD\tXX\t"
    rows = understood(text, ssb.field("persons"))
    assert [row.data.get("country") for row in rows] == ["SE", "DE", "NO", None]
    assert [sorted(row.problems) for row in rows] == [[], ["email"], [], ["country"]]


def test_one_known_heading_is_enough_for_the_line_to_be_no_row(variables):
    lines = imports.read_text("Hva\tVariabel\tMerknad\nx\tKjønn\ty")
    assert imports.guess(lines, variables) == ({1: "name"}, 1)


def test_a_cell_that_is_not_understood_is_told_and_the_row_is_kept(variables):
    rows = understood("Variabel\tFra år\tTil år\nKjønn\ti fjor\t2010", variables)
    assert rows[0].data == {"name": "Kjønn", "toYear": 2010}
    assert rows[0].problems == {"fromYear": ("year", "i fjor")}
    assert rows[0].line == 2


def test_empty_lines_are_passed_over_and_line_numbers_stay(variables):
    rows = understood("Variabel\tKode\n\nKjønn\tK\n\n\nAlder\tA\n", variables)
    assert [(r.line, r.data["name"]) for r in rows] == [(3, "Kjønn"), (6, "Alder")]


def test_a_first_line_that_is_no_heading_is_a_row(variables):
    assert imports.match(["SSB", "Inntekt", "Kjønn"], variables) == {}


def test_an_excel_file_is_read_as_it_looks(variables):
    book = Workbook()
    book.active.append(["Variabel", "Fra år"])
    book.active.append(["Kjønn", 2001.0])
    file = io.BytesIO()
    book.save(file)
    assert table(file.getvalue()).lines == [["Variabel", "Fra år"], ["Kjønn", "2001"]]


def test_five_thousand_rows_are_read_and_understood(variables):
    text = "Datakilde\tVariabel\tFra år\tTil år\n" + "\n".join(
        f"SSB\tVariabel {n}\t2001\t2020" for n in range(5000)
    )
    rows = understood(text, variables)
    assert len(rows) == 5000
    assert all(r.usable and not r.problems for r in rows)


@pytest.mark.parametrize("content", [b"Navn;\xc5r\nK;2001", "Navn;År\nK;2001".encode("utf-16")])
def test_nordic_letters_survive_the_encodings_of_excel(content):
    assert imports.read_csv(content)[0] == ["Navn", "År"]


@pytest.mark.parametrize("content", [b"", b"\n\n ; ;\n"])
def test_an_empty_list_is_refused(content):
    with pytest.raises(imports.Unreadable):
        imports.read_csv(content)


def test_a_file_that_is_no_workbook_is_refused():
    with pytest.raises(Refused, match="type"):
        table(b"not a workbook")


@pytest.mark.parametrize("cell", ["2001-", "–2010", "fra 2001", "2001 (ca.)", "1600"])
def test_years_that_leave_an_end_open_are_asked_about(cell, variables):
    rows = understood(f"Variabel\tÅrganger\nKjønn\t{cell}", variables)
    assert rows[0].data == {"name": "Kjønn"}
    assert rows[0].problems == {"fromYear": ("years", cell)}


def test_what_is_wrong_between_the_cells_of_a_row_is_told(variables):
    rows = understood(
        "Variabel\tKode\tFra år\tTil år\n\tK1\t2001\t2010\nB\t\t2010\t2001", variables
    )
    assert rows[0].problems == {"name": ("missing", "")}
    assert rows[1].problems == {"toYear": ("order", "2010–2001")}


def test_a_text_that_is_too_long_is_cut_and_told(variables):
    rows = understood(f"Variabel\tKode\n{'x' * 400}\tK", variables)
    assert len(rows[0].data["name"]) == 300
    assert rows[0].problems["name"][0] == "cut"


def test_headings_may_stand_below_a_title(variables):
    lines = imports.read_text("Vedlegg 1\t\n\t\nVariabel\tFra år\nKjønn\t2001")
    assert imports.guess(lines, variables) == ({0: "name", 1: "fromYear"}, 3)


def test_headings_that_nobody_knows_are_headings_all_the_same(variables):
    lines = imports.read_text("Hva\tNår\nKjønn\t2001\nAlder\t2002")
    assert imports.guess(lines, variables) == ({}, 1)


def test_a_single_column_without_heading_is_the_names(variables):
    assert imports.guess([["Kjønn"], ["Alder"]], variables) == ({0: "name"}, 0)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_of_csv_are_found_out(separator, encoding, variables):
    text = "\r\n".join(
        separator.join(line)
        for line in [["Variabel", "Fra år"], ['"Kjønn, alder; mer"', "2001"], ["Å", "2002"]]
    )
    lines = imports.read_csv(text.encode(encoding))
    mapping, above = imports.guess(lines, variables)
    rows = imports.understand(lines[above:], mapping, variables, 1 + above)
    assert [row.data for row in rows] == [
        {"name": "Kjønn, alder; mer", "fromYear": 2001},
        {"name": "Å", "fromYear": 2002},
    ]


def test_the_old_excel_format_is_read_with_its_line_numbers(variables):
    lines = table(Path(__file__).with_name("variables.xls"), "xls").lines
    mapping, above = imports.guess(lines, variables)
    rows = imports.understand(lines[above:], mapping, variables, 1 + above)
    assert [(row.line, row.data["name"], row.data["fromYear"]) for row in rows] == [
        (4, "Kjønn", 2001),
        (5, "Inntekt", 2005),
    ]


def test_an_old_excel_file_that_is_damaged_is_refused(tmp_path):
    file = tmp_path / "list.xls"
    file.write_bytes(Path(__file__).with_name("variables.xls").read_bytes()[:3000])
    with pytest.raises((Refused, Unreadable), match="unreadable"):
        table(file, "xls")


def test_a_list_comes_back_from_its_own_workbook_as_it_was(variables):
    headings = [variables.columns[at].label("nb") for at in (0, 3, 5)]
    names = ["Kjønn", "=1+1", "+47", "-x", "@SUM(A1)", " =2"]
    content = writing.workbook("Variabler: [a]/b", headings, [["SSB", n, 2001] for n in names])
    lines = table(content).lines
    assert [line[1] for line in lines[1:]] == [name.strip() for name in names]
    sheet = load_workbook(io.BytesIO(content)).active
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=2) for cell in row}
    assert kinds == {"s"}
    assert all(sheet.cell(row, 2).quotePrefix for row in range(3, 8))
    assert sheet.cell(2, 3).value == 2001


def test_characters_that_excel_does_not_take_do_not_stop_a_download():
    content = writing.workbook("", ["a"], [["x\x00\x0by" + "z" * 40_000]])
    assert table(content).lines[1][0].startswith("xyz")


def variable(bank, name="INNTEKT", years=(), unconnected=False):
    return Variable(bank, name, unconnected, [1], list(years))


def test_a_variable_of_a_script_becomes_a_row_of_the_table(variables):
    scheme = schemes.current("SSB")
    own = script_rows.row_of(variable("no.ssb.fdb", years=(2001, 2005)), variables, scheme)
    assert own == {
        "holder": "SSB",
        "name": "INNTEKT",
        "code": "INNTEKT",
        "fromYear": 2001,
        "toYear": 2005,
    }
    health = script_rows.row_of(variable("no.fhi.npr"), variables, scheme)
    assert health["healthRegister"] is True
    assert health["holder"] != "SSB"
    assert health["timeless"] is True
    assert script_rows.row_of(variable("no.x.y"), variables, scheme)["holder"] == "no.x.y"
    assert script_rows.row_of(variable(None), variables, scheme)["holder"] == "SSB"
    assert "holder" not in script_rows.row_of(variable(None, unconnected=True), variables, scheme)


def test_what_schemes_say_of_data_banks_are_columns_of_their_variables():
    for scheme in schemes.all_current():
        for row in scheme.config.get("script_banks", {}).values():
            columns = {c.path for c in scheme.field("variables").columns if c.asked}
            assert set(row) <= columns


def test_a_script_is_kept_under_the_purpose_made_for_it_or_as_other():
    kept = {s.agency: script_rows.attachment_kind(s) for s in schemes.all_current()}
    assert kept["SSB"] == "microdata_script"
    assert set(kept.values()) == {"microdata_script", "other"}


def sheets(**told):
    book = Workbook()
    book.remove(book.active)
    for name, rows in told.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file


COVER = [["Veileder"], ["Fyll ut arket som heter Liste."]]
LIST = [["Søknad om data"], [], ["Variabel", "Fra år"], ["Kjønn", 2001]]


def test_of_several_sheets_the_one_with_known_headings_is_read(variables, tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(sheets(Om=COVER, Tomt=[], Liste=LIST, Koder=[["1"], ["2"]]).getvalue())
    known = partial(headings.known_in, field=variables)
    read = table(file, "xlsx", known)
    assert (read.sheet, read.sheets) == ("Liste", ("Om", "Liste", "Koder"))
    assert read.lines[2:] == [["Variabel", "Fra år"], ["Kjønn", "2001"]], "lines as Excel counts"
    assert table(file, "xlsx", known, wanted="Koder").lines == [["1"], ["2"]]
    assert table(file, "xlsx", known, wanted="Gone").sheet == "Liste"
    assert read.not_read == ["Om", "Koder"]


def test_without_known_headings_the_first_sheet_is_read(variables, tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(sheets(A=[["x", 1]], B=[["y", 2]]).getvalue())
    assert table(file, "xlsx", partial(headings.known_in, field=variables)).sheet == "A"


def test_one_sheet_among_empty_ones_is_not_called_one_of_several(variables, tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(sheets(Tomt=[], Liste=LIST, Ark3=[]).getvalue())
    read = table(file, "xlsx", partial(headings.known_in, field=variables))
    assert (read.sheet, read.not_read, len(read.lines)) == ("", [], 4)


def test_sheets_that_hold_nothing_are_told(tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(sheets(A=[], B=[[" "]]).getvalue())
    with pytest.raises(imports.Unreadable, match="empty"):
        table(file, "xlsx", len)


def test_what_is_merged_downwards_stands_in_each_row(variables, tmp_path):
    """As people write it: the register once, headings in two lines."""
    book = Workbook()
    sheet = book.active
    for row in (
        ["Bestilling 2026"],
        [],
        ["Register", "Variabel", "Årgang"],
        [None, None, "Fra", "Til"],
        ["Inntekt", "Lønn", 2001, 2005],
        [None, "Formue", 2002, 2006],
        ["Utdanning", "Nivå", 2003, 2007],
    ):
        sheet.append(row)
    for merged in ("A1:D2", "A3:A4", "B3:B4", "C3:D3", "A5:A6", "D7:D900"):
        sheet.merge_cells(merged)
    file = tmp_path / "list.xlsx"
    book.save(file)
    lines = table(file, "xlsx", partial(headings.known_in, field=variables)).lines
    mapping, above = imports.guess(lines, variables)
    rows = imports.understand(lines[above:], mapping, variables, 1 + above)
    assert [(r.line, r.data["register"], r.data["name"], r.data["fromYear"]) for r in rows] == [
        (5, "Inntekt", "Lønn", 2001),
        (6, "Inntekt", "Formue", 2002),
        (7, "Utdanning", "Nivå", 2003),
    ]
    assert [r.data["toYear"] for r in rows] == [2005, 2006, 2007]


def test_a_row_below_the_headings_is_never_taken_for_better_headings(variables):
    lines = [["Variabel", "Fra år"], ["Kjønn", "2001"]]
    assert imports.guess(lines, variables)[1] == 1
