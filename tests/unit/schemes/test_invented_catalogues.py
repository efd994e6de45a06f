"""The small catalogue that each agency's package brings along: well formed, with every case."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from applications import schemes

HEADINGS = [
    "register_code",
    "register",
    "holder",
    "statistics_area",
    "code",
    "name",
    "description",
    "first_year",
    "last_year",
    "timeless",
    "published_through",
    "in_variable_list",
    "identifying",
    "special_category",
    "health_register",
    "collection",
    "origin_authority",
    "source",
    "open_data",
    "development_only",
    "grunndata",
    "unit_type",
]
FLAGS = ("timeless", "in_variable_list", "identifying", "special_category", "health_register",
         "open_data", "development_only", "grunndata")  # fmt: skip
YEARS = ("first_year", "last_year", "published_through")
WORDS = {
    "collection": {"administrative", "direct_survey", ""},
    "source": {"population_register", ""},
    "unit_type": {"person", "enterprise", "legal_entity"},
}
FROM_POPULATION_REGISTER = {"sex", "age", "residence", "country_of_birth", "date_of_death"}
PACKAGES = sorted(path.parent for path in Path(schemes.__file__).parent.glob("*/__init__.py"))
Line = dict[str, str]


@pytest.fixture(params=PACKAGES, ids=lambda folder: folder.name)
def package(request) -> Path:
    return request.param


@pytest.fixture
def lines(package) -> list[Line]:
    with (package / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        found = list(reader)
    assert reader.fieldnames == HEADINGS
    return found


def test_a_catalogue_is_neither_too_small_to_try_nor_too_large_to_read(lines):
    assert 80 <= len(lines) <= 120
    assert 8 <= len({line["register_code"] for line in lines}) <= 12


def test_every_line_says_what_it_must_and_nothing_unknown(package, lines):
    wrong = []
    for at, line in enumerate(lines, 2):
        filled = ("register_code", "register", "statistics_area", "code", "name", "description")
        good = (
            None not in line
            and None not in line.values()
            and all(value == value.strip() for value in line.values())
            and all(line[column] for column in filled)
            and line["holder"] == package.name.upper()
            and all(line[column] in ("yes", "") for column in FLAGS)
            and all(line[column] in words for column, words in WORDS.items())
        )
        if not good:
            wrong.append((at, line))
    assert wrong == []


def test_years_have_four_digits_and_stand_in_order(lines):
    wrong = []
    for at, line in enumerate(lines, 2):
        first, last, published = (line[column] for column in YEARS)
        if line["timeless"]:
            good = not (first or last or published)
        else:
            good = (
                all(len(y) == 4 and y.isdigit() for y in (first, last, published or last))
                and first <= last
                and (first <= published <= last or (not published and line["development_only"]))
            )
        if not good:
            wrong.append((at, first, last, published))
    assert wrong == []


def test_a_variable_stands_once_in_its_register_and_a_register_is_told_in_one_way(lines):
    keys = Counter((line["register_code"], line["code"]) for line in lines)
    assert [key for key, times in keys.items() if times > 1] == []
    names = Counter((line["register_code"], line["name"]) for line in lines)
    assert [key for key, times in names.items() if times > 1] == []
    told = {(line["register_code"], line["register"], line["statistics_area"]) for line in lines}
    assert len(told) == len({code for code, _, _ in told})


def test_basic_business_data_are_those_of_legal_entities(lines):
    assert {line["unit_type"] for line in lines if line["grunndata"]} == {"legal_entity"}


CASES: dict[str, Callable[[Line], object]] = {
    "special category": lambda v: v["special_category"],
    "health register": lambda v: v["health_register"],
    "survey": lambda v: v["collection"] == "direct_survey",
    "authority of origin": lambda v: v["origin_authority"],
    "not published yet": lambda v: v["last_year"] > v["published_through"] != "",
    "development only": lambda v: v["development_only"],
    "open data": lambda v: v["open_data"],
    "timeless": lambda v: v["timeless"],
    "basic business data": lambda v: v["grunndata"],
    "enterprise": lambda v: v["unit_type"] == "enterprise",
    "in no variable list": lambda v: not v["in_variable_list"],
    "identifying and in no variable list": lambda v: v["identifying"] and not v["in_variable_list"],
}  # fmt: skip
IDENTIFYING = {  # how the words begin in the three languages
    "small area": ("grunnkrets", "bopælssogn", "basområde"),
    "postcode": ("postnummer",),
    "coordinates": ("koordinater",),
    "full date of birth": ("full fødselsdato", "fuld fødselsdato", "fullständigt födelsedatum"),
    "full date of death": ("dødsdato", "dödsdatum"),
}


@pytest.mark.parametrize("case", CASES)
def test_every_case_of_the_rules_on_variables_occurs(lines, case):
    assert any(CASES[case](line) for line in lines)


@pytest.mark.parametrize("kind", IDENTIFYING)
def test_whatever_singles_somebody_out_occurs_and_is_marked(lines, kind):
    persons = [line for line in lines if line["unit_type"] == "person"]
    found = [line for line in persons if line["name"].lower().startswith(IDENTIFYING[kind])]
    assert found
    assert [line["code"] for line in found if not line["identifying"]] == []


def test_the_five_items_of_the_population_register_have_the_codes_of_the_rules(lines):
    held = {line["code"] for line in lines if line["source"] == "population_register"}
    assert held >= FROM_POPULATION_REGISTER
    others = {line["code"] for line in lines if line["source"] != "population_register"}
    assert not others & FROM_POPULATION_REGISTER
