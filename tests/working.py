"""A real Celery worker for tests: the fixture `worker` of tests/conftest.py.

One process for the whole run, on the test's database and broker. It takes messages only while a
test that asked for it runs, and is idle before the database is emptied.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from portal import clock
from portal.celery import app
from portal.events.models import OutboxEntry
from portal.local import processes

QUEUE = "celery"
NOBODY = "nobody-writes-here"
ROOT = Path(__file__).resolve().parents[1]


class WorkerProcess:
    """The process. `begin()` and `rest()` open and close its ears; `kill()` is a kill -9."""

    def __init__(self) -> None:
        self.name = f"test-{os.getpid()}@localhost"
        self.log = Path(settings.SCRATCH) / f"worker-{os.getpid()}.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Starts it, deaf for now. Returns once it answers."""
        command = [sys.executable, "-m", "celery", "-A", "portal", "--quiet", "worker"]
        command += ["--concurrency", "2", "-n", self.name, "-Q", NOBODY, "--loglevel", "WARNING"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "TILGANG_TEST_DATABASE": connection.settings_dict["NAME"],
            "PYTHONWARNINGS": "ignore",
        }
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        processes.remember(Path(settings.SCRATCH) / "pids", "worker", self.process)
        deadline = time.monotonic() + 60
        while not self._ask(app.control.ping):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the worker did not start:\n{self.last_words()}")

    def _ask(self, question: Callable[..., Any], *args: Any, **options: Any) -> list[Any]:
        options |= {"destination": [self.name], "timeout": 0.5, "limit": 1}
        return question(*args, reply=True, **options) if args else question(**options)

    def _told(self, question: Callable[..., Any]) -> None:
        deadline = time.monotonic() + 30
        while not self._ask(question, QUEUE):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the worker does not answer:\n{self.last_words()}")

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def begin(self) -> None:
        """From now on it takes messages; those from before are gone."""
        if not self.alive():
            self.start()
        app.control.purge()
        self._told(app.control.add_consumer)

    def rest(self) -> None:
        """Takes no further messages; returns when nothing is being done any more."""
        if not self.alive():
            return
        self._told(app.control.cancel_consumer)
        deadline = time.monotonic() + 60
        while self._has_work():
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the worker does not come to rest:\n{self.last_words()}")
        app.control.purge()

    def _has_work(self) -> bool:
        inspect = app.control.inspect([self.name], timeout=0.5, limit=1)
        answers = (inspect.active(), inspect.reserved())
        return any(answer is None or any(answer.values()) for answer in answers)

    def kill(self) -> None:
        """As if the machine had lost its power: no farewell, with a task in hand or not."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ends it at the end of the run."""
        if self.process is not None:
            processes.end(self.process)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""


class Worker:
    """What a test gets: the worker is at work, and beat's relay message comes twice a second."""

    def __init__(self, process: WorkerProcess) -> None:
        self._process = process
        self._done = threading.Event()
        self._beat = threading.Thread(target=self._relay, daemon=True)

    def _relay(self) -> None:
        while not self._done.wait(0.5):
            app.send_task("portal.events.tasks.relay", expires=2, ignore_result=True)

    def __enter__(self) -> "Worker":
        self._process.begin()
        self._beat.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._beat.join()
        self._process.rest()

    def wait(self, until: Callable[[], Any] | None = None, seconds: float = 30) -> Any:
        """Waits until `until()` is true and returns its answer; without it, until everything that
        was due is done. Raises AssertionError, with what is left and what the worker said."""
        deadline = time.monotonic() + seconds
        while not (answer := (until or self.settled)()):
            if time.monotonic() > deadline or OutboxEntry.objects.filter(dead_at__isnull=False):
                raise AssertionError(f"not within {seconds} s.\n{self._state()}")
            self._done.wait(0.05)
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

    def kill(self) -> None:
        """kill -9 to the worker and its pool; `start()` makes a new one."""
        self._process.kill()

    def start(self) -> None:
        """A worker again, after `kill()`."""
        self._process.begin()
