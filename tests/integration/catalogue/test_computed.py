"""The computed columns of an application's variables come from the catalogue."""

import pytest

from catalogue import selectors
from catalogue.benchmarks import invented
from tests.integration.catalogue.conftest import ROWS, take

pytestmark = pytest.mark.django_db
NAMES = {
    "inVariableList", "publishedThrough", "developmentOnly", "collection", "originAuthority",
    "identifying", "specialCategory", "healthRegister", "source", "openData", "grunndata",
    "unitType", "statisticsArea", "register", "holder", "code", "name",
}  # fmt: skip


def test_every_computed_column_is_told_by_its_name_in_a_document(catalogue):
    told = selectors.computed("SSB", "WSAMINNT")
    assert set(told) == NAMES
    assert told["inVariableList"] is True
    assert told["publishedThrough"] == 2024
    assert told["collection"] == "administrative"
    assert told["originAuthority"] == "Skatteetaten"
    assert told["statisticsArea"] == "Inntekt og forbruk"
    assert told["holder"] == "SSB"
    assert told["unitType"] is None


@pytest.mark.parametrize("asked", ["KJONN", "kjonn", "Kjønn", "kjønn", "kjonn "])
def test_a_variable_is_known_by_code_or_name_however_written(catalogue, asked):
    assert selectors.computed("SSB", asked)["code"] == "KJONN"


@pytest.mark.parametrize("register", ["BEF", "Befolkning", "befolkning", ""])
def test_a_register_may_be_named_by_code_or_name(catalogue, register):
    assert selectors.computed("SSB", "KJONN", register)["code"] == "KJONN"


def test_a_variable_of_another_register_is_not_taken_for_it(catalogue):
    assert selectors.computed("SSB", "KJONN", "HELSE") is None


def test_what_is_not_in_the_catalogue_is_unknown(catalogue):
    assert selectors.computed("SSB", "Yndlingsfarge") is None
    assert selectors.computed("SSB", "") is None
    assert selectors.computed("DST", "KJONN") is None


def test_what_could_be_several_is_not_guessed(db):
    take([ROWS[0], ROWS[0] | {"register_code": "X", "register": "Annet"}])
    assert selectors.computed("SSB", "KJONN") is None
    assert selectors.computed("SSB", "KJONN", "Annet")["register"] == "Annet"


def test_what_is_retired_is_in_no_variable_list_any_more(catalogue):
    take(ROWS[1:])
    assert selectors.computed("SSB", "KJONN")["inVariableList"] is False


def test_variables_without_a_code_are_not_mixed_up(db):
    base = {"register": "Levekår", "holder": "SSB"}
    take([base | {"name": "Trivsel"}, base | {"name": "Helse", "special_category": "yes"}])
    rows = [("", "Helse", "Levekår"), ("", "Trivsel", ""), ("", "", "")]
    told = selectors.computed_rows("SSB", rows)
    assert {row: told[row]["name"] for row in told} == {rows[0]: "Helse", rows[1]: "Trivsel"}


def test_many_rows_take_few_queries(db, django_assert_max_num_queries):
    made = invented(2_500)
    take(made, agency="DST")
    rows = [(row["code"], row["name"], row["register"]) for row in made]
    with django_assert_max_num_queries(4):
        told = selectors.computed_rows("DST", rows)
    assert len(told) == len(rows)
