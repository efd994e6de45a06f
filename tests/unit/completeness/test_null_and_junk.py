"""The null rules of rules.md 2.1.6, and documents of the wrong shape."""

import time
from datetime import date

import pytest

from applications.completeness import Doc, Row, at_most, check, empty, less, number, values
from applications.completeness.common import RULES as COMMON
from applications.completeness.sample import SAMPLE_DAY, complete_document, time_of_check
from tests.unit.completeness.schemes_under_test import (
    AGENCIES,
    SCHEMES,
    changed,
    dst,
    findings,
    raised,
    sos,
    ssb,
)

DEEP: dict = {}
for _ in range(1500):
    DEEP = {"purpose": [DEEP]}
DEEP_LIST: list = []
for _ in range(1500):
    DEEP_LIST = [DEEP_LIST]

JUNK = (
    *(None, True, False, 0, 1, -1, 2020, 1.5, float("nan"), float("inf"), 10**400),
    *("", " ", "2020", "junk", "new", "SSB", "1" * 5000, "\x00", "\ud800", "２０２０", "0"),
    *([], [None], [[]], [{}], [5], ["x"], [["x"]], [True, None, "x", 5, {}]),
    *({}, {"used": {}}, {"text": []}, {"category": {"research": 1}}, {"": ""}, {"__class__": 1}),
    DEEP_LIST,
)
# In each place of a document a few will do: all of them would take a minute.
COMMON_JUNK = (True, 0, 2020, 1.5, 10**400, "", "junk", "\ud800", [None], [["x"]], ["x", 5, {}])
COMMON_JUNK += ({}, {"used": {}}, DEEP_LIST)


def every_path(value: object, path: str = "") -> list[str]:
    """The paths of all places of a document."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value[:2])
        if isinstance(value, list)
        else ()
    )
    found = [path] if path else []
    for name, child in inner:
        found += every_path(child, f"{path}.{name}" if path else str(name))
    return found


def run_all(document: object, agency: str) -> None:
    """Runs every rule without the safety net of `check`."""
    doc = Doc(document, SAMPLE_DAY)
    for rule in {**COMMON, **SCHEMES[agency].rules}.values():
        verdict = rule.condition(doc)
        assert isinstance(verdict, bool | list), rule.id


BASES = {
    "SSB": [
        ssb(
            **{
                "onwardTransfer": {"used": True, "recipientName": "X"},
                "reuse": {"used": True, "originalEnd": "2026-01-01"},
                "retention": {"end": "2030-01-01"},
                "directId": {"necessity": "x"},
                "previousDecision": {"reference": "x", "validUntil": "2026-01-01"},
            }
            | change
        )
        for change in (
            {},
            {"type": "change"},
            {"applicant.kind": "county"},
            {"dataLevel": "direct"},
        )
    ],
    "DST": [dst(s) for s in ("researcher", "project_database", "subproject", "authority")]
    + [dst("database_extension")],
    "SOS": [sos()],
}


@pytest.mark.parametrize("agency", AGENCIES)
def test_no_rule_fails_whatever_stands_in_one_place(agency):
    for base in BASES[agency]:
        for path in every_path(base):
            for junk in COMMON_JUNK:
                run_all(changed_shallow(base, path, junk), agency)


def changed_shallow(document: dict, path: str, value: object) -> dict:
    """A copy along the path only: the other parts are shared."""
    result = document.copy()
    place: object = result
    *parents, last = path.split(".")
    for name in parents:
        key = int(name) if isinstance(place, list) else name
        place[key] = place[key].copy()
        place = place[key]
    place[int(last) if isinstance(place, list) else last] = value
    return result


@pytest.mark.parametrize("agency", AGENCIES)
@pytest.mark.parametrize("document", [*JUNK, DEEP], ids=lambda value: type(value).__name__)
def test_no_rule_fails_whatever_the_document_is(agency, document):
    run_all(document, agency)
    check(document, SCHEMES[agency], SAMPLE_DAY)


@pytest.mark.parametrize("agency", AGENCIES)
def test_no_rule_fails_when_every_field_is_the_same_junk(agency):
    base = BASES[agency][0]
    for junk in JUNK:
        run_all(dict.fromkeys(base, junk), agency)
        run_all({name: dict.fromkeys(("used", "kind", "date"), junk) for name in base}, agency)


@pytest.mark.parametrize("agency", AGENCIES)
def test_leaving_out_is_the_same_as_null(agency):
    for base in BASES[agency]:
        for path in every_path(base):
            if path.split(".")[-1].isdigit() or path == "agency":
                continue
            null = changed(base, {path: None})
            absent = changed(base, {})
            *parents, last = path.split(".")
            place = absent
            for name in parents:
                place = place[int(name)] if name.isdigit() else place[name]
            del place[last]
            assert raised(null) == raised(absent), path


@pytest.mark.parametrize(
    ("left", "right", "is_less"),
    [
        *((1, 2, True), (2, 1, False), (2, 2, False), (1.5, 2, True)),
        *(("2026-01-01", "2026-01-02", True), ("2026-01-02", "2026-01-01", False)),
        *((None, 1, False), (1, None, False), (None, None, False), (None, "2026", False)),
        *(("", "2026-01-01", False), ("2026-01-01", "", False)),
        *(("2020", 2021, True), (2021, "2020", False), ("999", "2020", True)),
        *(("20240115", "2018-07-20", False), ("20170115", "2018-07-20", True)),
        *(("2026-01-01", 2027, False), (2025, "2026-01-01", False)),
        *(([], 1, False), (1, {}, False), ("x", [], False), (float("nan"), 1, False)),
        *(("1" * 5000, 1, False), (1, "1" * 5000, False)),
    ],
)
def test_comparing_with_null_is_false(left, right, is_less):
    assert less(left, right) is is_less


def test_at_most_takes_in_the_same_day_but_not_two_nulls():
    assert at_most("2026-01-01", "2026-01-01")
    assert at_most("2026-01-01", "2026-01-02")
    assert not at_most("2026-01-02", "2026-01-01")
    assert not at_most(None, None)
    assert not at_most("", "")
    assert not at_most(None, "2026-01-01")


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_nothing_is_empty(value):
    assert empty(value)


@pytest.mark.parametrize("value", [0, False, " ", "x", [None], {"a": None}, 0.0])
def test_an_answer_is_not_empty(value):
    assert not empty(value)


def test_what_is_no_number_counts_as_none():
    wrong = (None, "", "x", [], {}, "-1", "1.5", "1" * 5000)
    assert [number(value) for value in wrong] == [0] * len(wrong)
    assert [number(value) for value in (3, "3", 2.5)] == [3, 3, 2.5]


def test_a_single_value_is_a_list_of_one():
    assert values("SSB") == ["SSB"]
    assert values(["SSB", "NAV"]) == ["SSB", "NAV"]
    assert values(None) == values("") == values([]) == []


def test_fields_that_are_not_there_are_null():
    d = Doc({"project": {"title": "x"}, "purpose": "text", "variables": [{"name": "a"}, None]})
    assert d["project.title"] == "x"
    assert d["project.end"] is None
    assert d["purpose.category"] is None
    assert d["nothing.at.all"] is None
    assert [v.name for v in d.rows("variables")] == ["a", None]
    assert d.rows("nothing") == d.rows("project") == []
    assert d.today is None


def test_a_row_answers_for_its_own_fields_only():
    assert Row({"name": "a"}).name == "a"
    assert Row({}).name is None
    assert Row({"never_asked_before": 1}).never_asked_before == 1
    assert Row({}).never_asked_before is None
    assert Row({"__class__": "x", "__init__": 1}).__class__ is Row


def test_a_null_holder_is_not_ssb():
    document = changed(ssb(), {f"variables.{i}.holder": None for i in range(4)})
    document["approvals"] = []
    document["variablesEntry"] = "upload"
    document["attachments"] = document["attachments"][:2]
    assert raised(document) == {"SSB-ATT-06"}


def test_a_null_holder_is_in_no_scope():
    assert raised(changed(ssb(), {"variables.0.holder": None})) == {"SSB-CHK-06"}


def test_a_null_name_is_in_no_list_of_names():
    document = changed(dst("project_database"), {"users.0.name": None})
    assert raised(document) == {"DST-FLD-14", "DST-CHK-14"}


def test_an_attachment_without_kind_counts_for_nothing():
    document = changed(ssb(), {"attachments.1.kind": None})
    assert raised(document) == {"SSB-ATT-11"}


def test_years_sent_as_text_are_compared_as_years():
    document = changed(ssb(), {"variables.0.fromYear": "2024", "variables.1.fromYear": "2006"})
    assert findings(document).keys() == {"COM-CHK-02"}
    assert findings(document)["COM-CHK-02"].rows == ("variables[0]",)


def test_the_day_of_submission_decides_what_is_past():
    document = ssb()
    assert raised(document, date(2029, 2, 28)) == set()
    assert raised(document, date(2029, 3, 1)) == {"SSB-CHK-16"}


@pytest.mark.parametrize("agency", AGENCIES)
def test_five_thousand_variables_are_checked_at_once(agency):
    document = complete_document(agency, 5000, 200)
    if agency == "SSB":
        row = {"kind": "ethics", "fromYear": 2007, "holders": ["SSB"], "variables": ["VARIABLE_1"]}
        document["approvals"] = [row] * 20
    start = time.perf_counter()
    raised(document)
    # Some twenty times what it takes; comparing row with row would take minutes.
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("agency", AGENCIES)
def test_the_time_of_a_check_can_be_measured(agency):
    assert 0 < time_of_check(SCHEMES[agency], agency, variables=5, attachments=5, rounds=3) < 1000
