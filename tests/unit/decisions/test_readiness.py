"""What a draft lacks: one whole list, for each outcome."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from decisions.readiness import Facts, Term, blocking, gaps

TODAY = date(2026, 11, 23)
COMPLETE = Facts(
    outcome="granted",
    reasons="The conditions are met.",
    deletion_date=date(2030, 1, 1),
    today=TODAY,
    rows=3,
)


def codes(facts, **changes):
    return [gap.code for gap in gaps(replace(facts, **changes))]


@pytest.mark.parametrize(("outcome", "refused"), [("granted", 0), ("refused", 3), ("dismissed", 0)])
def test_a_complete_draft_lacks_nothing(outcome, refused):
    assert codes(COMPLETE, outcome=outcome, refused=refused) == []


@pytest.mark.parametrize("outcome", ["granted", "partly", "refused"])
def test_a_row_that_nobody_decided_on_stops_the_draft_whatever_the_outcome(outcome):
    (gap,) = gaps(replace(COMPLETE, outcome=outcome, refused=2, undecided=1))[:1]
    assert (gap.code, gap.text) == ("undecided", "1 variable is not decided on yet.")
    assert gap.blocks


def test_a_dismissal_decides_on_no_row():
    assert codes(COMPLETE, outcome="dismissed", undecided=3) == []


def test_a_refusal_refuses_all_of_it():
    (gap,) = gaps(replace(COMPLETE, outcome="refused", refused=2))
    assert (gap.code, gap.blocks) == ("variables", True)


def test_an_empty_draft_is_told_everything_at_once():
    found = codes(COMPLETE, outcome="", reasons="  ", unassessed=["Harm"], outdated=True)
    assert found == ["submission", "outcome", "reasons", "checklist"]


@pytest.mark.parametrize("outcome", ["granted", "partly"])
def test_a_grant_needs_a_deletion_date_in_the_future(outcome):
    base = replace(COMPLETE, outcome=outcome, refused=1)
    assert "deletion_date" in codes(base, deletion_date=None)
    assert "deletion_date" in codes(base, deletion_date=TODAY)
    assert "deletion_date" not in codes(base, deletion_date=TODAY + timedelta(days=1))


@pytest.mark.parametrize("outcome", ["refused", "dismissed"])
def test_a_refusal_needs_no_deletion_date_and_no_brackets(outcome):
    terms = [Term(1, "SSB-CND-17", ["number of the agreement"])]
    assert codes(COMPLETE, outcome=outcome, refused=3, deletion_date=None, terms=terms) == []


def test_granted_means_all_of_it():
    assert codes(COMPLETE, refused=1) == ["variables"]
    assert codes(COMPLETE, limited=1) == ["variables"]


def test_granted_in_part_means_some_of_it():
    partly = replace(COMPLETE, outcome="partly")
    assert codes(partly) == ["variables"]
    assert codes(partly, refused=3) == ["variables"]
    assert codes(partly, refused=1) == []
    assert codes(partly, limited=1) == []


def test_each_refused_variable_of_a_partial_grant_needs_its_reason():
    (gap,) = gaps(
        replace(
            COMPLETE,
            outcome="partly",
            refused=2,
            unreasoned=2,
            unreasoned_names=["birth date", "address"],
        )
    )
    assert gap.code == "variable_reasons"
    assert "birth date, address" in gap.text
    assert gap.blocks


def test_what_only_deserves_a_look_does_not_stop_and_stands_last():
    found = gaps(
        replace(COMPLETE, open_reviews=1, project_end=date(2031, 1, 1), unassessed=["Harm"])
    )
    assert [gap.code for gap in found] == ["checklist", "deletion_before_end", "reviews"]
    assert [gap.code for gap in blocking(found)] == ["checklist"]


def test_the_checklist_of_a_dismissal_is_not_asked_for():
    assert codes(COMPLETE, outcome="dismissed", unassessed=["Harm"]) == []
    assert codes(COMPLETE, outcome="refused", refused=3, unassessed=["Harm"]) == ["checklist"]


def test_an_open_bracket_names_the_condition_and_what_it_asks_for():
    terms = [
        Term(1, "SSB-CND-17", ["number of the agreement"]),
        Term(2, "SSB-CND-11", ["time"], dropped=True, reason="Not research"),
    ]
    (gap,) = gaps(replace(COMPLETE, terms=terms))
    assert gap.text == "Condition SSB-CND-17: fill in [number of the agreement]."
    assert gap.place == "condition-1"


def test_a_condition_dropped_or_added_without_a_reason_stops():
    terms = [Term(1, "SSB-CND-04", dropped=True), Term(2, "2", added=True, reason=" ")]
    assert codes(COMPLETE, terms=terms) == ["condition_reason", "condition_reason"]


def test_a_character_without_a_shape_is_named_by_its_code():
    found = gaps(replace(COMPLETE, unprintable=[("\u202e", "reasons", "Reasons")]))
    assert found[0].text == "Reasons: the letter cannot show the character · (U+202E)."
