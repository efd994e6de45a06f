"""Real Celery workers for tests: the fixture `worker` of tests/conftest.py.

One for the quick lanes and one for the heavy one, for the whole run, on the test's database and broker. They take messages only
while a test that asked for them runs, and are idle before the database is emptied.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from portal import clock
from portal.celery import app
from portal.events.lanes import Lane, listening
from portal.events.models import OutboxEntry
from portal.local import processes

NOBODY = "nobody-writes-here"
# Fewer than the demo has: each costs the suite memory and a start.
WORKERS = {
    "quick": (tuple(lane for lane in Lane if lane != Lane.HEAVY), 2),
    "heavy": ((Lane.HEAVY,), 1),
}
ROOT = Path(__file__).resolve().parents[1]


def purge() -> None:
    """Forgets every message."""
    with app.connection_for_write() as broker:
        for lane in Lane:
            broker.default_channel.queue_purge(str(lane))


def waiting(lane: Lane) -> int:
    """How many messages wait in a lane."""
    with app.connection_for_read() as broker:
        return broker.default_channel.queue_declare(str(lane)).message_count


class WorkerProcess:
    """The workers, one for the quick lanes and one for the heavy one. `begin()` and `rest()` open
    and close their ears; `kill()` is a kill -9."""

    def __init__(self) -> None:
        self.names = {name: f"{name}-{os.getpid()}@localhost" for name in WORKERS}
        self.processes: dict[str, subprocess.Popen] = {}

    def log(self, name: str) -> Path:
        """What the worker `name` has said."""
        return Path(settings.SCRATCH) / f"worker-{name}-{os.getpid()}.log"

    def start(self) -> None:
        """Starts those that do not run, deaf for now. Returns once they answer."""
        for name in WORKERS:
            if not self._alive(name):
                self._start(name)
        deadline = time.monotonic() + 90
        while not self._ask(app.control.ping):
            if not self.alive() or time.monotonic() > deadline:
                raise RuntimeError(f"the workers did not start:\n{self.last_words()}")

    def _start(self, name: str) -> None:
        _lanes, processes_of_it = WORKERS[name]
        command = [sys.executable, "-m", "celery", "-A", "portal", "--quiet"]
        command += [*listening((NOBODY,), processes_of_it), "-n", self.names[name]]
        command += ["--include", "tests.hearing", "--loglevel", "WARNING"]
        command += ["--without-mingle", "--without-heartbeat"]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "TILGANG_TEST_DATABASE": connection.settings_dict["NAME"],
            "PYTHONWARNINGS": "ignore",
        }
        with self.log(name).open("ab") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.processes[name] = process
        processes.remember(Path(settings.SCRATCH) / "pids", f"worker-{name}", process)

    def _ask(self, question: Callable[..., Any], **options: Any) -> list[Any]:
        """The answers of all, or none while one is missing."""
        everybody = list(self.names.values())
        answers = question(destination=everybody, timeout=1.0, limit=len(everybody), **options)
        return answers if answers and len(answers) == len(everybody) else []

    def _told(self, command: str) -> list[Any]:
        deadline = time.monotonic() + 60
        ask = partial(app.control.broadcast, command, reply=True)
        while not (answers := self._ask(ask)):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the workers do not answer:\n{self.last_words()}")
        return answers

    def _alive(self, name: str) -> bool:
        process = self.processes.get(name)
        return process is not None and process.poll() is None

    def alive(self) -> bool:
        """Whether all run."""
        return all(self._alive(name) for name in WORKERS)

    def begin(self) -> None:
        """From now on they take messages; those from before are gone."""
        if not self.alive():
            self.start()
        purge()
        self._told("tests_listen")

    def rest(self) -> None:
        """They take no further messages; returns when nothing is being done any more."""
        if not self.alive():
            return
        self._told("tests_rest")
        deadline = time.monotonic() + 60
        while self._has_work():
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the workers do not come to rest:\n{self.last_words()}")
        purge()

    def _has_work(self) -> bool:
        busy = any(work for answer in self._told("tests_busy") for work in answer.values())
        return bool(busy)

    def kill(self, name: str | None = None) -> None:
        """As if the machine had lost its power: no farewell, with a task in hand or not."""
        for one, process in self.processes.items():
            if name in (None, one):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def stop(self) -> None:
        """Ends them at the end of the run."""
        for process in self.processes.values():
            process.terminate()  # all at once: each takes its time
        for process in self.processes.values():
            processes.end(process)

    def last_words(self) -> str:
        """The end of their logs."""
        logs = [self.log(name) for name in WORKERS]
        return "\n".join(log.read_text(errors="replace")[-3000:] for log in logs if log.exists())


class Worker:
    """What a test gets: the workers are at work, and look twice a second for what is due."""

    def __init__(self, process: WorkerProcess) -> None:
        self._process = process
        self._pause = threading.Event()

    def __enter__(self) -> "Worker":
        self._process.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.rest()

    def wait(self, until: Callable[[], Any] | None = None, seconds: float = 30) -> Any:
        """Waits until `until()` is true and returns its answer; without it, until everything that
        was due is done. Raises AssertionError, with what is left and what the worker said."""
        deadline = time.monotonic() + seconds
        while not (answer := (until or self.settled)()):
            if time.monotonic() > deadline or OutboxEntry.objects.filter(dead_at__isnull=False):
                raise AssertionError(f"not within {seconds} s.\n{self._state()}")
            self._pause.wait(0.05)
        return answer

    @staticmethod
    def settled() -> bool:
        """Whether nothing is due, and nothing that failed waits for its next try."""
        open_ones = OutboxEntry.objects.filter(done_at__isnull=True)
        return not open_ones.filter(Q(attempts__gt=0) | Q(due_at__lte=clock.now())).exists()

    def _state(self) -> str:
        left = OutboxEntry.objects.filter(done_at__isnull=True)
        lines = [f"{e.kind} tries={e.attempts} due={e.due_at} {e.last_error}" for e in left[:20]]
        return "\n".join(["left in the outbox:", *lines, "worker:", self._process.last_words()])

    @staticmethod
    def let_leases_pass() -> None:
        """As if a minute had gone by: what a killed worker had in hand is anybody's again."""
        OutboxEntry.objects.filter(done_at__isnull=True).update(lease_until=None)

    def log(self) -> str:
        """All that the workers wrote into their logs, in this run."""
        logs = (self._process.log(name) for name in WORKERS)
        return "\n".join(log.read_text(errors="replace") for log in logs if log.exists())

    def kill(self, name: str | None = None) -> None:
        """kill -9 to the workers (or one of them) and their pools; `start()` makes new ones."""
        self._process.kill(name)

    def start(self) -> None:
        """A worker again, after `kill()`."""
        self._process.begin()
