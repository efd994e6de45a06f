"""Checks and approvals are of today: what ended since an application was sent is seen before anything
is sent, approved or accepted, and the database holds it against two hands at once."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from applications.commands import CommandError, Invalid
from applications.enums import State
from applications.models import CheckRun, Specification
from applications.selectors import checks, ended
from decisions.models import Acceptance, Decision
from institutions.models import InstitutionApproval
from portal import clock
from tests.integration.decisions.browsing import address, text
from tests.integration.decisions.conftest import browser


def withdraw(office, reason="The institution was closed down."):
    """The agency takes the institution's approval back."""
    InstitutionApproval.objects.filter(institution=office.institution).update(
        withdrawn_at=clock.now(), withdrawn_by=office.decider, withdrawal_reason=reason
    )


def over(office):
    """The approval has run out."""
    yesterday = clock.now().date() - timedelta(days=2)
    InstitutionApproval.objects.filter(institution=office.institution).update(valid_until=yesterday)


def refusal(office, who, command, case, payload=None) -> str:
    with pytest.raises(Invalid) as refused:
        office.do(who, command, case, payload or {})
    return " ".join(t for texts in refused.value.errors.values() for t in texts)


def found(case) -> str:
    """That the newest check of what was sent found something, in words."""
    checked = checks.of(case.submissions.get())
    assert checked.state == checks.CheckState.FOUND
    return checks.sentence(checked)


@pytest.mark.parametrize("end", [withdraw, over])
def test_an_approval_that_ended_is_seen_before_sending_and_stops_what_gives_access(office, end):
    case = office.case()
    decision = office.draft(case)
    end(office)
    told = refusal(office, office.officer, "send_for_approval", case)
    assert "Found by the checks today" in told
    page = text(browser(office.officer).get(address("preview", decision)))
    assert "Ended or changed since the application was sent" in page
    if end is withdraw:
        assert "The institution was closed down." in page
    assert found(case) in page  # the refused command left its run behind
    # What ended is a reason to refuse.
    refuse = {"fields": {"outcome": "refused"}, "bulk": {"granted": False, "show": "all"}}
    office.do(office.officer, "draft_decision", case, refuse)
    assert office.do(office.officer, "send_for_approval", case).value.status == "for_approval"


@pytest.mark.parametrize("end", [withdraw, over])
def test_an_approval_that_ended_after_sending_is_seen_by_the_decision_maker(office, end):
    case = office.case()
    decision = office.sent(case)
    end(office)
    payload = {"digest": decision.sent_digest}
    told = refusal(office, office.decider, "approve", case, payload)
    assert told.startswith("Nothing was decided.")
    case.refresh_from_db()
    assert case.state == State.APPROVAL
    page = text(browser(office.decider).get(address("approval", decision)))
    assert "Ended or changed since the application was sent" in page
    assert found(case) in page


def test_an_approval_that_ended_after_the_decision_stops_the_acceptance_with_words(
    office, one_drawing
):
    case = office.case()
    decision = office.delivered(case)
    withdraw(office)
    payload = office.acceptance(decision)
    told = refusal(office, office.signatory, "accept", case, payload)
    assert "cannot be accepted now" in told
    page = browser(office.signatory).post(
        address("accept", decision), {**payload, "name": "Sigrid Moe", "authorised": "on"}
    )
    assert page.status_code == 422
    assert "cannot be accepted now" in text(page)
    assert "Sigrid Moe" in page.content.decode()  # nothing that was typed is lost
    assert not Acceptance.objects.exists()


def test_the_checks_run_anew_at_draft_sending_approval_and_acceptance(office, one_drawing):
    case = office.case()
    office.accepted(case)
    reasons = list(case.check_runs.order_by("pk").values_list("reason", flat=True))
    assert reasons == ["draft", "sending", "approval", "acceptance"]
    submission = case.submissions.get()
    assert {run.submission for run in case.check_runs.all()} == {submission}
    assert checks.finished(submission).today == clock.today("Europe/Oslo")


def test_the_database_sends_and_approves_nothing_without_a_finished_check_of_that_version(office):
    case = office.case()
    decision = office.sent(case)
    older = case.check_runs.all()
    older.update(submission=None)
    CheckRun.objects.create(
        application=case,
        submission=decision.submission,
        reason="person",
        requested_at=clock.now(),
        content_version=1,
        scheme_version=case.scheme_version,
    )
    for change in (
        {"status": "approved", "approved_at": clock.now(), "approved_digest": "a" * 64},
    ):
        with pytest.raises(DatabaseError, match="no finished check"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(approved_by=office.decider, **change)


def test_what_ended_is_told_with_who_left_and_who_may_sign_no_more(office):
    case = office.case()
    submission = case.submissions.get()
    office.owner.memberships.update(
        status="ended", ended_at=clock.now(), ended_by=office.administrator
    )
    office.signatory.memberships.update(
        status="ended", ended_at=clock.now(), ended_by=office.administrator
    )
    told = {each.kind: each.text for each in ended.since(submission, "en")}
    assert office.owner.name in told["member"]
    assert told["signatory"] == "Nobody may sign for Fjordheim institutt now."


# --- two hands ------------------------------------------------------------------------------------
def held(office, case, decision):
    """A digest that the decision maker read, with all that approving needs."""
    return {"digest": decision.sent_digest, "title": "Head"}


def race(first, second):
    """`first` has written and not committed when `second` begins; what came of the two."""
    began, came = threading.Event(), {}

    def other():
        try:
            began.wait(30)
            came["second"] = second()
        except (CommandError, DatabaseError) as refused:
            came["second"] = refused
        finally:
            connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    try:
        with transaction.atomic():
            came["first"] = first()
            began.set()
            waits_for_us(thread)
    except (CommandError, DatabaseError) as refused:
        came["first"] = refused
    thread.join()
    return came["first"], came["second"]


def waits_for_us(thread):
    """Until the other one waits for a lock of ours, or is through."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] or not thread.is_alive():
                return
        thread.join(0.05)
    raise AssertionError("the other one neither waits nor ends")


def new_submission(office, case):
    return lambda: office.submit(case, case.submissions.get().document)


def new_version(office, case):
    def write():
        now = clock.now()
        made = Specification(
            application=case,
            submission=case.submissions.first(),
            number=1,
            text="Another one.",
            price_from=1,
            price_to=2,
            currency="NOK",
            sent_by=office.officer,
            sent_at=now,
            case_due_at=now,
        )
        made.digest = made.fingerprint()
        made.save()
        return made

    return write


def taken_back(office, case):
    return lambda: withdraw(office)


OTHERS = {"submission": new_submission, "specification": new_version}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("approval_first", [True, False])
def test_of_an_approval_and_something_new_under_it_exactly_one_wins(
    lasting_office, other, approval_first
):
    office = lasting_office
    case = office.case(variables=1)
    decision = office.sent(case, "refused")

    def approve():
        return office.do(
            office.decider, "approve", type(case)(pk=case.pk), held(office, case, decision)
        )

    write = OTHERS[other](office, case)
    # Written past the commands: the gate alone would refuse it in this state.
    came = race(approve, write) if approval_first else race(write, approve)
    lost = [each for each in came if isinstance(each, CommandError | DatabaseError)]
    assert len(lost) == 1
    decision.refresh_from_db()
    assert (decision.approved_by is not None) == (came[not approval_first] not in lost)


def test_an_approval_withdrawn_at_the_same_moment_is_seen_or_comes_after(lasting_office):
    office = lasting_office
    case = office.case(variables=1)
    decision = office.sent(case)

    def approve():
        return office.do(
            office.decider, "approve", type(case)(pk=case.pk), held(office, case, decision)
        )

    _first, second = race(taken_back(office, case), approve)
    assert isinstance(second, Invalid)
    decision.refresh_from_db()
    assert decision.approved_by is None
    case.refresh_from_db()
    assert case.state == State.APPROVAL
