"""Real servers for the tests: one PostgreSQL and one broker a run, a database per worker of xdist.

A plugin (`-p tests.servers`) and no conftest: it must run before Django reads its settings.
DATABASE_URL and REDIS_URL, when set, name servers that are there already.
"""

import atexit
import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from decisions.letters.authority import demo_authority
from portal.local import processes
from portal.local.servers import Broker, Postgres, scratch_dir
from tests import template

PREFIX = "tilgang-test-"
AUTHORITY = Path(__file__).resolve().parents[1] / "var" / "test-authority"  # of settings.test
_held: list[IO[str]] = []  # locks of this run, as long as it lives


def _sweep() -> None:
    """Ends the servers of runs that were killed before they could do it themselves."""
    for scratch in Path("/tmp").glob(f"{PREFIX}*"):
        with suppress(OSError), (scratch / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            processes.end_remembered(scratch / "pids")
            shutil.rmtree(scratch, ignore_errors=True)


def _start() -> None:
    """Starts what the environment does not name, and tells the settings of the tests."""
    scratch = scratch_dir(PREFIX)
    lock = (scratch / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)
    os.environ["TILGANG_TEST_SCRATCH"] = str(scratch)
    servers: list[Postgres | Broker] = []

    def end() -> None:
        for server in reversed(servers):
            server.stop()
        shutil.rmtree(scratch, ignore_errors=True)

    atexit.register(end)
    demo_authority(AUTHORITY)
    if "DATABASE_URL" not in os.environ:
        postgres = Postgres(scratch / "postgres", fast=True)
        servers.append(postgres)
        postgres.start()
        processes.remember(scratch / "pids", "postgres", postgres.process)
        postgres.create_database("tilgang")
        template.offer(postgres)
    if "REDIS_URL" not in os.environ:
        broker = Broker(scratch / "broker")
        servers.append(broker)
        broker.start()
        processes.remember(scratch / "pids", "broker", broker.process)
        os.environ["REDIS_URL"] = broker.url


def _own_queue() -> None:
    """A worker of xdist has a queue of its own in the broker, as it has a database of its own."""
    number = 1 + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    address = os.environ["REDIS_URL"]
    if address.startswith("redis+socket:"):
        os.environ["REDIS_URL"] = f"{address}?virtual_host={number}"
    else:
        os.environ["REDIS_URL"] = f"{address.rstrip('/')}/{number}"


if "TILGANG_TEST_SCRATCH" not in os.environ:
    _sweep()
    _start()
elif "PYTEST_XDIST_WORKER" in os.environ:
    _own_queue()
