"""What Celery runs. All are safe to lose and safe to run twice: the outbox row decides."""

import logging

from celery import shared_task

from portal.events import checkpoints, mail, outbox
from portal.events.keys import NoKey

__all__ = ["checkpoint", "mail", "relay", "run_entry"]  # mail registers the effect mail.send

log = logging.getLogger(__name__)

BUDGET = 20.0  # seconds of one relay round


@shared_task(name="portal.events.tasks.run_entry", ignore_result=True)
def run_entry(entry_id: int) -> None:
    """Runs one outbox entry, woken when its transaction committed."""
    outbox.run_entry(entry_id)


@shared_task(name="portal.events.tasks.relay", ignore_result=True)
def relay() -> None:
    """The safety net, every two seconds: runs whatever is due, one by one, for a while.

    Several may run at once, one in each process of the worker: a letter that takes long holds up
    one of them only.
    """
    outbox.run_due(seconds=BUDGET)


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
