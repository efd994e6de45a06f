"""Names of institutions are compared as people write them, and days and countries as lists do."""

from datetime import date

import pytest

from applications import schemes
from institutions.lists import kinds, reading
from institutions.lists.names import Names, fold
from portal.files.reading import read_csv

HEAD = ["Navn", "Land", "Orgnr", "Nummer", "Gyldig fra", "Gyldig til"]


def read(*row: str, country: str = "NO") -> reading.Sheet:
    return reading.read([HEAD, [*row, *[""] * (6 - len(row))]], country)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Høgskolen i Østfold", "HOGSKOLEN  I OSTFOLD"),
        ("Ålesund", "Aalesund"),
        ("Göteborgs universitet", "Gøteborgs Universitet"),
        ("Università di Montefiore", "Universita di Montefiore"),
    ],
)
def test_letters_that_people_write_for_each_other_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("name", ["Πανεπιστήμιο Αθηνών", "東京大学", "-"])
def test_a_name_without_latin_letters_is_still_a_name(name: str) -> None:
    assert fold(name)
    assert Names([(1, name)]).like(name) == [1]


@pytest.mark.parametrize(
    "written", ["Bergen, Universitetet i", "Universitetet i Bergn", "UNIVERSITETET I BERGEN (UiB)"]
)
def test_a_name_written_otherwise_is_found_first(written: str) -> None:
    names = Names([(1, "Universitetet i Oslo"), (2, "Universitetet i Bergen"), (3, "Nofima AS")])
    assert names.like(written)[0] == 2


def test_names_that_share_only_empty_words_are_not_alike() -> None:
    assert Names([(1, "Institutt for fred")]).like("Senter for havbruk og miljø") == []


@pytest.mark.parametrize(
    ("written", "code"),
    [("Norge", "NO"), ("Noreg", "NO"), ("DK", "DK"), ("Sverige", "SE"), ("Germany", "DE"), ("EL", "GR"), ("", "NO")],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name_in_five_languages(written: str, code: str) -> None:
    [row] = read("Et sted", written).rows.values()
    assert row.country == code


@pytest.mark.parametrize("written", ["2027-12-31", "31.12.2027", "31/12/2027", "31-12-2027"])
def test_days_are_understood_as_they_are_written(written: str) -> None:
    [row] = read("Et sted", "NO", "", "", "", written).rows.values()
    assert row.valid_until == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (("", "NO"), "name", "missing"),
        (("A", "Atlantis"), "country", "country"),
        (("A", "NO", "123456789"), "org_number", "number"),
        (("A", "NO", "", "", "32.01.2026"), "valid_from", "day"),
        (("A", "NO", "", "", "2027-01-01", "2026-01-01"), "valid_until", "order"),
        (("A" * 301, "NO"), "name", "long"),
    ],
)
def test_what_is_wrong_is_told_with_row_and_column(
    row: tuple[str, ...], column: str, code: str
) -> None:
    sheet = read(*row)
    assert [(f.line, f.column, f.code) for f in sheet.faults] == [(2, column, code)]
    assert not sheet.rows


def test_two_numbers_are_two_organisations_whatever_they_are_called() -> None:
    lines = [HEAD, ["Et sted", "NO", "899999118"], ["Et sted", "NO", "899999126"]]
    assert len(reading.read(lines, "NO").rows) == 2
    lines.append(["Et sted", "NO", ""])
    assert [fault.code for fault in reading.read(lines, "NO").faults] == ["twice"]


def test_every_invented_list_that_is_shipped_can_be_taken_in() -> None:
    found = 0
    for kind in kinds.kinds():
        path = schemes.beside(kind.agency, f"approved_{kind.source}.csv")
        if path:
            sheet = reading.read(read_csv(path.read_bytes()), kind.country)
            assert sheet.rows, path
            assert not sheet.faults, path
            assert not sheet.unknown, path
            found += 1
    assert found == 4
