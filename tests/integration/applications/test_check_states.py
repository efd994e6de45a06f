"""Not run, running, failed, found nothing, found something: five things, on every page and in every list.

One selector tells them apart; a finished check is of exactly one submission.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from applications.commands import execute, worker
from applications.commands.checks import Unchecked
from applications.models import CheckRun, Finding
from applications.selectors import checking, checks
from applications.selectors.checks import CheckState, judge
from portal import clock
from portal.accounts.models import User
from portal.events.models import OutboxEntry
from portal.events.outbox import queue, run_due
from tests.integration.applications.conftest import World, made
from tests.people import sign_in

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOON, PAST, LONG_AGO = (
    NOW + timedelta(minutes=1),
    NOW - timedelta(minutes=1),
    NOW - timedelta(hours=2),
)


def line(asked=PAST, ran=None, findings=0, **entry):
    """What is stored of a run; with what stands in the outbox when something of that is given."""
    nothing = {"lease_until": None, "due_at": PAST, "dead_at": None, "done_at": None}
    told = {"pk": 1, "requested_at": asked, "ran_at": ran, "findings": findings, "entry": None}
    if entry:
        told["entry"] = {**nothing, "last_error": "", **entry}
    return told


# What is stored -> the state, and whether it should have ended long ago.
STATES = [
    (None, CheckState.NOT_RUN, False),
    (line(attempts=0), CheckState.NOT_RUN, False),
    (line(asked=LONG_AGO, attempts=0), CheckState.NOT_RUN, True),
    (line(attempts=1, lease_until=SOON), CheckState.RUNNING, False),
    (line(asked=LONG_AGO, attempts=1, lease_until=SOON), CheckState.RUNNING, True),
    (line(attempts=1, lease_until=PAST), CheckState.FAILED, False),
    (line(attempts=2, last_error="ValueError", due_at=SOON), CheckState.FAILED, False),
    (line(attempts=12, last_error="ValueError", dead_at=PAST), CheckState.FAILED, False),
    (line(attempts=1, done_at=PAST), CheckState.FAILED, True),
    (line(), CheckState.FAILED, True),
    (line(ran=PAST), CheckState.NOTHING, False),
    (line(ran=PAST, attempts=1, done_at=PAST), CheckState.NOTHING, False),
    (line(ran=PAST, findings=3), CheckState.FOUND, False),
]


@pytest.mark.parametrize(("stored", "state", "stuck"), STATES)
def test_what_is_stored_is_one_of_five_states(stored, state, stuck):
    found = judge(stored, NOW)
    assert (found.state, found.stuck) == (state, stuck)
    assert found.is_finished == (state in (CheckState.NOTHING, CheckState.FOUND))


@pytest.mark.parametrize("language", ["en", "nb", "nn", "da", "sv"])
def test_each_state_has_a_sentence_of_its_own_in_every_language(language):
    every = {state: checks.Checked(state, 2 * (state == CheckState.FOUND)) for state in CheckState}
    with translation.override(language):
        for words in (checks.sentence, checks.short):
            told = [words(each) for each in every.values()]
            assert len(set(told)) == 5
            assert "2" in words(every[CheckState.FOUND])
        again = {checks.more(judge(s, NOW), "UTC", language) for s, _state, _stuck in STATES}
        assert len(again) >= 6
    if language != "en":
        with translation.override("en"):
            english = {checks.sentence(each) for each in every.values()}
        with translation.override(language):
            assert not english & {checks.sentence(each) for each in every.values()}


@pytest.fixture
def world(db) -> World:
    return made()


@pytest.fixture
def case(world):
    """A case that was sent; its check is asked for, and nobody has done anything yet."""
    sent = world.submitted()
    sent.check_runs.all().delete()
    asked(sent)
    return sent


def asked(case) -> None:
    with transaction.atomic():
        run = CheckRun.objects.create(
            application=case,
            submission=case.submissions.get(),
            reason="submission",
            requested_at=clock.now(),
            content_version=case.content_version,
            scheme_version=case.scheme_version,
        )
        queue("checks.run", {"run": run.pk}, checks.key(run))


def entry(case) -> OutboxEntry:
    run = case.check_runs.latest("pk")
    return OutboxEntry.objects.get(kind="checks.run", key=checks.key(run))


def held(case):
    OutboxEntry.objects.filter(pk=entry(case).pk).update(
        attempts=1, lease_until=clock.now() + timedelta(minutes=5)
    )


def dead(case):
    OutboxEntry.objects.filter(pk=entry(case).pk).update(attempts=12, dead_at=clock.now())


def ran(case):
    run_due(kinds=["checks.run"])


def found_two(case):
    ran(case)
    run = case.check_runs.latest("pk")
    for rule in ("SSB-CHK-01", "SSB-CHK-12"):
        Finding.objects.create(run=run, rule_id=rule, severity="FLAG")


MAKE = {
    CheckState.NOT_RUN: lambda case: None,
    CheckState.RUNNING: held,
    CheckState.FAILED: dead,
    CheckState.NOTHING: ran,
    CheckState.FOUND: found_two,
}


@pytest.mark.parametrize("state", CheckState)
def test_every_page_and_export_says_the_same_of_the_checks(world, case, client, state):
    MAKE[state](case)
    submission = case.submissions.get()
    checked = checks.of(submission)
    assert checked.state == state
    others = {checks.sentence(checks.Checked(s, 2)) for s in CheckState if s != state}
    sentence = checks.sentence(checked)

    def says(address: str) -> str:
        page = client.get(address).content.decode()
        assert sentence in page, address
        assert not [other for other in others if other in page], address
        return page

    officer = world["case_officer"]
    sign_in(client, officer)
    with translation.override("en"):
        User.objects.filter(pk__in=[officer.pk, case.owner_id]).update(language="en")
        page = says(reverse("cases:case", args=["SSB", case.pk]))
        again = reverse("cases:run_checks", args=["SSB", case.pk])
        assert (again in page) == (state != CheckState.RUNNING)
        says(reverse("cases:return", args=["SSB", case.pk]))
        queue = client.get(reverse("cases:queue", args=["SSB"]) + "?queue=open").content.decode()
        assert checks.short(checked) in queue
        told = client.get(reverse("applications:export_file", args=[case.pk, "json"])).json()
        finished = state in (CheckState.NOTHING, CheckState.FOUND)
        assert told["checks"]["state"] == state
        assert told["checks"]["findings"] == (checked.findings if finished else None)
        sign_in(client, case.owner)
        says(reverse("applications:overview", args=[case.pk]))
        says(reverse("applications:receipt", args=[case.pk]))


def test_a_failed_check_is_run_again_by_a_person_and_one_that_never_ends_as_well(
    world, case, client
):
    again = reverse("cases:run_checks", args=["SSB", case.pk])
    sign_in(client, world["case_officer"])
    for stop in (dead, held):
        stop(case)
        later = clock.now() + timedelta(hours=1)
        OutboxEntry.objects.filter(pk=entry(case).pk).update(
            lease_until=later + timedelta(hours=1) if stop is held else None
        )
        with clock.frozen(later):
            assert checks.of(case.submissions.get()).state in (
                CheckState.FAILED,
                CheckState.RUNNING,
            )
            sign_in(client, world["case_officer"])
            assert client.post(again).status_code == 302
            assert checks.of(case.submissions.get()).is_finished
        CheckRun.objects.filter(ran_at__isnull=False).delete()
    sign_in(client, case.owner)
    assert client.post(again).status_code == 404


def test_a_check_is_of_exactly_what_was_sent_and_not_of_what_is_being_written(world, case):
    ran(case)
    first = case.submissions.get()
    back = {"points": [{"text": "Mend it."}], "due_on": (clock.now() + timedelta(days=9)).date()}
    world.do("return", case, "case_officer", back)
    # all of it is taken out of the draft that is mended
    type(case).objects.filter(pk=case.pk).update(answers={})
    execute("record_check", case.pk, worker(), {"reason": "attachment"})
    assert checks.of(first).state == CheckState.NOTHING


def test_many_rows_are_the_workers_and_what_needs_them_waits_and_says_so(
    world, case, client, monkeypatch
):
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    sign_in(client, world["case_officer"])
    start = reverse("cases:start_assessment", args=["SSB", case.pk])
    with pytest.raises(Unchecked):
        world.do("start_assessment", case, "case_officer")
    assert client.post(start).status_code == 302
    case.refresh_from_db()
    assert case.state == "submitted"
    assert case.check_runs.count() == 1  # it is on its way, and not asked for twice
    assert client.post(reverse("cases:run_checks", args=["SSB", case.pk])).status_code == 302
    assert case.check_runs.count() == 1
    ran(case)
    world.do("start_assessment", case, "case_officer")
    case.refresh_from_db()
    assert case.state == "assessment"
