"""An installation as production has it: three roles of the database, and servers that answer."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings

from portal.events import roles
from tests import template

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Installation:
    """A database with its three roles; `administrator` is a superuser."""

    name: str
    host: str
    administrator: str
    roles: roles.Roles

    def address(self, role: str) -> str:
        """DATABASE_URL of one role."""
        return f"postgresql://{role}@/{self.name}?host={quote(self.host, safe='')}"

    def run(self, role: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, in a process of its own that is connected as `role`."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": self.address(role),
            **more,
        }
        return subprocess.run(
            [sys.executable, "-W", "ignore", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, role: str, *statements: str) -> list[tuple]:
        """What the database answers `role` to the last statement. Raises psycopg2.Error."""
        asking = psycopg2.connect(host=self.host, user=role, dbname=self.name)
        asking.autocommit = True
        try:
            with asking.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            asking.close()

    def roles_command(self, role: str) -> str:
        """`manage.py database_roles` as `role`: what it says."""
        named = [f"--{part}={getattr(self.roles, part)}" for part in ("owner", "app", "worker")]
        done = self.run(role, "manage.py", "database_roles", *named)
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def installation(django_db_setup: None) -> Iterator[Installation]:
    """Made as docs/operations.md says: roles by the administrator, rights by the owner."""
    server = settings.DATABASES["default"]
    name = f"tilgang_roles_{os.getpid()}"
    chosen = roles.Roles(*(f"{name}_{part}" for part in ("owner", "app", "worker")))
    made = Installation(name, server["HOST"], server["USER"], chosen)
    asking = psycopg2.connect(host=made.host, user=made.administrator, dbname="postgres")
    asking.autocommit = True
    with asking.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        # What migrations come to, as in every test; it belongs to the administrator as yet.
        kept = str(template.kept())
        if not template._run("pg_restore", "--no-owner", "--exit-on-error", "-d", name, kept):
            done = made.run(made.administrator, "manage.py", "migrate", "-v", "0")
            assert done.returncode == 0, done.stderr
        yield made
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        for role in (chosen.owner, chosen.app, chosen.worker):
            cursor.execute(f"DROP ROLE IF EXISTS {role}")
    asking.close()


@pytest.fixture(scope="session")
def with_roles(installation: Installation) -> Installation:
    """The installation after its first start: both calls of the command are done."""
    told = installation.roles_command(installation.administrator)
    assert "roles made" in told, told
    told = installation.roles_command(installation.roles.owner)
    assert told == "rights given to the roles of app and worker\n", told
    return installation
