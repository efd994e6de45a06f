"""Opens a stranger's file in a child process: a hostile one ends the child and not the portal."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.files import inspection
from portal.files.reading import MOST_LINES, Score, Table, Unreadable, choose, read_xlsx

SECONDS = 20
MEMORY = 1024 * 1024 * 1024  # address space of the child, bytes; its real use stays far below


class Trap(Exception):
    """The child process died or hung over the file."""


def limits() -> None:
    """Of memory and time, for a child process that opens a stranger's file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def inspect(path: Path, ext: str) -> dict[str, str]:
    """{"refusal": code or "", "content_type": …}; a child that dies or hangs means a trap."""
    # By its path, so that nothing else of the portal is loaded into the child.
    try:
        verdict: dict[str, str] = _told(inspection.__file__, str(path), ext)
    except Trap:
        return {"refusal": "bomb", "content_type": ""}
    return verdict


def _told(*arguments: str) -> Any:
    """The JSON that a child process prints. Raises Trap when it dies, hangs or prints nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=SECONDS,
            preexec_fn=limits,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise Trap from None


def workbook(path: Path, ext: str, score: Score, most: int = MOST_LINES, wanted: str = "") -> Table:
    """A sheet of a workbook (xls, xlsx) that was inspected: the one called `wanted`, else the one
    whose first lines have the best score. Raises Unreadable, Trap.

    Read fast by a child process; a new one that claims more than fits there is read row by row.
    """
    try:
        told = _workbook(path, most)
        if "heads" not in told:
            return Table(told["lines"])
        name = choose(told["heads"], score, wanted)
        return Table(_workbook(path, most, name)["lines"], name, tuple(told["heads"]))
    except Trap:
        if ext == "xls":
            raise
        with path.open("rb") as file:
            return read_xlsx(file, most, score, wanted)


def _workbook(path: Path, most: int, sheet: str = "") -> dict[str, Any]:
    told: dict[str, Any] = _told("-m", "portal.files.workbook", str(path), str(most), sheet)
    if "wrong" in told:
        raise Unreadable(told["wrong"])
    return told
