"""The lanes that work runs in: one queue of Celery's each, so that none waits for another."""

from enum import StrEnum


class Lane(StrEnum):
    """Where an effect runs; the value is the name of the queue."""

    MAIL = "mail"  # mail and notices: seconds at most
    SCANS = "scans"  # files looked at; may wait for the scanner
    CHECKS = "checks"  # checks of applications, and what follows from them
    LETTERS = "letters"  # letters, receipts and lists of ordinary size, signatures
    HEAVY = "heavy"  # whatever takes many seconds or much memory


# The workers of the demo: name -> lanes and processes. An installation has more
# (docker-compose.yml); heavy work never shares a worker with anything.
WORKERS: dict[str, tuple[tuple[Lane, ...], int]] = {
    "quick": ((Lane.MAIL, Lane.CHECKS), 1),
    "letters": ((Lane.LETTERS, Lane.SCANS), 2),
    "heavy": ((Lane.HEAVY,), 1),
}


def listening(lanes: tuple[Lane, ...], processes: int) -> list[str]:
    """The arguments of `celery worker` for one that listens to `lanes`."""
    queues = ",".join(lanes)
    return ["worker", "--queues", queues, "--concurrency", str(processes), "--without-gossip"]
