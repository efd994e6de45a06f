"""What people type finds what they mean, the best first."""

import pytest
from django.core.exceptions import BadRequest

from catalogue import selectors
from catalogue.selectors import Filters
from tests.integration.catalogue.conftest import ROWS, take

pytestmark = pytest.mark.django_db


def codes(text, **more):
    return [v.code for v in selectors.search("SSB", text, **more).variables]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("KJONN", "KJONN"),
        ("kjønn", "KJONN"),
        ("kjonn", "KJONN"),
        ("kjönn", "KJONN"),
        ("kj", "KJONN"),
        ("f", "FODSELSDATO"),
        ("foedselsdato", "FODSELSDATO"),
        ("wsam", "WSAMINNT"),
        ("pensjonsgivende", "PENSJ"),
        ("pensjonsgivvende", "PENSJ"),
        ("diagnsoe", "DIAG"),
        ("näring lareplass", "NAERING"),
        ("næring", "NAERING"),
        ("utbytte", "KAPINNT"),
        ("pasientregisteret", "DIAG"),
        ("helse", "DIAG"),
        ("talinntekt", "KAPINNT"),
    ],
)
def test_a_variable_is_found_by_what_people_type(catalogue, typed, code):
    assert codes(typed)[:1] == [code]


def test_exact_code_comes_before_name_and_name_before_description(db):
    base = {"register_code": "R", "register": "Register", "holder": "SSB"}
    take(
        [
            base | {"code": "A1", "name": "Skatt", "description": "av alder"},
            base | {"code": "A2", "name": "Samlet alder"},
            base | {"code": "A3", "name": "Alder ved død"},
            base | {"code": "ALDER", "name": "Xylofon"},
            base | {"code": "A5", "name": "Foreldrealder"},
        ]
    )
    assert codes("alder") == ["ALDER", "A3", "A2", "A1", "A5"]


def test_every_word_must_fit(catalogue):
    assert codes("samlet inntekt") == ["WSAMINNT"]
    assert codes("samlet kjønn") == []


def test_what_is_only_spelt_alike_is_told_so(catalogue):
    found = selectors.search("SSB", "diagnsoe")
    assert [v.code for v in found.variables] == ["DIAG"]
    assert found.similar == 1
    assert selectors.search("SSB", "diagnose").similar == 0


@pytest.mark.parametrize("typed", ["%", "_", "'; --", "年", "\\", "a" * 5_000, "kjønn\x00"])
def test_nothing_that_is_typed_breaks_the_search(catalogue, typed):
    codes(typed.replace("\x00", ""))


def test_signs_find_nothing_rather_than_everything(catalogue):
    assert codes("%") == []


def test_without_text_all_are_listed_by_name(catalogue):
    assert codes("") == ["DIAG", "FODSELSDATO", "KAPINNT", "KJONN", "NAERING", "PENSJ", "WSAMINNT"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"register": "BEF"}, {"KJONN", "FODSELSDATO"}),
        ({"area": "Helse"}, {"DIAG"}),
        ({"identifying": True}, {"FODSELSDATO"}),
        ({"special_category": True}, {"DIAG"}),
        ({"health_register": True}, {"DIAG"}),
        ({"development_only": True}, {"KAPINNT"}),
        ({"timeless": True}, {"FODSELSDATO"}),
        ({"collection": "administrative"}, {"WSAMINNT"}),
        ({"register": "INNT", "in_variable_list": True}, {"WSAMINNT", "PENSJ"}),
        ({"year": 1965}, {"KJONN", "FODSELSDATO"}),
        ({"register": "NONE"}, set()),
    ],
)
def test_filters_leave_only_what_they_name(catalogue, filters, expected):
    assert set(codes("", filters=Filters(**filters))) == expected


def test_filters_and_text_work_together(catalogue):
    assert codes("inntekt", filters=Filters(development_only=True)) == ["KAPINNT"]


def test_what_is_retired_is_found_only_when_asked_for(catalogue):
    take(ROWS[1:])
    assert codes("kjønn") == []
    assert codes("kjønn", filters=Filters(retired=True)) == ["KJONN"]


def test_pages_together_give_everything_once_and_in_order(catalogue):
    rows = [ROWS[0] | {"code": f"INNTX{at}", "name": f"Navn {9 - at}"} for at in range(5)]
    take([*ROWS, *rows])
    for text in ("", "inntekt", "i", "inntx", "innt"):
        whole = codes(text, limit=100)
        assert len(whole) > 2
        seen, after = [], None
        while True:
            page = selectors.search("SSB", text, limit=1, after=after)
            seen += [v.code for v in page.variables]
            after = page.after
            if after is None:
                break
        assert seen == whole


@pytest.mark.parametrize("after", ["x", "²", "WzEsIDIsIDNd", "WzEsICJhIiwgImIiXQ", "W" * 9000])
def test_a_malformed_key_of_a_page_is_refused(catalogue, after):
    with pytest.raises(BadRequest):
        codes("inntekt", after=after)


def test_another_agencys_variables_are_not_found(catalogue):
    take(ROWS[:1], agency="DST")
    assert len(codes("kjønn")) == 1
    assert len(selectors.search("dst", "").variables) == 1


def test_suggestions_are_plain_data(catalogue):
    (told,) = selectors.suggestions("SSB", "kjonn")
    assert told["code"] == "KJONN"
    assert told["registerCode"] == "BEF"
    assert selectors.suggestions("SSB", " ") == []
