"""Cases that were under way before steps and checks were kept: the migrations bring them along."""

import importlib

import pytest
from django.db import connection

from applications.models import Application, ChecklistAnswer, CheckRun, StepRecord
from applications.selectors import checks
from portal import clock
from tests.integration.applications.test_specification import FIELDS, Order, order, world

__all__ = ["order", "world"]


def run(migration: str) -> None:
    """What the migration does with the rows that are there."""
    earlier = importlib.import_module(f"applications.migrations.{migration}").EARLIER
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(earlier)


def ticked(order: Order, item: str) -> None:
    ChecklistAnswer.objects.create(
        application=order.case,
        item=item,
        assessed=True,
        note="",
        answered_by=order.officer,
        answered_at=clock.now(),
    )


@pytest.mark.parametrize(
    ("answer", "items", "passed"),
    [
        ("", [], []),
        ("", ["legal_meeting"], ["legal_meeting"]),
        ("questioned", ["legal_meeting", "secrecy_review"], ["legal_meeting"]),
        ("confirmed", [], ["legal_meeting", "specification"]),
        ("confirmed", ["secrecy_review"], ["legal_meeting", "specification", "secrecy_review"]),
    ],
)
def test_a_case_has_passed_what_its_tick_boxes_and_its_specification_say(
    order: Order, answer: str, items: list[str], passed: list[str]
) -> None:
    if answer:
        made = order.sent()
        payload = {"digest": made.digest, "text": "Åren är fel."}
        command = {"confirmed": "confirm_", "questioned": "question_"}[answer]
        order.give(f"{command}specification", order.owner, payload)
    for item in items:
        ticked(order, item)
    before = StepRecord.objects.count()
    Application.objects.update(passed=[])
    run("0018_steps_in_the_database")
    order.case.refresh_from_db()
    assert order.case.passed == passed
    assert StepRecord.objects.count() == before + len(items)
    if passed[1:]:
        order.give("draft_decision", order.officer, FIELDS)


def test_a_run_of_before_is_of_what_was_sent_last_then(order: Order) -> None:
    submission = order.case.submissions.get()
    found = checks.finished(submission)
    assert found is not None
    CheckRun.objects.update(submission=None)
    assert checks.of(submission).state == checks.CheckState.NOT_RUN
    run("0021_runs_of_before")
    assert checks.of(submission).is_finished
