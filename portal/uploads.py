"""Where uploads lie while they come in: a folder of our own, so that what a killed process has left
there can be told from other people's files and removed."""

import threading
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

OLD = 3600.0  # seconds without a further byte: nobody writes to it any more
EVERY = 600.0  # seconds between two looks

_lock = threading.Lock()
_looked = 0.0


def folder() -> Path:
    """The folder, FILE_UPLOAD_TEMP_DIR; made when it is not there, for its owner only."""
    path = Path(settings.FILE_UPLOAD_TEMP_DIR)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def clear(older: float = 0.0) -> int:
    """Removes files without a further byte since `older` seconds; all of them when the web server
    starts and nobody writes. Returns how many. An upload that is open goes on."""
    gone = 0
    now = time.time()
    for path in folder().iterdir():
        with suppress(FileNotFoundError):  # another process was first
            if path.is_file() and now - path.stat().st_mtime >= older:
                path.unlink()
                gone += 1
    return gone


def tidy() -> None:
    """Removes what is old, once in a while: called before each upload is taken."""
    global _looked
    with _lock:
        if _looked and time.monotonic() - _looked < EVERY:
            return
        _looked = time.monotonic()
    clear(OLD)
