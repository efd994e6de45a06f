"""Every effect runs in a lane, so that one that takes long holds up no other."""

import itertools
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from portal.events import effects as registry
from portal.events.lanes import WORKERS, listening
from portal.events.models import OutboxEntry
from portal.events.outbox import Lane, effect, queue
from tests import working

# A new effect is put here deliberately: what can take many seconds is heavy.
LANES = {
    Lane.MAIL: {
        "acceptance.mail",
        "approval.ending",
        "approval.withdrawn",
        "colleague.mail",
        "confidentiality.ask",
        "decision.mail",
        "mail.send",
        "membership.ending",
        "notice.mail",
        "person.mail",
        "receipt.mail",
        "signatory.mail",
        "takeover.mail",
    },
    Lane.SCANS: {"attachment.check", "authority.check", "letter.forget", "letter.verify"},
    Lane.CHECKS: {"checks.run"},
    Lane.LETTERS: {
        "acceptance.sign",
        "application.export",
        "draft.preview",
        "events.checkpoint",
        "letter.make",
        "list.print",
        "submission.render",
    },
    Lane.HEAVY: {"account.export", "catalogue.changed", "letter.annexes", "submission.annexes"},
}


def test_every_effect_has_the_lane_that_its_work_belongs_to() -> None:
    found: dict[Lane, set[str]] = {lane: set() for lane in Lane}
    for kind, known in registry.effects().items():
        found[known.lane].add(kind)
    assert found == LANES


def test_nobody_can_write_an_effect_without_a_lane() -> None:
    with pytest.raises(TypeError, match="lane"):
        effect("t.nowhere")  # type: ignore[call-arg]


@pytest.mark.django_db
def test_what_is_bigger_than_usual_can_be_sent_into_another_lane(effects) -> None:
    effect("t.letter", lane=Lane.LETTERS)(lambda payload: None)
    with transaction.atomic():
        queue("t.letter", {}, "short")
        queue("t.letter", {}, "long", lane=Lane.HEAVY)
    assert dict(OutboxEntry.objects.values_list("key", "lane")) == {
        "short": "letters",
        "long": "heavy",
    }


ROOT = Path(__file__).resolve().parents[3]


def queues(arguments: list[str]) -> set[str]:
    return set(arguments[arguments.index("--queues") + 1].split(","))


def test_every_lane_has_a_worker_and_heavy_work_shares_none() -> None:
    """In the compose file as in the demo and in the tests."""
    compose = (ROOT / "docker-compose.yml").read_text()
    commands = re.findall(r"command: (\[.*\])", compose)
    installed = [queues(json.loads(c)) for c in commands if '"--queues"' in c]
    local = [queues(listening(*worker)) for worker in WORKERS.values()]
    tested = [queues(listening(*worker)) for worker in working.WORKERS.values()]
    for workers in (installed, local, tested):
        assert sorted(itertools.chain(*workers)) == sorted(Lane)
        assert {str(Lane.HEAVY)} in workers
    assert sum('"worker"' in command for command in commands) == len(installed)


def test_what_is_done_regularly_goes_into_a_lane_that_somebody_listens_to() -> None:
    for name, regular in settings.CELERY_BEAT_SCHEDULE.items():
        assert regular["options"]["queue"] in set(Lane), name
        assert "expires" not in regular["options"], "the clocks of two hosts would be compared"
    assert settings.CELERY_TASK_DEFAULT_QUEUE in set(Lane)
