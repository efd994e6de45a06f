"""Lists that come in: what is understood of them, row by row."""

import io

import pytest
from openpyxl import Workbook

from applications import imports, schemes


@pytest.fixture(scope="module")
def variables():
    return schemes.current("SSB").field("variables")


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
    assert imports.read_xlsx(file) == [["Variabel", "Fra år"], ["Kjønn", "2001"]]


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
    with pytest.raises(imports.Unreadable):
        imports.read_xlsx(io.BytesIO(b"not a workbook"))
