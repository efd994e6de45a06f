"""The lanes that work runs in: one queue of Celery's each, so that none waits for another."""

from enum import StrEnum


class Lane(StrEnum):
    """Where an effect runs; the value is the name of the queue."""

    MAIL = "mail"  # mail and notices: seconds at most
    SCANS = "scans"  # files looked at; may wait for the scanner
    CHECKS = "checks"  # checks of applications, and what follows from them
    LETTERS = "letters"  # letters, receipts and lists of ordinary size, signatures
    HEAVY = "heavy"  # whatever takes many seconds or much memory


QUICK = (Lane.MAIL, Lane.CHECKS, Lane.SCANS, Lane.LETTERS)
