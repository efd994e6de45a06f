"""Two hands on one case at the same moment: one decision, and nobody's act is half done."""

import threading

import pytest
from django.db import connections

from applications.commands import CommandError, Forbidden, NotFound, NotNow, Stale
from applications.enums import State
from applications.models import Application
from decisions.enums import Status
from decisions.models import Decision
from portal import clock
from portal.events.models import Event, OutboxEntry
from portal.events.verify import verify

# Decide against decide and against withdraw are the dangerous pairs: 200 rounds together.
ROUNDS = {"approve": 100, "withdraw": 100, "send_back": 10, "recall": 10}


def at_once(*acts):
    """Runs the acts in threads of their own, let go by one barrier; what each came to."""
    barrier = threading.Barrier(len(acts))
    came: list = [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait()
            came[place] = act()
        except CommandError as refused:
            came[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def lying(office, case):
    """A decision that lies with the decision makers, written at once: rounds are many."""
    now = clock.now()
    decision = Decision.objects.create(
        application=case,
        sequence=1,
        letter_id=f"{case.number}-1",
        submission=case.submissions.get(),
        status=Status.DRAFT,
        outcome="refused",
        reasons="Not met.",
        language="nb",
        drafted_by=office.officer,
        drafted_at=now,
    )
    from applications.selectors import scheme_of
    from decisions import composing

    content = composing.compose(decision, scheme_of(case), now)
    decision.status, decision.sent_by, decision.sent_at = Status.FOR_APPROVAL, office.officer, now
    decision.content, decision.sent_digest = composing.freeze(content), composing.digest(content)
    decision.save()
    return decision


def refused(came):
    return [act for act in came if isinstance(act, CommandError)]


@pytest.mark.parametrize("other", ROUNDS)
def test_of_two_acts_at_once_exactly_one_counts(lasting_office, other):
    office = lasting_office
    for _ in range(ROUNDS[other]):
        case = office.case(variables=1, state=State.APPROVAL)
        decision = lying(office, case)
        given = {"digest": decision.sent_digest}
        seconds = {
            "approve": lambda c=case, g=given: office.do(
                office.second_decider, "approve", Application(pk=c.pk), g
            ),
            "withdraw": lambda c=case: office.do(office.owner, "withdraw", Application(pk=c.pk)),
            "send_back": lambda c=case: office.do(
                office.second_decider, "send_back", Application(pk=c.pk), {"text": "More."}
            ),
            "recall": lambda c=case: office.do(
                office.second_officer, "recall", Application(pk=c.pk)
            ),
        }
        came = at_once(
            lambda c=case, g=given: office.do(office.decider, "approve", Application(pk=c.pk), g),
            seconds[other],
        )
        (loser,) = refused(came)
        assert isinstance(loser, (NotNow, Forbidden, NotFound, Stale))
        case.refresh_from_db()
        decision.refresh_from_db()
        approved = decision.approved_by is not None
        assert approved == (case.state == State.SIGNING)
        assert approved == (decision.status == Status.APPROVED)
        letters = OutboxEntry.objects.filter(kind="letter.make", key=f"letter.make:{decision.pk}")
        assert letters.count() == int(approved)
        types = Event.objects.filter(stream=f"application:{case.pk}").values_list("type", flat=True)
        assert len(types) == 1
    assert verify().faults == []


def test_two_signatories_who_accept_at_once_accept_once(lasting_office):
    from tests import people

    office = lasting_office
    second = people.person("Sverre Moe", "sverre@fjordheim.example")
    people.member(second, office.institution, "signatory")
    case = office.case()
    decision = office.delivered(case)
    payload = office.acceptance(decision)
    came = at_once(
        *(
            lambda who=who: office.do(who, "accept", Application(pk=case.pk), payload)
            for who in (office.signatory, second)
        )
    )
    assert len(refused(came)) == 1
    assert OutboxEntry.objects.filter(kind="acceptance.sign").count() == 1


def test_two_officers_who_begin_at_once_have_one_draft(lasting_office):
    office = lasting_office
    for _ in range(10):
        case = office.case(variables=1)
        came = at_once(
            *(
                lambda who=who, c=case: office.do(who, "draft_decision", Application(pk=c.pk))
                for who in (office.officer, office.second_officer)
            )
        )
        assert not refused(came)
        assert Decision.objects.filter(application=case).count() == 1
