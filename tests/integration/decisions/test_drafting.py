"""Writing a draft: conditions by rule and by hand, variables by thousands, two people at once."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from applications.commands import Invalid, Stale
from applications.commands.checks import Unchecked
from applications.completeness.sample import complete_document
from decisions import checking, composing, terms
from decisions.digests import digest_of, row_digest
from decisions.letters.content import VariableOutcome
from decisions.models import DecisionCondition, DecisionVariable
from portal import clock
from portal.events.outbox import run_due


def begin(office, case):
    return office.do(office.officer, "draft_decision", case).value


def change(office, case, by=None, **payload):
    return office.do(by or office.officer, "draft_decision", case, payload).value


def condition(office, case, decision, **given):
    return change(office, case, decision=str(decision.pk), condition=given)


def picked(decision):
    return list(decision.conditions.values_list("catalogue_id", flat=True))


def gap_codes(office, decision):
    scheme = checking_scheme(decision)
    return {g.code for g in checking.gaps(decision, scheme, clock.now(), "en")}


def checking_scheme(decision):
    from applications.selectors import scheme_of

    return scheme_of(decision.application)


# --- conditions -----------------------------------------------------------------------------------


def test_the_rule_picks_the_conditions_that_the_application_calls_for(office):
    decision = begin(office, office.case())
    assert "SSB-CND-01" in picked(decision)
    assert "SSB-CND-12" in picked(decision)
    assert "SSB-CND-14" not in picked(decision)  # no direct identifiers
    assert "SSB-CND-17" not in picked(decision)  # not foreign
    assert "SSB-CND-20" not in picked(decision)  # free: never by rule
    assert [c.number for c in decision.conditions.all()] == list(
        range(1, decision.conditions.count() + 1)
    )


def test_direct_identifiers_call_for_their_deletion(office):
    case = office.case()
    document = complete_document("SSB", 2) | {"dataLevel": "direct"}
    office.submit(case, document)
    assert "SSB-CND-14" in picked(begin(office, case))


def test_a_newer_submission_is_taken_over_and_what_was_touched_stays(office):
    case = office.case(variables=3)
    decision = begin(office, case)
    dropped = decision.conditions.get(catalogue_id="SSB-CND-04")
    condition(office, case, decision, do="drop", condition=dropped.pk, reason="Not fitting")
    change(office, case, rows={1: {"granted": False, "reason": "Too detailed"}})
    document = complete_document("SSB", 3) | {"dataLevel": "direct"}
    document["variables"] = [document["variables"][2], document["variables"][1]]
    office.submit(case, document)
    assert "submission" in gap_codes(office, decision)
    change(office, case, refresh=True)
    decision.refresh_from_db()
    assert "submission" not in gap_codes(office, decision)
    assert "SSB-CND-14" in picked(decision)
    assert decision.conditions.get(catalogue_id="SSB-CND-04").dropped
    rows = [(v.name, v.granted, v.reason) for v in decision.variables.all()]
    assert rows == [("VARIABLE_0002", None, ""), ("VARIABLE_0001", False, "Too detailed")]


def test_a_condition_is_dropped_and_added_with_a_reason_only(office):
    case = office.case()
    decision = begin(office, case)
    row = decision.conditions.first()
    for given in (
        {"do": "drop", "condition": row.pk, "reason": " "},
        {"do": "add", "text": "Data stay in Norway.", "reason": ""},
        {"do": "add", "catalogue_id": "SSB-CND-14", "reason": ""},
    ):
        with pytest.raises(Invalid):
            condition(office, case, decision, **given)
    with pytest.raises(DatabaseError), transaction.atomic():
        DecisionCondition.objects.filter(pk=row.pk).update(dropped=True, reason="")


def test_a_dropped_condition_is_not_in_the_letter_and_can_be_put_back(office):
    case = office.case()
    decision = office.draft(case)
    row = decision.conditions.get(catalogue_id="SSB-CND-04")
    condition(office, case, decision, do="drop", condition=row.pk, reason="Local work agreed")
    letter = composing.compose(decision, checking_scheme(decision), clock.now())
    assert "SSB-CND-04" not in [c.id for c in letter.conditions]
    condition(office, case, decision, do="restore", condition=row.pk)
    letter = composing.compose(decision, checking_scheme(decision), clock.now())
    assert "SSB-CND-04" in [c.id for c in letter.conditions]


def test_own_words_stand_last_in_the_letter_and_the_reason_does_not(office):
    case = office.case()
    decision = office.draft(case)
    given = {"do": "add", "text": "Data stay in Norway.", "reason": "CANARY-REASON"}
    condition(office, case, decision, **given)
    letter = composing.compose(decision, checking_scheme(decision), clock.now())
    assert letter.conditions[-1].text == "Data stay in Norway."
    assert letter.conditions[-1].id == "SSB-CND-20"
    assert b"CANARY-REASON" not in letter.to_json()


def test_the_deletion_bracket_follows_the_deletion_date_until_somebody_writes_in_it(office):
    case = office.case()
    decision = office.draft(case)
    change(office, case, fields={"deletion_date": date(2031, 5, 1)})
    decision.refresh_from_db()
    row = decision.conditions.get(catalogue_id="SSB-CND-12")
    known = checking_scheme(decision).condition("SSB-CND-12")
    assert "1. mai 2031" in terms.words(decision, known, row)
    values = {"deletion_deadline": "1. mai 2031"}
    condition(office, case, decision, do="fill", condition=row.pk, values=values)
    change(office, case, fields={"deletion_date": date(2032, 6, 2)})
    decision.refresh_from_db()
    row.refresh_from_db()
    assert "2. juni 2032" in terms.words(decision, known, row)
    values = {"deletion_deadline": "1. juli 2031"}
    condition(office, case, decision, do="fill", condition=row.pk, values=values)
    row.refresh_from_db()
    assert "1. juli 2031" in terms.words(decision, known, row)


def test_an_open_bracket_is_told_by_what_it_asks_for(office):
    case = office.case()
    decision = office.draft(case)
    reason = "The recipient is abroad"
    condition(office, case, decision, do="add", catalogue_id="SSB-CND-17", reason=reason)
    assert "condition_bracket" in gap_codes(office, decision)
    row = decision.conditions.get(catalogue_id="SSB-CND-17")
    values = {"agreement": "Avtale 7/2026", "unknown": "x"}
    condition(office, case, decision, do="fill", condition=row.pk, values=values)
    row.refresh_from_db()
    assert row.values == {"agreement": "Avtale 7/2026"}
    assert "condition_bracket" not in gap_codes(office, decision)


def test_the_catalogue_speaks_the_language_of_the_letter(office):
    case = office.case()
    decision = begin(office, case)
    norwegian = decision.conditions.get(catalogue_id="SSB-CND-02").text
    change(office, case, fields={"language": "nn"})
    nynorsk = decision.conditions.get(catalogue_id="SSB-CND-02").text
    assert norwegian != nynorsk
    assert nynorsk.startswith("Dataa skal")


def test_a_condition_of_another_draft_cannot_be_reached(office):
    case, other = office.case(), office.case()
    decision, foreign = begin(office, case), begin(office, other)
    row = foreign.conditions.first()
    with pytest.raises(Invalid):
        condition(office, case, decision, do="drop", condition=row.pk, reason="x")


# --- variables ------------------------------------------------------------------------------------


def test_the_letter_says_of_each_row_what_was_decided_on_it(office):
    case = office.case(variables=4)
    decision = office.draft(case)
    change(office, case, rows={2: {"granted": False, "reason": "Not needed"}})
    change(office, case, fields={"outcome": "partly"})
    decision.refresh_from_db()
    letter = composing.compose(decision, checking_scheme(decision), clock.now())
    assert [v.outcome for v in letter.variables] == [
        VariableOutcome.GRANTED,
        VariableOutcome.GRANTED,
        VariableOutcome.REFUSED,
        VariableOutcome.GRANTED,
    ]
    assert letter.variables[2].reason == "Not needed"


def test_a_reason_beside_a_granted_variable_limits_it(office):
    case = office.case(variables=2)
    decision = office.draft(case)
    change(office, case, rows={0: {"granted": True, "reason": "Only 2015–2019"}})
    assert "variables" in gap_codes(office, decision)  # granted, but not wholly
    change(office, case, fields={"outcome": "partly"})
    decision.refresh_from_db()
    assert "variables" not in gap_codes(office, decision)
    letter = composing.compose(decision, checking_scheme(decision), clock.now())
    assert letter.variables[0].outcome == VariableOutcome.PARTLY


def test_many_are_refused_at_once_by_choice_by_source_or_all(office):
    case = office.case(variables=8)
    decision = begin(office, case)

    def refused():
        return list(decision.variables.filter(granted=False).values_list("position", flat=True))

    change(office, case, bulk={"granted": False, "reason": "x", "positions": [1, 2]})
    assert refused() == [1, 2]
    source = decision.variables.get(position=3).source
    change(office, case, bulk={"granted": False, "reason": "y", "source": source})
    assert refused() == [1, 2, 3, 7]
    change(office, case, bulk={"granted": True, "show": "refused"})
    assert refused() == []
    change(office, case, bulk={"granted": False})
    assert len(refused()) == 8


def test_five_thousand_variables_work(office):
    case = office.case(variables=5000)
    decision = office.draft(case, "partly")
    assert DecisionVariable.objects.filter(decision=decision).count() == 5000
    change(office, case, bulk={"granted": False, "reason": "Too detailed", "show": "all"})
    change(office, case, rows={4999: {"granted": True, "reason": ""}})
    # With so many rows the worker runs the checks, and sending waits for them.
    with pytest.raises(Unchecked):
        office.do(office.officer, "send_for_approval", case)
    assert run_due(kinds=["checks.run"]) == 1
    sent = office.do(office.officer, "send_for_approval", case).value
    outcomes = [v.outcome for v in composing.thaw(sent).variables]
    assert outcomes.count(VariableOutcome.REFUSED) == 4999


# --- two people -----------------------------------------------------------------------------------


def test_two_officers_who_edit_the_same_text_both_keep_theirs(office):
    case = office.case()
    begin(office, case)
    base = {"reasons": digest_of("")}
    change(office, case, fields={"reasons": "mine"}, base=base)
    with pytest.raises(Stale) as stale:
        change(office, case, office.second_officer, fields={"reasons": "yours"}, base=base)
    assert (stale.value.theirs, stale.value.yours) == ({"reasons": "mine"}, {"reasons": "yours"})
    change(
        office,
        case,
        office.second_officer,
        fields={"reasons": "yours", "outcome": "granted"},
        base={"reasons": digest_of("mine")},
    )
    assert office.do(office.officer, "draft_decision", case).value.reasons == "yours"


def test_two_officers_who_edit_different_fields_do_not_disturb_each_other(office):
    case = office.case()
    begin(office, case)
    base = {"reasons": digest_of(""), "outcome": digest_of("")}
    change(office, case, fields={"reasons": "mine", "outcome": ""}, base=base)
    decision = change(
        office,
        case,
        office.second_officer,
        fields={"reasons": "mine", "outcome": "granted"},
        base=base,
    )
    assert (decision.reasons, decision.outcome) == ("mine", "granted")


def test_a_row_that_somebody_else_decided_meanwhile_is_not_overwritten(office):
    case = office.case()
    begin(office, case)
    shown = row_digest(None, "")
    change(office, case, rows={0: {"granted": False, "reason": "a", "base": shown}})
    with pytest.raises(Stale):
        change(
            office,
            case,
            office.second_officer,
            rows={0: {"granted": False, "reason": "b", "base": shown}},
        )


def test_saving_the_same_again_writes_nothing(office):
    case = office.case()
    office.draft(case)
    version = case.version
    decision = office.do(
        office.officer,
        "draft_decision",
        case,
        {"fields": {"outcome": "granted"}, "rows": {0: {"granted": True, "reason": ""}}},
    ).value
    assert case.version == version
    assert decision.variables.get(position=0).granted is True


def test_a_draft_that_changed_while_it_was_looked_at_is_not_sent(office):
    case = office.case()
    decision = office.draft(case)
    change(office, case, office.second_officer, fields={"reasons": "Other reasons."})
    with pytest.raises(Stale):
        office.do(office.officer, "send_for_approval", case, {"version": decision.version})
