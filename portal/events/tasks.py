"""What Celery runs. Both are safe to lose and safe to run twice: the outbox row decides."""

from celery import shared_task

from portal.events import (
    mail,  # noqa: F401  registers mail.send
    outbox,
)

BUDGET = 20.0  # seconds of one relay round


@shared_task(name="portal.events.tasks.run_entry", ignore_result=True)
def run_entry(entry_id: int) -> None:
    """Runs one outbox entry, woken when its transaction committed."""
    outbox.run_entry(entry_id)


@shared_task(name="portal.events.tasks.relay", ignore_result=True)
def relay() -> None:
    """The safety net, every two seconds: runs whatever is due, one by one, for a while."""
    outbox.run_due(seconds=BUDGET)
