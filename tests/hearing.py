"""How tests open and close the ears of their workers, all lanes with one question. Imported by them."""

from typing import Any

from celery.worker import state as states
from celery.worker.control import control_command, inspect_command

from portal.events import attending
from portal.events.effects import effects
from tests.acting import EFFECTS
from tests.working import WORKERS


def _lanes(consumer: Any) -> tuple[str, ...]:
    name = consumer.hostname.partition("-")[0]
    return tuple(str(lane) for lane in WORKERS[name][0])


@control_command()
def tests_listen(state: Any) -> dict[str, str]:
    """Takes messages of its lanes from now on."""
    for lane in _lanes(state.consumer):
        state.consumer.call_soon(state.consumer.add_task_queue, lane)
    return {"ok": "listens"}


@control_command()
def tests_rest(state: Any) -> dict[str, str]:
    """Takes no further messages."""
    for lane in _lanes(state.consumer):
        state.consumer.call_soon(state.consumer.cancel_task_queue, lane)
    return {"ok": "rests"}


@inspect_command()
def tests_busy(state: Any) -> bool:
    """Whether it has work in hand, or looks for some just now."""
    at_work = bool(states.active_requests or states.reserved_requests)
    return at_work or not attending.at_rest()


effects().update(EFFECTS)
