"""What Celery runs. All are safe to lose and safe to run twice: the outbox row decides."""

import logging
import os

from celery import Task, shared_task

from portal.events import checkpoints, mail, outbox
from portal.events.effects import effect
from portal.events.keys import NoKey
from portal.events.lanes import Lane
from portal.events.outbox import NotYet
from portal.events.waking import TASK

__all__ = ["checkpoint", "mail", "run_entry"]  # mail registers the effect mail.send

log = logging.getLogger(__name__)

NICE = 10


@shared_task(bind=True, name=TASK, ignore_result=True)
def run_entry(self: Task, entry_id: int) -> None:
    """Runs one outbox entry: woken when its transaction committed, or by the relay."""
    _step_back(self.request.delivery_info or {})
    outbox.run_entry(entry_id, holder=self.request.id or "")


def _step_back(came: dict) -> None:
    """A process that does heavy work gets what the others leave of the processor; for good, as
    nobody else's work comes to it."""
    if came.get("routing_key") == Lane.HEAVY and os.nice(0) < NICE:
        os.nice(NICE - os.nice(0))


@shared_task(name="portal.events.tasks.checkpoint", ignore_result=True)
def checkpoint() -> None:
    """Every five minutes: signs how the log stands, if anything was written since."""
    try:
        _sign()
    except (NoKey, checkpoints.Busy) as error:
        log.error("no checkpoint of the event log: %s", error)


@effect("events.checkpoint", lane=Lane.LETTERS)
def checkpoint_now(payload: dict) -> None:
    """The same at once, after something that binds: a decision is in a checkpoint within moments."""
    try:
        _sign()
    except checkpoints.Busy as busy:
        raise NotYet(str(busy), 5) from busy
    except NoKey as missing:
        raise NotYet("there is no key to sign checkpoints with") from missing


def _sign() -> None:
    # Number and hash go to the system's log, so that they are noted outside of the database.
    point = checkpoints.make_checkpoint()
    if point is not None:
        log.info("checkpoint of the event log: %s:%s", point.number, point.hash)
