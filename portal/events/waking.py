"""Waking a worker through the broker. It may fail: the relay finds every due entry by itself."""

import logging
import time

from celery import current_app

log = logging.getLogger(__name__)

SILENCE = 5.0  # seconds without another attempt after the broker did not answer
_silent_until = 0.0


def wake(entry_id: int) -> None:
    """Tells the workers that an entry is due. Never raises; a broker that is down costs one short
    timeout per process and five seconds, not one per request."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(
            "portal.events.tasks.run_entry", (entry_id,), retry=False, ignore_result=True
        )
    except Exception as error:
        _silent_until = time.monotonic() + SILENCE
        log.warning("the broker did not answer (%s); the relay will do it", type(error).__name__)
