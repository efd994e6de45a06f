"""Effects that a real worker runs in tests only: they hold it up, grow, hang or die.

The workers of tests import this module (tests.hearing); a test that queues them asks for the
fixture `acting`.
"""

import os
import signal
import time
from pathlib import Path

from portal.events.effects import Effect
from portal.events.lanes import Lane


def hold(payload: dict) -> None:
    """Busy until somebody writes the file `payload["until"]`; says in `payload["begun"]` that it is."""
    begun = Path(payload["begun"])
    draft = begun.with_suffix(".draft")
    draft.write_text(str(os.nice(0)))
    draft.replace(begun)
    deadline = time.monotonic() + 120
    while not Path(payload["until"]).exists() and time.monotonic() < deadline:
        sum(range(20_000))


def grow(payload: dict) -> None:
    """Takes ever more memory."""
    taken = []
    for _ in range(400):
        taken.append(b"x" * 10_000_000)
        time.sleep(0.02)


def hang(payload: dict) -> None:
    """Never ends."""
    time.sleep(300)


def die(payload: dict) -> None:
    """Is killed, as by the kernel, as often as `payload["times"]` says."""
    lives = Path(payload["lives"])
    lived = lives.stat().st_size if lives.exists() else 0
    with lives.open("ab") as file:
        file.write(b".")
    if lived < payload["times"]:
        os.kill(os.getpid(), signal.SIGKILL)


EFFECTS = {
    one.kind: one
    for one in (
        Effect("test.hold", hold, Lane.HEAVY, seconds=120),
        Effect("test.grow", grow, Lane.HEAVY, megabytes=400),
        Effect("test.hang", hang, Lane.LETTERS, seconds=0.5),
        Effect("test.die", die, Lane.LETTERS, atomic=True),
    )
}
