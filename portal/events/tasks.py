"""What Celery runs. All are safe to lose and safe to run twice: the outbox row decides."""

import logging

from celery import Task, shared_task

from portal.events import checkpoints, mail, outbox
from portal.events.keys import NoKey
from portal.events.waking import TASK

__all__ = ["checkpoint", "mail", "run_entry"]  # mail registers the effect mail.send

log = logging.getLogger(__name__)


@shared_task(bind=True, name=TASK, ignore_result=True)
def run_entry(self: Task, entry_id: int) -> None:
    """Runs one outbox entry: woken when its transaction committed, or by the relay."""
    outbox.run_entry(entry_id, holder=self.request.id or "")


@shared_task(name="portal.events.tasks.checkpoint", ignore_result=True)
def checkpoint() -> None:
    """Every hour: signs how the log stands. Its number and hash go to the system's log, so that
    they are noted outside of the database."""
    try:
        point = checkpoints.make_checkpoint()
    except (NoKey, checkpoints.Busy) as error:
        log.error("no checkpoint of the event log: %s", error)
    else:
        if point is not None:
            log.info("checkpoint of the event log: %s:%s", point.number, point.hash)
