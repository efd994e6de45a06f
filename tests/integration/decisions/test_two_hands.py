"""Two hands on one case at the same moment: one decision, and nobody's act is half done."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from applications.commands import CommandError, Forbidden, NotFound, NotNow, Stale
from applications.enums import State
from applications.models import Application, CheckRun
from applications.selectors import scheme_of
from decisions import composing
from decisions.enums import Status
from decisions.models import Decision
from portal import clock
from portal.events.models import Event, OutboxEntry
from portal.events.verify import verify
from tests import people

# Decide against decide and against withdraw are the dangerous pairs: 200 rounds together.
ROUNDS = {"approve": 100, "withdraw": 100, "send_back": 10, "recall": 10}

Act = Callable[[Any], Any]


def at_once(cases: list, *acts: Act) -> list[list]:
    """One thread for each act; a barrier lets all of them go at each case in turn.

    What came of it, case by case: the result or the CommandError of each act.
    """
    barrier = threading.Barrier(len(acts))
    came: list[list] = [[None] * len(acts) for _ in cases]

    def run(place: int, act: Act) -> None:
        try:
            for number, case in enumerate(cases):
                barrier.wait(30)
                try:
                    came[number][place] = act(case)
                except CommandError as refused:
                    came[number][place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def own(case: Application) -> Application:
    """The case as a thread of its own holds it."""
    return Application(pk=case.pk)


def lying(office, case):
    """A decision that lies with the decision makers, written past the commands: rounds are many."""
    now = clock.now()
    decision = Decision.objects.create(
        application=case,
        sequence=1,
        letter_id=f"{case.number}-1",
        submission=case.submissions.get(),
        outcome="refused",
        reasons="Not met.",
        language="nb",
        drafted_by=office.officer,
        drafted_at=now,
    )
    CheckRun.objects.create(
        application=case,
        submission=decision.submission,
        reason="sending",
        requested_at=now,
        content_version=1,
        scheme_version=case.scheme_version,
        today=now.date(),
        ran_at=now,
    )
    content = composing.compose(decision, scheme_of(case), now)
    decision.status, decision.sent_by, decision.sent_at = Status.FOR_APPROVAL, office.officer, now
    decision.content, decision.sent_digest = composing.freeze(content), composing.digest(content)
    decision.save()
    return decision


def refused(came: list) -> list:
    return [act for act in came if isinstance(act, CommandError)]


def second_hand(office, other: str) -> Act:
    """What the other person does to a case (a pair of case and digest) meanwhile."""
    acts = {
        "approve": lambda c: office.do(
            office.second_decider, "approve", own(c[0]), {"digest": c[1]}
        ),
        "withdraw": lambda c: office.do(office.owner, "withdraw", own(c[0])),
        "send_back": lambda c: office.do(
            office.second_decider, "send_back", own(c[0]), {"text": "More."}
        ),
        "recall": lambda c: office.do(office.second_officer, "recall", own(c[0])),
    }
    return acts[other]


@pytest.mark.parametrize("other", ROUNDS)
def test_of_two_acts_at_once_exactly_one_counts(lasting_office, other):
    office = lasting_office
    cases = []
    for _ in range(ROUNDS[other]):
        case = office.case(variables=1, state=State.APPROVAL)
        cases.append((case, lying(office, case).sent_digest))

    def approve(pair):
        return office.do(office.decider, "approve", own(pair[0]), {"digest": pair[1]})

    for came, (case, _digest) in zip(
        at_once(cases, approve, second_hand(office, other)), cases, strict=True
    ):
        (loser,) = refused(came)
        assert isinstance(loser, (NotNow, Forbidden, NotFound, Stale))
        case.refresh_from_db()
        decision = case.decisions.get()
        approved = decision.approved_by is not None
        assert approved == (case.state == State.SIGNING)
        assert approved == (decision.status == Status.APPROVED)
        letters = OutboxEntry.objects.filter(kind="letter.make", key=f"letter.make:{decision.pk}")
        assert letters.count() == int(approved)
        assert Event.objects.filter(stream=f"application:{case.pk}").count() == 1
    assert verify().faults == []


def test_two_signatories_who_accept_at_once_accept_once(lasting_office):
    office = lasting_office
    second = people.person("Sverre Moe", "sverre@fjordheim.example")
    people.member(second, office.institution, "signatory")
    case = office.case()
    payload = office.acceptance(office.delivered(case))
    (came,) = at_once(
        [case],
        lambda c: office.do(office.signatory, "accept", own(c), payload),
        lambda c: office.do(second, "accept", own(c), payload),
    )
    assert len(refused(came)) == 1
    assert OutboxEntry.objects.filter(kind="acceptance.sign").count() == 1


def test_two_officers_who_begin_at_once_have_one_draft(lasting_office):
    office = lasting_office
    cases = [office.case(variables=1) for _ in range(10)]
    came = at_once(
        cases,
        lambda c: office.do(office.officer, "draft_decision", own(c)),
        lambda c: office.do(office.second_officer, "draft_decision", own(c)),
    )
    assert [refused(acts) for acts in came] == [[]] * 10
    assert all(case.decisions.count() == 1 for case in cases)
