"""Somebody with full power over the database changes a row and not the log: the log has seen it."""

import pytest
from django.db import connection, transaction

from applications.commands import Actor, execute, worker
from applications.models import Attachment, CheckRun, Submission
from applications.selectors import checking
from portal.events import outbox
from portal.events.models import Event
from portal.events.verify import verify

pytestmark = pytest.mark.django_db


def by_force(statement: str, *values: object) -> None:
    """As a superuser would, past every trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def faults() -> list[str]:
    return verify().faults


@pytest.fixture
def case(world):
    return world.submitted()


def test_rows_that_nobody_touched_are_what_the_log_has_seen(case) -> None:
    verdict = verify()
    assert verdict.faults == []
    assert verdict.rows >= 4, "case, submission, attachments, check"


def test_a_rewritten_submission_is_found(case) -> None:
    sent = Submission.objects.get(application=case)
    by_force(
        "UPDATE applications_submission SET document = jsonb_set(document, '{title}', '\"x\"')"
        " WHERE id = %s",
        sent.pk,
    )
    assert [f for f in faults() if f"submission:{sent.pk} is not what the log has seen" in f]


def test_a_submission_with_a_digest_that_fits_is_found_too(case) -> None:
    sent = Submission.objects.get(application=case)
    by_force("UPDATE applications_submission SET declaration = 'Another' WHERE id = %s", sent.pk)
    assert len(faults()) == 1


def test_a_removed_finding_and_an_exchanged_attachment_are_found(case) -> None:
    run = CheckRun.objects.filter(application=case).latest("ran_at")
    by_force("UPDATE applications_checkrun SET content_version = 99 WHERE id = %s", run.pk)
    file = Attachment.objects.filter(application=case).first()
    assert file is not None
    by_force("UPDATE applications_attachment SET digest = %s WHERE id = %s", "0" * 64, file.pk)
    said = " ".join(faults())
    assert f"check:{run.pk} is not what" in said
    assert f"attachment:{file.pk} is not what" in said


def test_a_newest_event_that_was_deleted_is_found_before_any_checkpoint(case) -> None:
    newest = Event.objects.filter(stream=f"application:{case.pk}").latest("sequence")
    by_force("DELETE FROM events_event WHERE id = %s", newest.pk)
    by_force("DELETE FROM events_eventpayload WHERE event_id = %s", newest.pk)
    assert any(f"case:{case.pk} is not what the log has seen" in f for f in faults())


def test_a_row_that_was_taken_away_is_found(case) -> None:
    run = CheckRun.objects.filter(application=case).latest("ran_at")
    by_force("DELETE FROM applications_finding WHERE run_id = %s", run.pk)
    by_force("DELETE FROM applications_checkrun WHERE id = %s", run.pk)
    assert any(f"check:{run.pk} is gone" in f for f in faults())


def test_checks_that_the_worker_runs_of_a_big_case_are_seen_too(world, case, monkeypatch) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    execute("run_checks", case.pk, Actor(user=world["case_officer"]))
    execute("record_check", case.pk, worker("checks"), {"reason": "attachment"})
    while outbox.run_due(kinds=["checks.run"]):
        pass
    assert faults() == []
    run = CheckRun.objects.filter(application=case).latest("ran_at")
    assert run.reason == "person"
    by_force("UPDATE applications_checkrun SET inputs = '' WHERE id = %s", run.pk)
    assert any(f"check:{run.pk} is not what" in f for f in faults())
