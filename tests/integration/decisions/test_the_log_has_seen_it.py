"""What a decision says is in the log: changed past the portal, it is found. And the log is signed
with each decision."""

import pytest
from django.db import connection, transaction

from decisions.models import Decision
from portal.events import outbox
from portal.events.checkpoints import make_checkpoint
from portal.events.models import Checkpoint, OutboxEntry
from portal.events.verify import verify

pytestmark = pytest.mark.django_db

CHANGES = {
    "reasons": "UPDATE decisions_decision SET reasons = 'Another' WHERE id = %s",
    "a row": "UPDATE decisions_decisionvariable SET granted = NOT granted WHERE decision_id = %s",
    "a condition": "DELETE FROM decisions_decisioncondition WHERE decision_id = %s",
    "who approved": "UPDATE decisions_decision SET approver_title = 'Nobody' WHERE id = %s",
    "the letter": "UPDATE decisions_decision SET content = '{}' WHERE id = %s",
}


def by_force(statement: str, *values: object) -> None:
    """As a superuser would, past every trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize("what", CHANGES)
def test_a_decision_that_was_changed_past_the_portal_is_found(office, what: str) -> None:
    decision = office.approved(office.case())
    before = verify()
    assert before.faults == []
    assert before.rows >= 2
    by_force(CHANGES[what], decision.pk)
    assert [f for f in verify().faults if f"decision:{decision.pk} is not what" in f]


def test_every_step_of_a_decision_is_seen(office) -> None:
    case = office.case()
    decision = office.draft(case)
    assert verify().faults == []
    office.do(office.officer, "send_for_approval", case)
    office.do(office.decider, "send_back", case, {"text": "Say more."})
    assert verify().faults == []
    assert Decision.objects.get(pk=decision.pk).status == "draft"


def test_the_log_is_signed_with_each_decision(office) -> None:
    make_checkpoint()
    office.approved(office.case())
    assert OutboxEntry.objects.filter(kind="events.checkpoint").count() == 1
    signed = Checkpoint.objects.count()
    while outbox.run_due(kinds=["events.checkpoint"]):
        pass
    assert Checkpoint.objects.count() == signed + 1
    assert verify().since_checkpoint == 0


def test_the_log_is_signed_every_five_minutes(settings) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["checkpoint"]["schedule"] <= 300
