"""The whole portal on one machine: database, broker, web, worker and beat as children of ours.

Each child has a session of its own. At Ctrl-C, TERM or when any child dies, TERM goes to each main
process in the order beat, web, worker, then to broker and database. Who is killed with -9 leaves
its children behind: the next start ends them first (portal.local.processes).
"""

import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from portal.events.lanes import WORKERS, listening
from portal.local import processes
from portal.local.servers import FULL, Broker, Postgres, ServerFailed, place

if TYPE_CHECKING:
    from portal.local import filling

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
TO_START, TO_RUN = 300 * MEGABYTE, 50 * MEGABYTE  # what must be free on the disk
SECONDS_FOR_WEB = 180
ORDER = (
    "demo_data",
    "beat",
    "web",
    *(f"worker-{name}" for name in WORKERS),
)  # in which children are ended
KEPT = ("lock", "secret-key")  # what a fresh start leaves: both are in use already


class DemoFailed(Exception):
    """The demo cannot start or go on; the message says in one line why."""


def free(home: Path) -> int:
    """Free bytes on the disk of `home`."""
    return shutil.disk_usage(home).free


class Demo:
    """One demo in `home`. `prepare()`, then `run()` until it is ended."""

    def __init__(
        self, home: Path, port: int, say: Callable[[str], None], empty: bool = False
    ) -> None:
        """`say` tells a person one line; `empty`: a new database gets no invented data."""
        self.home, self.port, self.say, self.empty = home, port, say, empty
        self.postgres = Postgres(home / "postgres")
        self.broker = Broker(home / "broker")
        self.children: dict[str, subprocess.Popen] = {}
        self.ending = threading.Event()
        self.lock: IO[str] | None = None

    # -- Before anything starts ----------------------------------------------------------------
    def prepare(self, afresh: bool = False) -> None:
        """Makes sure that we are alone, that there is room and a port; `afresh` forgets all that
        was entered. Raises DemoFailed."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self.lock = (self.home / "lock").open("w")
        except OSError as trouble:
            raise DemoFailed(in_words(trouble)) from None
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoFailed("a demo is running here already: end it with Ctrl-C first") from None
        if processes.end_remembered(self.home / "pids"):
            self.say("ended what a demo that was killed had left behind")
        self._port_is_free()
        if afresh:
            self._forget()
        left = free(self.home)
        if left < TO_START:
            raise DemoFailed(f"{FULL}: {left // MEGABYTE} MB are free, 300 MB are needed")

    def _port_is_free(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except PermissionError:
                raise DemoFailed(f"port {self.port} is not for everybody: choose another") from None
            except (OSError, OverflowError):
                other = 8010 if self.port != 8010 else 8020
                raise DemoFailed(
                    f"port {self.port} is in use: choose another with 'make demo PORT={other}'"
                ) from None

    def _forget(self) -> None:
        if "DATABASE_URL" in os.environ:
            raise DemoFailed("RESET cannot empty the database of DATABASE_URL: empty it yourself")
        elsewhere = place(self.home / "postgres"), place(self.home / "broker")
        for path in (*self.home.iterdir(), *elsewhere):
            if path.name in KEPT or not path.exists():
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    # -- While it runs -------------------------------------------------------------------------
    def run(self) -> None:
        """Starts everything and stays until it is ended: by a signal, or by a child that dies.
        Nothing is left running. Raises DemoFailed."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ending.set())
        failed = ""
        try:
            self._start()
            failed = self._watch()
        except (DemoFailed, ServerFailed, OSError, subprocess.SubprocessError) as trouble:
            failed = in_words(trouble)
        finally:
            if self.ending.is_set():
                with suppress(OSError):  # the terminal may be gone
                    self.say("ending everything: this may take some seconds")
            self.end()
        if failed:
            raise DemoFailed(failed)

    def _start(self) -> None:
        began = time.monotonic()
        if "REDIS_URL" not in os.environ:
            self.broker.start()
            self._note("broker", self.broker.process)
        begun = self._start_database()
        self._migrate()
        self._keys()
        if self.empty or (begun is None and self._has_people()):
            (self.home / "filled").touch()
        elif not (self.home / "filled").exists():
            self._fill()
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "portal", "--quiet"]
        beat = ["beat", "--schedule", str(self.home / "beat-schedule")]
        for name, (lanes, count) in WORKERS.items():
            worker = [*listening(lanes, count), "--without-mingle", "-n", f"{name}@%h"]
            self.child(f"worker-{name}", [*celery, *worker, "--loglevel", "WARNING"])
        self.child("beat", [*celery, *beat, "--loglevel", "WARNING"])
        bind = f"127.0.0.1:{self.port}"
        self.child("web", [python, "-m", "gunicorn", "-c", "python:portal.gunicorn", "-b", bind])
        self._await_web()
        if not self.ending.is_set():
            self._tell(time.monotonic() - began)

    def _progress(self) -> "filling.Progress | None":
        """How far the demo's data is; None before it can be looked at."""
        from portal.local import filling

        found = filling.read(self.home / "demo-data.json")
        return found if found and found.opened else None

    def _start_database(self) -> "filling.Progress | None":
        """Starts the database. Returns how far its data is, None when there is none yet."""
        filled, begun = (self.home / "filled").exists(), self._progress()
        if "DATABASE_URL" in os.environ:
            return begun
        self.postgres.start()
        self._note("postgres", self.postgres.process)
        if not filled and begun is None:
            # What a first start left that was interrupted half-way is of no use to anybody.
            self.postgres.create_database("tilgang", afresh=True)
            for name in ("media", "mail"):
                shutil.rmtree(self.home / name, ignore_errors=True)
            (self.home / "demo-data.json").unlink(missing_ok=True)
        return begun

    def _migrate(self) -> None:
        from django.core.management import call_command
        from django.db import DatabaseError, connections

        if self.ending.is_set():
            return
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as trouble:
            if "No space left" in str(trouble):
                raise DemoFailed(FULL) from None
            raise DemoFailed(
                f"the database cannot be brought up to date ({type(trouble).__name__}):"
                " start afresh with RESET=1"
            ) from trouble
        finally:
            connections.close_all()

    def _has_people(self) -> bool:
        """Whether a database of somebody else's (DATABASE_URL) is in use already."""
        from portal.accounts.models import User

        return "DATABASE_URL" in os.environ and User.objects.exists()

    def _keys(self) -> None:
        """Makes what the demo signs with, unless something was signed with what is gone."""
        from django.db import connections

        from portal.local import signing_keys

        if self.ending.is_set():
            return
        try:
            signing_keys.ensure()
        except signing_keys.KeysGone as gone:
            raise DemoFailed(str(gone)) from None
        finally:
            connections.close_all()

    def _fill(self) -> None:
        """In a process of its own: it needs much memory, and can be ended half-way. Returns when
        the first page can be opened; the rest is made meanwhile."""
        self.child("demo_data", [sys.executable, "manage.py", "demo_data"])
        process = self.children.get("demo_data")
        if process is not None and self._progress() is None:
            self.say("making the demo's people and first cases")
        while process is not None and process.poll() is None and self._progress() is None:
            if self.ending.wait(0.1):
                return
            self._enough_room()
        if process is not None and process.returncode:
            raise DemoFailed(f"the demo's data could not be made: see {self._log('demo_data')}")

    def _filled(self) -> None:
        """When the process that makes the demo's data has ended, says how."""
        process = self.children.get("demo_data")
        if process is None or (code := process.poll()) is None:
            return
        self.children.pop("demo_data")
        if code:
            self.say(f"not all cases could be made: see {self._log('demo_data')}")
            self.say("what is there works; the next start makes the rest")
        else:
            (self.home / "filled").touch()
            self.say("all cases of the demo are there now")

    def child(self, name: str, command: list[str]) -> None:
        """Starts one child, which writes to a log of its own; the log before it is kept too."""
        if self.ending.is_set():
            return
        log = self._log(name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
        with log.open("wb") as out:
            self.children[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._note(name, self.children[name])

    def _note(self, name: str, process: subprocess.Popen | None) -> None:
        if process is not None:
            processes.remember(self.home / "pids", name, process)

    def _log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def _await_web(self) -> None:
        """Waits until every part answers."""
        deadline = time.monotonic() + SECONDS_FOR_WEB
        while not self.ending.wait(0.1):
            self._filled()
            if dead := self.dead():
                raise DemoFailed(dead)
            answer = _ready(self.port)
            if answer == {}:
                return
            if time.monotonic() > deadline:
                raise DemoFailed(f"the web server does not get ready ({answer or 'no answer'})")

    def _tell(self, seconds: float) -> None:
        from portal.local.demo_people import EVERYBODY

        self.say(f"started in {seconds:.0f} s")
        self.say(f"open http://localhost:{self.port}/demo/people/ and choose a person:")
        for person in EVERYBODY:
            self.say(f"  {person.name:<22} {person.part}")
        if "demo_data" in self.children:
            self.say("more cases are being made; the page says how far that is")
        self.say("Ctrl-C ends everything; what you enter is kept (RESET=1 starts afresh)")

    def dead(self) -> str:
        """Which child has ended, and how; empty when all live."""
        logs = {name: self._log(name) for name in self.children}
        logs |= {
            "database": self.postgres.home / "postgres.log",
            "broker": self.broker.home / "broker.log",
        }
        servers = {"database": self.postgres.process, "broker": self.broker.process}
        for name, process in (self.children | servers).items():
            if process is not None and (code := process.poll()) is not None:
                if _tells_of_a_full_disk(logs[name]) or free(self.home) < TO_RUN:
                    return f"{FULL}: {name} ended"
                how = f"was killed (signal {-code})" if code < 0 else f"ended with code {code}"
                return f"{name} {how}, so everything was ended: see {logs[name]}"
        return ""

    def _enough_room(self) -> None:
        left = free(self.home)
        if left < TO_RUN:
            raise DemoFailed(f"{FULL}: {left // MEGABYTE} MB are free, so everything was ended")

    def _watch(self) -> str:
        while not self.ending.wait(0.5):
            self._filled()
            if dead := self.dead():
                return dead
            self._enough_room()
        return ""

    def end(self) -> None:
        """Ends every child, one after the other, with all that they started."""
        for name in ORDER:
            if process := self.children.get(name):
                processes.end(process)
        self.broker.stop()
        self.postgres.stop()
        (self.home / "pids").unlink(missing_ok=True)


def in_words(trouble: Exception) -> str:
    """One line for a person."""
    if isinstance(trouble, OSError) and trouble.errno == errno.ENOSPC:
        return FULL
    if isinstance(trouble, OSError) and trouble.filename:
        return f"{trouble.filename}: {trouble.strerror}"
    return str(trouble)


def _tells_of_a_full_disk(log: Path) -> bool:
    try:
        return b"No space left on device" in log.read_bytes()[-20_000:]
    except OSError:
        return False


def _ready(port: int) -> dict[str, Any]:
    """The parts that are not ready, by name; nothing is missing when it is empty."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
            return {}
    except urllib.error.HTTPError as answer:
        try:
            parts = json.load(answer)
        except ValueError:
            return {"web": f"code {answer.code}"}
        return {name: state for name, state in parts.items() if state != "ok"}
    except OSError:
        return {"web": "no answer"}
