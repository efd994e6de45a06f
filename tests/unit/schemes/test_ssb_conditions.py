"""The standard conditions of SSB's decisions (rules.md 5) and which are picked for a case."""

import pytest

from applications import schemes
from applications.completeness.sample import complete_document
from tests.unit.completeness.schemes_under_test import changed

SSB = schemes.current("SSB")
IDS = [f"SSB-CND-{n:02d}" for n in range(1, 21)]
ALWAYS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 19]


def picked(answers):
    document = changed(
        complete_document("SSB"), {"linkage.used": False, "dataLevel": "anonymised"} | answers
    )
    return [int(c.id[-2:]) for c in SSB.picked_conditions(document)]


def test_the_catalogue_is_whole_and_in_order():
    assert [c.id for c in SSB.conditions] == IDS


@pytest.mark.parametrize("id", IDS)
def test_a_condition_is_written_in_both_norwegian_languages_and_english_and_has_a_source(id):
    condition = SSB.condition(id)
    assert set(condition.text.texts) == {"nb", "nn", "en"}
    assert condition.source
    if not condition.free:
        assert len(set(condition.text.texts.values())) == 3


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({}, [11]),
        ({"purpose.category": "statistics_analysis"}, []),
        ({"linkage.used": True}, [11, 13]),
        ({"dataLevel": "direct"}, [11, 14, 18]),
        ({"dataLevel": "indirect"}, [11, 18]),
        ({"onwardTransfer.used": True}, [11, 16]),
        ({"applicant.country": "SE"}, [11, 17]),
        (
            {"linkage.used": True, "dataLevel": "direct", "applicant.country": "DK"},
            [11, 13, 14, 17, 18],
        ),
    ],
)
def test_conditions_are_picked_by_what_the_application_says(answers, more):
    assert picked(answers) == sorted([*ALWAYS, *more])


def test_the_free_condition_is_never_picked_and_must_be_written():
    free = SSB.condition("SSB-CND-20")
    assert free.free
    assert not free.picked(complete_document("SSB"))
    assert free.open("nb") == ["text"]
    assert free.fill("nb", {"text": "Skjermet rom."}) == "Skjermet rom."


def test_the_deletion_deadline_comes_from_the_decision():
    condition = SSB.condition("SSB-CND-12")
    (deadline,) = condition.placeholders
    assert (deadline.type, deadline.fact) == ("date", "decision.deletion_date")
    assert "senest [slettefrist]" in condition.fill("nb")
    assert "seinast 1. mars 2030" in condition.fill("nn", {"deletion_deadline": "1. mars 2030"})


def test_the_time_for_the_final_report_has_a_default_that_can_be_changed():
    condition = SSB.condition("SSB-CND-11")
    assert condition.open("nb") == []
    assert "innen rimelig tid" in condition.fill("nb")
    assert "innen seks måneder" in condition.fill("nb", {"report_time": "innen seks måneder"})


def test_what_the_portal_later_asks_a_confirmation_of_is_marked():
    followed = {c.id: c.follow_up for c in SSB.conditions if c.follow_up}
    assert followed == {
        "SSB-CND-11": "final_report",
        "SSB-CND-12": "deletion",
        "SSB-CND-13": "key_deletion",
        "SSB-CND-14": "identifier_deletion",
    }


def test_the_officers_checklist_leaves_out_what_concerns_authorities_only():
    document = complete_document("SSB")
    shown = [item.id for item in SSB.checklist if item.shown(document)]
    assert "authority" not in shown
    assert {"harm", "purpose", "minimum", "approvals", "origin", "safety_valve"} <= set(shown)
    authority = changed(document, {"applicant.kind": "county"})
    assert "authority" in [item.id for item in SSB.checklist if item.shown(authority)]
