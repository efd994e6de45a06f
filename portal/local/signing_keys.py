"""The demo's keys: made once, before anything is signed, and never silently made anew.

Letters and checkpoints that lead up to keys which are gone would all look forged: whoever lost the
files puts them back, or starts afresh.
"""

from pathlib import Path

from django.conf import settings

from decisions.letters.authority import ROOT, demo_authority
from decisions.models import LetterRevision
from portal.events import keys
from portal.events.models import Checkpoint


class KeysGone(Exception):
    """What was signed is there, and the keys are not. The message says what to do."""


def ensure() -> None:
    """Makes the keys of a demo that has signed nothing yet. Raises KeysGone, OSError."""
    letters, log = Path(settings.TILGANG_SIGNING["demo"]), Path(settings.EVENTS_KEY_FILE)
    lost = [
        str(path)
        for path, there, signed in (
            (letters, (letters / ROOT).exists(), LetterRevision),
            (log, log.exists(), Checkpoint),
        )
        if not there and signed.objects.exists()
    ]
    if lost:
        raise KeysGone(
            f"signing keys are gone that signed what is here: put {' and '.join(lost)} back,"
            " or start afresh with RESET=1"
        )
    demo_authority(letters)
    keys.make_key(log)
