"""Nordic letters are found however they are written."""

import pytest

from catalogue.folding import fold, fold_code


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("kjonn", "Kjønn"),
        ("kjönn", "Kjønn"),
        ("kjoenn", "Kjønn"),
        ("aarsverk", "Årsverk"),
        ("arsverk", "Årsverk"),
        ("näring", "Næring"),
        ("naering", "Näring"),
        ("halsa", "Hälsa"),
        ("LÆREPLASS", "läreplass"),
        ("thjodskra", "Þjóðskrá"),
        ("ide", "idé"),
        ("strasse", "Straße"),
        ("fodeland fodselsar", "Fødeland, fødselsår"),
    ],
)
def test_what_people_type_folds_to_what_is_written(typed, written):
    assert fold(typed) == fold(written)


@pytest.mark.parametrize(
    "word", ["Årsverk", "Næringskode", "soesken", "Kjønn", "baerekraft", "Þjóð"]
)
def test_what_was_typed_so_far_is_the_beginning_of_the_folded_word(word):
    for length in range(1, len(word) + 1):
        assert fold(word).startswith(fold(word[:length]))


def test_only_letters_and_digits_are_searched():
    assert fold("  A/B – c_d  ") == "a b c d"
    assert fold("年齢 ??") == ""


def test_a_code_is_found_with_and_without_its_dots_and_lines():
    assert fold_code("BEF_01.a") == fold_code("bef01A") == "bef01a"
