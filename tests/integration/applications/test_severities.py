"""An agency's administrator changes how severe a rule is; the checks follow at once, with a history."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from applications import selectors
from applications.commands import (
    Actor,
    Forbidden,
    FreshSignInNeeded,
    Incomplete,
    Invalid,
    NotFound,
    Stale,
    execute,
    worker,
)
from applications.commands.severities import change_severity
from applications.models import SeverityChange
from applications.selectors import case as cases
from applications.selectors import checks, rules
from portal import clock
from portal.events.log import personal_of
from portal.events.models import Event
from portal.local.demo_people import ensure_people
from tests.integration.applications.conftest import World

ALTERNATIVES = "SSB-CHK-29"  # INFO by the scheme
PROTOCOL = "SSB-ATT-02"  # BLOCK by the scheme


@pytest.fixture
def world(db):
    return World(ensure_people())


def change(world, rule_id, severity, seen=0, who="agency_admin", reason="The director asks."):
    return change_severity(world.actor(who, fresh=True), "SSB", rule_id, severity, reason, seen)


def test_a_rule_that_was_made_to_stop_stops_submission_with_its_id(world):
    case = world.complete(leave_out=("alternativesConsidered",))
    assert {f.id: str(f.severity) for f in selectors.findings(case)}[ALTERNATIVES] == "INFO"
    change(world, ALTERNATIVES, "BLOCK")
    with pytest.raises(Incomplete) as stopped:
        world.do("submit", case, "applicant", {"declaration": "Yes."})
    assert [f.id for f in stopped.value.findings if f.severity == "BLOCK"] == [ALTERNATIVES]
    change(world, ALTERNATIVES, "INFO", seen=1)
    world.do("submit", case, "applicant", {"declaration": "Yes."})
    assert case.state == "submitted"


def test_a_rule_that_was_made_to_flag_lets_through_and_the_officer_sees_it(world):
    case = world.complete(leave_out=("research_protocol",))
    with pytest.raises(Incomplete):
        world.do("submit", case, "applicant", {"declaration": "Yes."})
    change(world, PROTOCOL, "FLAG")
    world.do("submit", case, "applicant", {"declaration": "Yes."})
    execute("record_check", case.pk, worker(), {"reason": "submission"})
    scheme = selectors.scheme_of(case)
    seen = cases.run_findings(checks.finished(case.submissions.get()), scheme, [], "en")
    assert {f.id: f.severity for f in seen}[PROTOCOL] == "FLAG"
    # What was found stays as it was found, whatever the rule becomes afterwards.
    change(world, PROTOCOL, "BLOCK", seen=1)
    seen = cases.run_findings(checks.finished(case.submissions.get()), scheme, [], "en")
    assert {f.id: f.severity for f in seen}[PROTOCOL] == "FLAG"


def test_another_agency_is_as_severe_as_before(world):
    change(world, "COM-CHK-04", "FLAG")
    assert rules.in_force("SSB") == {"COM-CHK-04": "FLAG"}
    assert rules.in_force("DST") == {}


def test_the_newest_change_counts_and_all_of_them_are_kept(world, django_assert_num_queries):
    change(world, ALTERNATIVES, "BLOCK", reason="First.")
    change(world, ALTERNATIVES, "FLAG", seen=1, reason="Too hard.")
    change(world, ALTERNATIVES, "INFO", seen=2, reason="As it was.")
    told = [(c.sequence, c.severity, c.reason) for c in rules.history("SSB", ALTERNATIVES)]
    assert told == [(3, "INFO", "As it was."), (2, "FLAG", "Too hard."), (1, "BLOCK", "First.")]
    with django_assert_num_queries(1):
        assert rules.in_force("SSB") == {ALTERNATIVES: "INFO"}


def test_a_change_is_an_event_of_the_agency(world):
    change(world, ALTERNATIVES, "FLAG", reason="  Asked for.  ")
    event = Event.objects.get(stream="agency:SSB")
    assert event.type == "severity.changed"
    assert event.actor == world["agency_admin"].reference
    assert event.data == {"rule": ALTERNATIVES, "from": "INFO", "to": "FLAG", "change": 1}
    assert personal_of([event])[event.pk] == {"reason": "Asked for."}


def test_only_an_administrator_of_the_agency_with_a_fresh_sign_in_may(world):
    for who in ("case_officer", "decision_maker", "applicant", "dst_case_officer"):
        with pytest.raises(Forbidden):
            change(world, ALTERNATIVES, "FLAG", who=who)
    with pytest.raises(Forbidden):
        change_severity(worker(), "SSB", ALTERNATIVES, "FLAG", "x", 0)
    with pytest.raises(Forbidden):
        change_severity(world.actor("agency_admin", True), "SOS", "SOS-CHK-01", "FLAG", "x", 0)
    with pytest.raises(FreshSignInNeeded):
        change_severity(world.actor("agency_admin"), "SSB", ALTERNATIVES, "FLAG", "x", 0)
    assert not SeverityChange.objects.exists()


@pytest.mark.parametrize("rule_id", ["SSB-CHK-99", "DST-CHK-01", ""])
def test_a_rule_that_the_agency_has_not_is_absent(world, rule_id):
    with pytest.raises(NotFound):
        change(world, rule_id, "FLAG")


def test_an_agency_that_is_not_there_is_absent(world):
    with pytest.raises(NotFound):
        change_severity(world.actor("agency_admin", True), "XXX", ALTERNATIVES, "FLAG", "x", 0)


@pytest.mark.parametrize(
    ("severity", "reason", "fields"),
    [
        ("MAYBE", "x", {"severity"}),
        ("", "  ", {"severity", "reason"}),
        ("INFO", "x", {"severity"}),  # it is that already
        ("FLAG", "x" * 501, {"reason"}),
        ("FLAG", "", {"reason"}),
    ],
)
def test_what_cannot_be_used_is_told_all_at_once(world, severity, reason, fields):
    with pytest.raises(Invalid) as wrong:
        change(world, ALTERNATIVES, severity, reason=reason)
    assert set(wrong.value.errors) == fields
    assert not SeverityChange.objects.exists()
    assert not Event.objects.filter(stream="agency:SSB").exists()


def test_who_saw_an_older_state_is_told_what_came_in_between(world):
    change(world, ALTERNATIVES, "BLOCK", reason="Theirs.")
    with pytest.raises(Stale) as stale:
        change(world, ALTERNATIVES, "FLAG", seen=0)
    assert stale.value.theirs == {"severity": "BLOCK", "reason": "Theirs."}
    assert SeverityChange.objects.count() == 1


def test_of_two_who_change_a_rule_at_once_one_is_told(transactional_db):
    world = World(ensure_people())
    start = Barrier(2)
    by = [Actor(user=world["agency_admin"], fresh=True)] * 2

    def attempt(number):
        try:
            start.wait(10)
            severity = ("FLAG", "BLOCK")[number]
            change_severity(by[number], "SSB", ALTERNATIVES, severity, "At once.", 0)
            return "done"
        except Stale:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["done", "told"]
    assert SeverityChange.objects.count() == 1


def test_the_database_keeps_every_change_and_knows_three_severities(world):
    made = change(world, ALTERNATIVES, "FLAG")
    rows = SeverityChange.objects.filter(pk=made.pk)
    for act in (lambda: rows.update(severity="BLOCK"), rows.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    facts = {"agency": "SSB", "rule_id": PROTOCOL, "sequence": 1, "by": world["agency_admin"]}
    for wrong in ({"severity": "MAYBE"}, {"reason": ""}, {"reason": "x" * 501}, {"sequence": 0}):
        good = {"severity": "FLAG", "reason": "x", "at": clock.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            SeverityChange.objects.create(**{**facts, **good, **wrong})
