"""Starts the whole portal on this machine: database, broker, web, worker, beat.

Each child has a session of its own. At Ctrl-C, TERM or when any child dies, TERM goes to each main
process in the order beat, web, worker, then broker and database: signalling whole groups would kill
Celery's pool with tasks in hand (stack.md).
"""

import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.local.servers import Broker, Postgres, ServerFailed

LEAST_FREE = 300 * 1024 * 1024
SECONDS_TO_END = 15


class Command(BaseCommand):
    """`manage.py demo`; RESET=1 in the environment starts afresh, PORT chooses the port."""

    help = "Starts database, broker, web, worker and beat on this machine."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo runs with portal.settings.demo only")
        home: Path = settings.HOME
        home.mkdir(parents=True, exist_ok=True)
        self.lock = self._only_one(home)
        if os.environ.get("RESET") == "1":
            self._reset(home)
        if shutil.disk_usage(home).free < LEAST_FREE:
            raise CommandError(f"the disk is nearly full: {home} needs 300 MB")
        self._port_is_free(int(settings.PORT))
        self.children: list[tuple[str, subprocess.Popen]] = []
        self.postgres = Postgres(home / "postgres")
        self.broker = Broker(home / "broker")
        self.ending = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ending.set())
        failed = ""
        try:
            self._start()
            failed = self._watch()
        except (ServerFailed, subprocess.CalledProcessError, OSError) as trouble:
            failed = self._in_words(trouble)
        finally:
            self._end()
        if failed:
            raise CommandError(failed)

    # -- before --------------------------------------------------------------------------------
    def _only_one(self, home: Path) -> IO[str]:
        lock = (home / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError("a demo is running here already: end it with Ctrl-C first") from None
        return lock

    def _reset(self, home: Path) -> None:
        for path in home.iterdir():
            if path.name != "lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        # The key that settings read at their start went with the rest: keep what is in use.
        (home / "secret-key").write_text(settings.SECRET_KEY)
        (home / "secret-key").chmod(0o600)

    def _port_is_free(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CommandError(
                    f"port {port} is in use: choose another with 'make demo PORT=8010'"
                ) from None

    # -- start ---------------------------------------------------------------------------------
    def _start(self) -> None:
        began = time.monotonic()
        self._recover(settings.HOME)
        if "DATABASE_URL" not in os.environ:
            self.postgres.start()
            self.postgres.create_database("tilgang")
        if "REDIS_URL" not in os.environ:
            self.broker.start()
        call_command("migrate", verbosity=0, interactive=False)
        if self.ending.is_set():
            return
        self._data()
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "portal", "--quiet"]
        bind = f"127.0.0.1:{settings.PORT}"
        self._child("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"])
        beat = str(settings.HOME / "beat-schedule")
        self._child("beat", [*celery, "beat", "--schedule", beat, "--loglevel", "WARNING"])
        web = ["gunicorn", "portal.wsgi:application", "--bind", bind, "--workers", "2"]
        self._child("web", [python, "-m", *web, "--threads", "4", "--log-level", "warning"])
        self._await_web(bind)
        self._say(f"started in {time.monotonic() - began:.0f} s")
        self._say(f"open http://localhost:{settings.PORT}/demo/people/ and choose a person")
        from portal.local.demo_people import PEOPLE

        for person in PEOPLE:
            self._say(f"  {person.name:<22} {person.part}")
        self._say("Ctrl-C ends everything; what you enter is kept (RESET=1 starts afresh)")

    def _recover(self, home: Path) -> None:
        """After a kill -9 of this process its children may live on: end them by their pid files."""
        pids = home / "pids"
        if pids.exists():
            for line in pids.read_text().splitlines():
                name, pid = line.split()
                _end_leftover(int(pid), name)
            pids.unlink()
        postmaster = home / "postgres" / "data" / "postmaster.pid"
        if postmaster.exists():
            _end_leftover(int(postmaster.read_text().splitlines()[0]), "postgres")

    def _data(self) -> None:
        from portal.accounts.models import User

        if not User.objects.exists():
            self._say("first start: making the demo's data, about a minute")
            call_command("demo_data")

    def _child(self, name: str, command: list[str]) -> None:
        if self.ending.is_set():
            return
        log = (settings.HOME / f"{name}.log").open("ab")
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.children.append((name, process))
        lines = "".join(f"{name} {p.pid}\n" for name, p in self.children)
        (settings.HOME / "pids").write_text(lines)

    def _await_web(self, bind: str) -> None:
        host, port = bind.split(":")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not self.ending.is_set():
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
            except OSError:
                if self._dead():
                    return
                time.sleep(0.1)
            else:
                return

    # -- while it runs -------------------------------------------------------------------------
    def _dead(self) -> str:
        servers = [("database", self.postgres.process), ("broker", self.broker.process)]
        for name, process in [*self.children, *servers]:
            if process is not None and process.poll() is not None:
                return f"{name} ended (code {process.returncode}): see {settings.HOME}"
        return ""

    def _watch(self) -> str:
        while not self.ending.wait(0.5):
            if dead := self._dead():
                return dead
        return ""

    def _end(self) -> None:
        by_name = dict(self.children)
        for name in ("beat", "web", "worker"):
            process = by_name.get(name)
            if process is None:
                continue
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.broker.stop()
        self.postgres.stop()
        (settings.HOME / "pids").unlink(missing_ok=True)

    def _in_words(self, trouble: Exception) -> str:
        if isinstance(trouble, OSError) and trouble.errno == errno.ENOSPC:
            return "the disk is full"
        return str(trouble)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _end_leftover(pid: int, name: str) -> None:
    """Ends a process that an earlier demo left, when it is still the one we started."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return
    words = {"worker": b"celery", "beat": b"celery", "web": b"gunicorn", "postgres": b"postgres"}
    if words.get(name, b"?") not in command:
        return
    os.kill(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
