"""`manage.py demo` as a child of a test, and who belongs to it."""

import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from portal.local import processes

ROOT = Path(__file__).resolve().parents[3]
STARTED, SECONDS = "Ctrl-C ends everything", 300
_pause = threading.Event()


def until(condition: Callable[[], object], told: Callable[[], object], seconds: float = SECONDS):
    """Waits for a true answer and returns it; fails with what `told` says."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, told()
        _pause.wait(0.05)
    return answer


def descendants(pid: int) -> set[int]:
    """All living processes that `pid` or a child of it has started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


class Run:
    """One start. `family` are its children's numbers and births, once it has started."""

    def __init__(self, home: Path, port: int, **more: str) -> None:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "TILGANG_DEMO_HOME": str(home),
            "PORT": str(port),
            **more,
        }
        self.home, self.port = home, port
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--empty"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self.family: set[tuple[int, str | None]] = set()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def started(self) -> "Run":
        """Waits until it says that it has started."""

        def says_so() -> bool:
            assert self.process.poll() is None, self.said
            return any(STARTED in line for line in self.said)

        until(says_so, lambda: self.said)
        self.family = {(pid, processes.born(pid)) for pid in descendants(self.process.pid)}
        return self

    def ended(self) -> int:
        """Waits until it has ended; its exit code."""
        code = self.process.wait(SECONDS)
        self._reader.join(5)
        return code

    def children(self) -> dict[str, int]:
        """The main processes by name."""
        return {name: pid for name, pid, _ in processes.remembered(self.home / "pids")}

    def left(self) -> list[int]:
        """Who of the family still lives."""
        return [pid for pid, when in self.family if when and processes.born(pid) == when]

    def get(self, path: str) -> str:
        """What the portal answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()
