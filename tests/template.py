"""Migrating an empty database takes longer than most files of tests: what it comes to is kept.

The first run on a tree migrates as everywhere, and keeps a dump under `var/`; the next ones make
their databases from it. The dump's name is a digest of everything that migrating reads, so an
edited migration or another Django migrates anew; Django applies besides what a template lacks.
"""

import hashlib
import os
import subprocess
from pathlib import Path

from portal.local.servers import Postgres, postgres_bin

ROOT = Path(__file__).resolve().parents[1]
NAME = "tilgang_template"


def kept() -> Path:
    """Where the dump of this tree's migrations is, or will be."""
    read = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("portal/*/migrations/*.py"))
    read += [ROOT / "requirements.lock", *sorted(ROOT.glob("portal/settings/*.py"))]
    digest = hashlib.sha256()
    for path in read:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return ROOT / "var" / "test-schema" / f"{digest.hexdigest()[:32]}.dump"


def offer(server: Postgres) -> None:
    """Makes the template in a server that has just started, when there is a dump, and tells the
    settings its name. A dump that cannot be read is as good as none."""
    os.environ["TILGANG_TEST_PROGRAMS"] = str(postgres_bin(server.home, server.user))
    os.environ["TILGANG_TEST_SOCKET"] = str(server.socket)
    dump = kept()
    if not dump.exists():
        return
    server.create_database(NAME)
    if _run("pg_restore", "--no-owner", "--exit-on-error", "-d", NAME, str(dump)):
        os.environ["TILGANG_TEST_TEMPLATE"] = NAME
    else:
        dump.unlink(missing_ok=True)


def keep(database: str) -> None:
    """Keeps what migrating has come to in `database`, where nothing else was done yet; unless it
    is kept already, or the server is not ours. Dumps of earlier migrations go."""
    dump = kept()
    if dump.exists() or "TILGANG_TEST_PROGRAMS" not in os.environ:
        return
    if not database.startswith("test_"):
        return  # no test of this run asked for the database, so nobody has migrated one
    dump.parent.mkdir(parents=True, exist_ok=True)
    begun = dump.with_suffix(f".{os.getpid()}")
    if not _run("pg_dump", "-Fc", "-f", str(begun), database):
        begun.unlink(missing_ok=True)
        return
    for old in dump.parent.glob("*.dump"):
        old.unlink(missing_ok=True)
    begun.replace(dump)


def _run(program: str, *arguments: str) -> bool:
    command = [f"{os.environ['TILGANG_TEST_PROGRAMS']}/{program}"]
    command += ["-h", os.environ["TILGANG_TEST_SOCKET"], "-U", "tilgang", *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
