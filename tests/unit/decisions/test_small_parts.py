"""Small pure parts: rows, mobile numbers, digests, paragraphs, the mark on a draft."""

import io

import pikepdf
import pytest
from pypdf import PdfReader

from decisions.commands.accepting import mobile_number
from decisions.composing import paragraphs, place_of
from decisions.digests import digest_of, row_digest
from decisions.previewing import mark
from decisions.rows import wanted
from decisions.selectors.draft import Filter


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+47 900 00 000", "+4790000000"),
        ("0047 900-00-000", "+4790000000"),
        ("+45 (20) 12.34.56", "+4520123456"),
        (" +46 70/123 45 67 ", "+46701234567"),
    ],
)
def test_mobile_numbers_are_read_as_people_write_them(typed, kept):
    assert mobile_number(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "90000000", "+0 123 456 78", "+47 12", "+47 9000000x", "+1234567890123456", "+٤٧٩٠٠٠٠٠٠٠"],
)
def test_what_is_no_number_with_a_country_code_is_not_guessed_at(typed):
    assert mobile_number(typed) is None


def test_variables_are_decided_row_by_row_in_the_applicants_order():
    document = {
        "variables": [
            {
                "holder": "SSB",
                "register": "Income",
                "name": "WAGE",
                "fromYear": 2010,
                "toYear": 2020,
            },
            {"holder": "SSB", "name": "AGE", "fromYear": 2015, "toYear": 2015},
            {"name": "SEX", "timeless": True},
        ]
    }
    told = [(row.source, row.name, row.years) for row in wanted(document)]
    assert told == [("SSB, Income", "WAGE", "2010–2020"), ("SSB", "AGE", "2015"), ("", "SEX", "")]


def test_registers_are_decided_where_there_are_no_variables():
    assert [row.name for row in wanted({"registers": [{"name": "CPR"}]})] == ["CPR"]
    assert [row.name for row in wanted({"registers": ["Patientregistret"]})] == ["Patientregistret"]


def test_a_list_that_came_as_a_file_is_decided_on_with_the_registers_it_is_taken_from():
    file = {"kind": "variable_list", "filename": "lista.xlsx", "digest": "ab"}
    told = wanted({"variables": [], "registers": ["Patientregistret"]}, [file])
    assert [(row.kind, row.name) for row in told] == [
        ("file", "lista.xlsx"),
        ("row", "Patientregistret"),
    ]
    assert told[0].data == {"filename": "lista.xlsx", "digest": "ab"}
    assert [row.kind for row in wanted({"variables": [{"name": "AGE"}]}, [file])] == ["row"]


def test_what_names_no_data_at_all_is_decided_on_as_a_whole():
    assert [row.kind for row in wanted({"variables": [], "registers": None})] == ["whole"]


def test_what_nobody_decided_on_is_named_unlike_what_is_granted():
    assert len({row_digest(granted, "") for granted in (None, True, False)}) == 3
    assert digest_of(None) == digest_of("") != digest_of("x")


def test_paragraphs_are_cut_at_empty_lines():
    assert paragraphs("One\ntwo\n\n \n three\n\n") == ("One\ntwo", "three")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("reasons[0]", "reasons"),
        ("variables[4].name", "variables"),
        ("conditions[0].text", "conditions"),
        ("project.title", "letter"),
    ],
)
def test_a_place_in_the_letter_is_found_on_the_draft_page(path, place):
    assert place_of(path)[0] == place


def test_a_filter_in_the_address_is_read_back_as_it_was():
    chosen = Filter("refused", "SSB, Income", 49)
    assert Filter.of(chosen.query()) == chosen
    assert Filter.of({"show": "nonsense"}) == Filter()
    assert Filter().query() == {}


def test_every_page_of_a_draft_says_so_whatever_its_size():
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.add_blank_page(page_size=(842, 595))
    out = io.BytesIO()
    pdf.save(out)
    marked = mark(out.getvalue(), "UTKAST (ikke et vedtak) – æøå")
    for page in PdfReader(io.BytesIO(marked)).pages:
        assert page.extract_text().count("UTKAST (ikke et vedtak) – æøå") == 2
