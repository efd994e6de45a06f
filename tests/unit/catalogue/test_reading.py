"""A catalogue's file is understood in five languages, and what is wrong is told by its row."""

import pytest

from catalogue.benchmarks import invented
from catalogue.difference import compare
from catalogue.enums import Fate
from catalogue.headings import HEADINGS, find
from catalogue.reading import read

HEAD = ["register_code", "register", "holder", "statistics_area", "code", "name", "first_year"]
GOOD = ["BEF", "Befolkning", "SSB", "Befolkning", "KJONN", "Kjønn", "1964"]


def faults(*rows, head=HEAD):
    return [(f.line, f.column, f.code) for f in read([head, *rows]).faults]


def test_the_agreed_headings_are_all_known():
    _above, columns, unknown = find([list(HEADINGS)])
    assert list(columns.values()) == list(HEADINGS)
    assert unknown == []


@pytest.mark.parametrize(
    "headings",
    [
        "Registerkode;Register;Variabelnavn;Første år;Siste år;Særlig identifiserende",
        "Registerkode;Register;Variabelnamn;Fyrste år;Siste år;Særleg identifiserande",
        "Registerkode;Register;Variabel;Fra år;Til år;Særligt identificerende",
        "Registerkod;Register;Variabelnamn;Från år;Till år;Särskilt identifierande",
        "Register code;Register name;Variable;From year;To year;Identifying",
    ],
)
def test_headings_are_recognised_in_every_language(headings):
    sheet = read([headings.split(";"), ["BEF", "Befolkning", "Alder", "1990", "2020", "ja"]])
    assert sheet.faults == []
    assert sheet.unknown == []
    (row,) = sheet.variables.values()
    assert (row.values["first_year"], row.values["last_year"]) == (1990, 2020)
    assert row.values["identifying"] is True


def test_headings_may_stand_below_a_title():
    sheet = read([["Our catalogue 2026"], [], HEAD, GOOD])
    assert sheet.faults == []
    assert [row.line for row in sheet.variables.values()] == [4]


def test_a_file_without_headings_is_told_so_once():
    assert [(f.line, f.code) for f in read([GOOD, GOOD]).faults] == [(1, "headings")]


def test_a_file_with_headings_only_is_told_so():
    assert [f.code for f in read([HEAD]).faults] == ["empty"]


def test_a_good_row_raises_nothing():
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("at", "cell", "told"),
    [
        (5, "", (3, "name", "missing")),
        (6, "19x4", (3, "first_year", "year")),
        (6, "0064", (3, "first_year", "year")),
        (2, "KREFTREGISTERET", (3, "holder", "register")),
        (3, "Helse", (3, "statistics_area", "register")),
        (5, "x" * 501, (3, "name", "long")),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_column(at, cell, told):
    row = [*GOOD[:4], "ALDER", "Alder", "1964"]
    row[at] = cell
    assert faults(GOOD, row) == [told]


def test_a_row_without_a_register_is_told():
    assert faults(["", "", "", "", "A", "Alder", ""]) == [(2, "register", "missing")]


def test_years_in_the_wrong_order_are_told():
    head = [*HEAD, "last_year"]
    assert faults([*GOOD, "1963"], head=head) == [(2, "last_year", "order")]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("identifying", "perhaps", "bool"),
        ("collection", "by hand", "choice"),
        ("unit_type", "cow", "choice"),
    ],
)
def test_a_word_that_is_none_of_the_choices_is_told(column, cell, code):
    assert faults([*GOOD, cell], head=[*HEAD, column]) == [(2, column, code)]


def test_choices_are_understood_in_words():
    head = [*HEAD, "collection", "unit_type"]
    (row,) = read([head, [*GOOD, "Undersökning", "Føretak"]]).variables.values()
    assert (row.values["collection"], row.values["unit_type"]) == ("direct_survey", "enterprise")


def test_the_same_variable_twice_is_told_with_the_first_row():
    (fault,) = read([HEAD, GOOD, [*GOOD[:4], "kjonn", "Sex", ""]]).faults
    assert (fault.line, fault.code, fault.cell) == (3, "twice", "2")


def test_the_same_code_in_two_registers_is_two_variables():
    other = ["UTD", "Utdanning", "SSB", "Utdanning", "KJONN", "Kjønn", "1970"]
    assert len(read([HEAD, GOOD, other]).variables) == 2


def test_a_register_may_be_described_in_its_first_row_only():
    sheet = read([HEAD, GOOD, ["BEF", "", "", "", "ALDER", "Alder", ""]])
    assert sheet.faults == []
    assert sheet.registers["BEF"].values["holder"] == "SSB"


def test_what_a_file_would_change_is_told_field_by_field():
    kept = {
        "a": {"name": "Alder", "first_year": 1990, "retired": None},
        "b": {"name": "Bosted", "first_year": 1990, "retired": None},
        "c": {"name": "Civilstand", "first_year": 1990, "retired": "2025-01-01"},
        "d": {"name": "Diagnose", "first_year": 1990, "retired": None},
        "e": {"name": "Eldre", "first_year": 1990, "retired": "2025-01-01"},
    }
    told = {key: (2, {"name": kept[key]["name"], "first_year": 1990}) for key in "abc"}
    told["b"][1]["first_year"] = 1964
    told["n"] = (3, {"name": "Ny", "first_year": None})
    changes, same = compare(kept, told, ["name", "first_year"], str)
    assert same == 1
    assert {c.key: c.fate for c in changes} == {
        "b": Fate.CHANGED,
        "c": Fate.BACK,
        "d": Fate.GONE,
        "n": Fate.NEW,
    }
    assert next(c for c in changes if c.key == "b").fields == {"first_year": (1990, 1964)}


def test_the_invented_catalogue_of_the_benchmark_has_no_fault():
    rows = invented(500)
    sheet = read([list(HEADINGS), *([row.get(c, "") for c in HEADINGS] for row in rows)])
    assert sheet.faults == []
    assert len(sheet.variables) == 500
