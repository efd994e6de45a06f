"""Opens a stranger's file in a child process, and there is no other way to open one.

The child (`portal.files.child`) has an empty environment, no open file but the stranger's, 5 seconds of
work and 256 MB of memory; a hostile file ends the child and nothing else. Nothing is tried again
in this process.
"""

import io
import json
import logging
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from portal.files.inspection import Refused
from portal.files.reading import MOST_LINES, Score, Table, Unreadable, choose

log = logging.getLogger(__name__)

SECONDS = 5  # of work
PATIENCE = 4  # times as long by the clock: on a busy machine work takes longer
MEMORY = 256 * 1024 * 1024  # address space of the child, bytes, with its interpreter
MOST_OUTPUT = 64 * 1024 * 1024
# In one web process. What waits longer than this for a place is asked to come again: requests that
# read no file must always find a thread.
AT_ONCE, SECONDS_IN_LINE = 2, 3

_HERE = Path(__file__).parent
_places = threading.BoundedSemaphore(AT_ONCE)


class Trap(Exception):
    """The child process died over the file, or used up its time."""


class Busy(Exception):
    """The machine has no time now: nothing is known of the file."""


@dataclass(frozen=True)
class Program:
    """What runs in the child: a module below `folder` that imports nothing of the portal, with a
    function `examine(file, arguments)` that gives JSON, or yields it value by value."""

    folder: Path
    module: str


INSPECTION = Program(_HERE, "child.inspection")
TABLES = Program(_HERE, "child.tables")
LETTERS = Program(_HERE, "child.letters")
SEARCH = Program(_HERE, "child.search")


def ask(
    program: Program,
    file: IO[bytes],
    arguments: Mapping[str, Any],
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> list[Any]:
    """The values that `program` gives of the file. Raises Trap, Busy.

    seconds: of work; memory: address space in bytes.
    """
    request = {
        "folder": str(program.folder),
        "module": program.module,
        "arguments": arguments,
        "seconds": seconds,
        "memory": memory,
    }
    if not _places.acquire(timeout=SECONDS_IN_LINE):
        raise Busy
    try:
        with _descriptor(file) as descriptor:
            told = _output(descriptor, json.dumps(request), time.monotonic() + PATIENCE * seconds)
        values = [json.loads(line) for line in told.splitlines()]
    except ValueError:
        raise Trap from None
    finally:
        _places.release()
    if not values or (isinstance(values[-1], dict) and "failed" in values[-1]):
        log.warning("%s gave up on a file: %s", program.module, values[-1:])
        raise Trap
    return values


@contextmanager
def _descriptor(file: IO[bytes]) -> Iterator[int]:
    """The file as the system's number of an open file at its beginning; one that has none is copied
    into memory, or where the system cannot do that into a file without a name."""
    try:
        number = file.fileno()
    except (AttributeError, OSError):
        number = -1
    if number >= 0:
        os.lseek(number, 0, os.SEEK_SET)
        yield number
        return
    copy = (
        os.fdopen(os.memfd_create("given"), "w+b")
        if hasattr(os, "memfd_create")
        else tempfile.TemporaryFile()  # noqa: SIM115
    )
    with copy:
        file.seek(0)
        while piece := file.read(1024 * 1024):
            copy.write(piece)
        copy.flush()
        os.lseek(copy.fileno(), 0, os.SEEK_SET)
        yield copy.fileno()


def _output(descriptor: int, request: str, until: float) -> bytes:
    """What the child prints. Raises Trap when it dies, uses up its time or prints too much, Busy when
    it was given too little of the machine."""
    child = subprocess.Popen(  # noqa: S603 - our own script, our own interpreter, no shell
        [sys.executable, "-I", "-B", str(_HERE / "child" / "boot.py"), request],
        stdin=descriptor,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        start_new_session=True,
    )
    assert child.stdout is not None
    told = io.BytesIO()
    try:
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            while ready.select(max(0.0, until - time.monotonic())):
                piece = os.read(child.stdout.fileno(), 1024 * 1024)
                if not piece:
                    break
                if told.tell() + len(piece) > MOST_OUTPUT:
                    raise Trap
                told.write(piece)
            else:
                raise Busy
        if child.wait(max(0.1, until - time.monotonic())):
            raise Trap
    except subprocess.TimeoutExpired:
        raise Busy from None
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    return told.getvalue()


def inspect(file: IO[bytes], ext: str) -> dict[str, str]:
    """{"refusal": code or "", "content_type": …}; a child that dies or hangs means a trap, and
    nobody having looked is `busy`."""
    try:
        verdict: dict[str, str] = ask(INSPECTION, file, {"ext": ext})[0]
    except (Trap, Busy) as wrong:
        code = "busy" if isinstance(wrong, Busy) else "bomb"
        return {"refusal": code, "content_type": ""}
    return verdict


def table(
    file: IO[bytes], ext: str, score: Score, most: int = MOST_LINES, wanted: str = ""
) -> Table:
    """The lines of a table (xls, xlsx, or any text), inspected in the same child before they are
    read. Of a workbook the sheet called `wanted`, else the one whose first lines have the best score.
    Raises Refused, Unreadable, Busy.
    """
    names: tuple[str, ...] = ()
    sheet = ""
    told = _table(file, ext, most, "")
    if "heads" in told[0]:
        heads = told[0]["heads"]
        sheet, names = choose(heads, score, wanted), tuple(heads)
        told = _table(file, ext, most, sheet)
    return Table([line for part in told for line in part["lines"]], sheet, names)


def _table(file: IO[bytes], ext: str, most: int, sheet: str) -> list[dict[str, Any]]:
    try:
        told = ask(TABLES, file, {"ext": ext, "most": most, "sheet": sheet})
    except Trap:
        raise Refused("bomb") from None
    if "refusal" in told[-1]:
        raise Refused(told[-1]["refusal"])
    if "wrong" in told[-1]:
        raise Unreadable(told[-1]["wrong"])
    return told
