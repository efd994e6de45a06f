"""The safety net: finds what is due in a lane and nobody was woken for, and wakes somebody.

Each worker's main process looks for the lanes that it listens to (portal.events.attending): no
work, however heavy, holds it up, and no message of its own has to come through a queue.
"""

from portal.events import claiming
from portal.events.lanes import Lane
from portal.events.waking import waiting, wake

ROOM = 20  # messages in a lane's queue that keep its workers busy until the next round


def relay(lane: Lane) -> int:
    """Wakes workers for what has waited longest in `lane`; returns for how many entries.

    As many messages as fill the queue up to ROOM: an entry that has one already may get a second,
    which finds it taken and costs a millisecond.
    """
    entries = claiming.due(lane, ROOM)
    if not entries:
        return 0
    there = waiting(lane)
    if there is None:
        return 0
    chosen = entries[: max(0, ROOM - there)]
    for entry_id, kind in chosen:
        wake(entry_id, kind, lane)
    return len(chosen)
