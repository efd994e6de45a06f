"""Waking a worker through the broker. It may fail: the relay finds every due entry by itself."""

import logging
import os
import threading
import time
from typing import Any

from celery import current_app

from portal.events.effects import SECONDS, effects
from portal.events.lanes import Lane

log = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds for the broker to answer
SILENCE = 5.0  # seconds without another attempt after it did not
TASK = "portal.events.tasks.run_entry"

_own = threading.local()
_silent_until = 0.0


def wake(entry_id: int, kind: str, lane: Lane) -> None:
    """Tells the workers of `lane` that an entry is due. Never raises; a broker that is down costs
    a process one short timeout in five seconds, not one per request."""
    if time.monotonic() >= _silent_until:
        _ask(lambda connection: _send(connection, entry_id, kind, lane))


def waiting(lane: Lane) -> int | None:
    """How many messages wait in the lane's queue; None when the broker does not answer."""
    if time.monotonic() < _silent_until:
        return None
    return _ask(lambda connection: connection.default_channel.queue_declare(lane).message_count)


def _send(connection: Any, entry_id: int, kind: str, lane: Lane) -> None:
    known = effects().get(kind)
    # No `expires`: it would be read by another host's clock.
    current_app.send_task(
        TASK,
        (entry_id,),
        connection=connection,
        queue=str(lane),
        time_limit=known.seconds if known else SECONDS,
        retry=False,
        ignore_result=True,
    )


def _ask(question: Any) -> Any:
    global _silent_until
    for last in (False, True):
        connection, fresh = _connection()
        try:
            return question(connection)
        except Exception as error:
            _drop()
            # A connection from before may only be stale, after a restart of the broker.
            if fresh or last:
                _silent_until = time.monotonic() + SILENCE
                log.warning("broker: %s; the relay will do it", type(error).__name__)
                return None
    return None


def _connection() -> tuple[Any, bool]:
    """This thread's connection, and whether it is a new one. Never shared over a fork."""
    if getattr(_own, "process", None) == os.getpid() and _own.connection is not None:
        return _own.connection, False
    _own.process = os.getpid()
    _own.connection = current_app.connection_for_write(
        connect_timeout=PATIENCE,
        transport_options={
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "max_retries": 0,
        },
    )
    return _own.connection, True


def _drop() -> None:
    connection, _own.connection = _own.connection, None
    try:
        connection.release()
    except Exception as error:
        log.debug("broker: %s while closing", type(error).__name__)
