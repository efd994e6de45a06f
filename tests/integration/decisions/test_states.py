"""A decision from the first draft to the accepted letter, and what cannot be done when."""

import hashlib
from datetime import timedelta

import pytest

from applications.commands import Forbidden, FreshSignInNeeded, Invalid, NotFound, NotNow, Stale
from applications.enums import State
from applications.models import ChecklistAnswer, Review
from decisions import composing
from decisions.enums import Status
from decisions.models import Acceptance, Decision, LetterRevision
from portal import clock, store
from portal.events.models import Event, OutboxEntry
from portal.events.verify import verify
from tests.integration.decisions.conftest import REASONS, work

pytestmark = pytest.mark.usefixtures("one_drawing")


def events_of(case):
    stream = f"application:{case.pk}"
    return list(
        Event.objects.filter(stream=stream).order_by("sequence").values_list("type", flat=True)
    )


def test_the_whole_road_leaves_a_letter_with_two_signatures_and_an_event_for_each_step(office):
    case = office.case()
    decision = office.accepted(case)
    assert case.state == State.ACCEPTED
    assert decision.status == Status.ACCEPTED
    assert [r.revision for r in decision.revisions.all()] == [1, 2]
    for revision in decision.revisions.all():
        assert hashlib.sha256(store.read(revision.sha256)).hexdigest() == revision.sha256
    assert events_of(case) == [
        f"application.{name}"
        for name in (
            "draft_decision",
            "send_for_approval",
            "approve",
            "letter_signed",
            "accept",
            "acceptance_signed",
        )
    ]
    assert verify().faults == []


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("granted", State.ACCEPTANCE),
        ("partly", State.ACCEPTANCE),
        ("refused", State.REFUSED),
        ("dismissed", State.DISMISSED),
    ],
)
def test_the_case_moves_by_the_outcome_once_the_letter_is_signed(office, outcome, state):
    case = office.case()
    decision = office.approved(case, outcome)
    assert case.state == State.SIGNING
    assert decision.status == Status.APPROVED
    work()
    case.refresh_from_db()
    assert case.state == state
    assert LetterRevision.objects.get(decision=decision).revision == 1


def test_the_recipient_has_until_the_day_that_the_letter_names(office):
    case = office.case()
    decision = office.delivered(case)
    due = composing.thaw(decision).acceptance_due
    assert due == clock.today("Europe/Oslo") + timedelta(days=14)
    assert case.due_at.astimezone(clock.now().astimezone().tzinfo).date() >= due - timedelta(days=1)
    assert clock.now() < case.due_at


def test_everything_that_is_missing_is_told_at_once(office):
    case = office.case(variables=2)
    office.do(
        office.officer,
        "draft_decision",
        case,
        {
            "fields": {"outcome": "partly"},
            "rows": {0: {"granted": False, "reason": ""}},
        },
    )
    ChecklistAnswer.objects.filter(application=case, item="harm").delete()
    Review.objects.create(
        application=case,
        question="?",
        reviewer=office.lawyer,
        asked_by=office.officer,
        asked_at=clock.now(),
    )
    with pytest.raises(Invalid) as refused:
        office.do(office.officer, "send_for_approval", case)
    assert set(refused.value.errors) == {
        "reasons",
        "undecided",
        "variable_reasons",
        "deletion_date",
        "checklist",
    }
    case.refresh_from_db()
    assert case.state == State.ASSESSMENT


def test_a_question_that_is_still_open_does_not_stop_the_draft(office):
    case = office.case()
    Review.objects.create(
        application=case,
        question="?",
        reviewer=office.lawyer,
        asked_by=office.officer,
        asked_at=clock.now(),
    )
    assert office.sent(case).status == Status.FOR_APPROVAL


def test_a_character_that_no_letter_can_show_is_named_with_its_place(office):
    case = office.case()
    office.draft(case)
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": "Fine 漢 text"}})
    with pytest.raises(Invalid) as refused:
        office.do(office.officer, "send_for_approval", case)
    (told,) = refused.value.errors["unprintable"]
    assert "漢" in told
    assert "U+6F22" in told
    assert told.startswith("Reasons")


def test_a_dismissed_application_needs_no_checklist_and_no_deletion_date(office):
    case = office.case()
    ChecklistAnswer.objects.filter(application=case).delete()
    decision = office.sent(case, "dismissed")
    content = composing.thaw(decision)
    assert content.conditions == ()
    assert content.variables == ()


def test_a_decision_maker_sends_back_with_a_text_and_the_officer_goes_on_writing(office):
    case = office.case()
    decision = office.sent(case)
    with pytest.raises(Invalid):
        office.do(office.decider, "send_back", case, {"text": "  "})
    office.do(office.decider, "send_back", case, {"text": "Say more of the linkage."})
    decision.refresh_from_db()
    assert (case.state, decision.status) == (State.ASSESSMENT, Status.DRAFT)
    assert decision.content is None
    assert decision.send_backs.get().text == "Say more of the linkage."
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": REASONS + " More."}})
    assert office.do(office.officer, "send_for_approval", case).value.pk == decision.pk


def test_an_officer_takes_a_draft_back_from_the_decision_makers(office):
    case = office.case()
    decision = office.sent(case)
    office.do(office.officer, "recall", case)
    decision.refresh_from_db()
    assert (case.state, decision.status) == (State.ASSESSMENT, Status.DRAFT)
    with pytest.raises(NotNow):
        office.approve(case, decision)


def test_what_lies_with_the_decision_makers_cannot_be_edited(office):
    case = office.case()
    office.sent(case)
    with pytest.raises(NotNow):
        office.do(office.officer, "draft_decision", case, {"fields": {"reasons": "Other."}})


def test_nobody_approves_what_they_have_not_read(office):
    case = office.case()
    before = office.sent(case).sent_digest
    office.do(office.officer, "recall", case)
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": "Another text."}})
    office.do(office.officer, "send_for_approval", case)
    with pytest.raises(Stale):
        office.do(office.decider, "approve", case, {"digest": before})
    with pytest.raises(Stale):
        office.do(office.decider, "approve", case, {})
    case.refresh_from_db()
    assert case.state == State.APPROVAL


def test_approval_adds_who_when_and_until_when_and_nothing_else(office):
    case = office.case()
    sent = office.sent(case, "partly")
    read = sent.content
    approved = office.approve(case, sent)
    differs = {name for name in read if read[name] != approved.content[name]}
    assert differs == {"decided_at", "decision_maker", "acceptance_due"}
    assert approved.content["decision_maker"] == {
        "name": "Dina Decider",
        "title": "Head of section",
    }


def test_approval_and_acceptance_ask_for_a_fresh_sign_in(office):
    case = office.case()
    decision = office.sent(case)
    with pytest.raises(FreshSignInNeeded):
        office.do(office.decider, "approve", case, {"digest": decision.sent_digest}, fresh=False)
    office.approve(case, decision)
    work()
    case.refresh_from_db()
    with pytest.raises(FreshSignInNeeded):
        office.do(office.signatory, "accept", case, office.acceptance(decision), fresh=False)


def test_a_second_click_on_approve_is_answered_as_the_first(office):
    case = office.case()
    decision = office.sent(case)
    payload = {"digest": decision.sent_digest}
    first = office.do(office.decider, "approve", case, payload, key="click")
    second = office.do(office.decider, "approve", case, payload, key="click")
    assert (first.repeated, second.repeated) == (False, True)
    assert OutboxEntry.objects.filter(kind="letter.make").count() == 1


def test_no_machine_and_no_applicant_can_decide(office):
    case = office.case()
    decision = office.sent(case)
    for who in (None, office.owner, office.officer, office.lawyer):
        with pytest.raises(Forbidden):
            office.do(who, "approve", case, {"digest": decision.sent_digest})
    for who in (office.foreign_decider, office.stranger):
        with pytest.raises(NotFound):
            office.do(who, "approve", case, {"digest": decision.sent_digest})


def test_only_a_signatory_of_the_institution_accepts(office):
    case = office.case()
    decision = office.delivered(case)
    for who in (office.owner, office.administrator, office.officer, office.decider, None):
        with pytest.raises(Forbidden):
            office.do(who, "accept", case, office.acceptance(decision))
    assert not Acceptance.objects.exists()


def test_the_acceptance_names_who_with_what_right_and_where_the_data_go(office):
    case = office.case()
    decision = office.delivered(case)
    office.do(office.signatory, "accept", case, office.acceptance(decision))
    given = Acceptance.objects.get(decision=decision)
    assert (given.name, given.title, given.user) == ("Sigrid Moe", "Director", office.signatory)
    assert given.authorised
    assert given.delivery_mobile == "+4790000000"
    assert case.state == State.ACCEPTED


def test_an_acceptance_that_lacks_anything_is_refused_with_all_reasons(office):
    case = office.case()
    decision = office.delivered(case)
    payload = office.acceptance(
        decision, title="", authorised=False, delivery_mobile="90000000", authority="漢"
    )
    with pytest.raises(Invalid) as refused:
        office.do(office.signatory, "accept", case, payload)
    assert set(refused.value.errors) == {"title", "authorised", "delivery_mobile", "authority"}


def test_nobody_accepts_another_letter_than_they_read(office):
    case = office.case()
    decision = office.delivered(case)
    with pytest.raises(Stale):
        office.do(office.signatory, "accept", case, office.acceptance(decision, letter="0" * 64))


def test_a_command_meant_for_another_decision_of_the_case_does_nothing(office):
    case, other = office.case(), office.case()
    office.draft(case)
    foreign = office.draft(other)
    with pytest.raises(NotNow):
        office.do(
            office.officer,
            "draft_decision",
            case,
            {"decision": str(foreign.pk), "fields": {"reasons": "x"}},
        )


def test_a_case_has_one_draft_however_often_it_is_begun(office):
    case = office.case()
    office.do(office.officer, "draft_decision", case)
    office.do(office.second_officer, "draft_decision", case)
    assert Decision.objects.filter(application=case).count() == 1


def test_the_letter_is_in_the_language_that_the_applicant_chose(office):
    for language in ("nb", "nn"):
        case = office.case(language=language)
        assert composing.thaw(office.sent(case)).language == language
