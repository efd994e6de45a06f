"""The portal runs as a role that owns nothing and can switch nothing off; it works all the same."""

import psycopg2
import pytest
from django.db import connection

from portal.events import roles

pytestmark = pytest.mark.django_db
REFUSED = "42501"  # insufficient_privilege
WORKS = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
from portal.accounts.models import User
assert Client().get("/").status_code == 200
user = User.objects.create_user("kari@example.no", name="Kari")
call_command("grant_role", user.email, "SSB", "case_officer")
assert Client().get("/catalogue/SSB/", follow=True).status_code in (200, 404)
call_command("verify_events")
"""
SIGNS = """
import django; django.setup()
from portal.events.checkpoints import make_checkpoint
from portal.events.log import record
from django.db import transaction
with transaction.atomic():
    record("roles:1", "role.worked", "system:test", {})
print("number", make_checkpoint().number)
"""


@pytest.mark.parametrize("part", ["app", "worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET actor = 'somebody'",
        "DELETE FROM events_event",
        "TRUNCATE events_event CASCADE",
        "UPDATE events_checkpoint SET hash = ''",
        "DELETE FROM applications_severitychange",
        "DELETE FROM django_migrations",
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "ALTER TABLE applications_application DISABLE TRIGGER ALL",
        "DROP TABLE events_event",
        "DROP TRIGGER append_only ON events_event",
        "ALTER TABLE decisions_decision DROP COLUMN content",
        "CREATE TABLE mine (what text)",
        "SET session_replication_role = replica",
        "SET log_min_error_statement = error",
    ],
)
def test_what_the_running_portal_cannot_do(with_roles, part, statement) -> None:
    with pytest.raises(psycopg2.Error) as refusal:
        with_roles.ask(getattr(with_roles.roles, part), statement)
    assert refusal.value.pgcode == REFUSED


def test_neither_becomes_the_owner_and_only_the_worker_signs(with_roles) -> None:
    owner, app, worker = (getattr(with_roles.roles, p) for p in ("owner", "app", "worker"))
    for role in (app, worker):
        with pytest.raises(psycopg2.Error) as refusal:
            with_roles.ask(role, f"SET ROLE {owner}")
        assert refusal.value.pgcode == REFUSED
    with pytest.raises(psycopg2.Error, match="permission denied for table events_checkpoint"):
        with_roles.ask(app, "INSERT INTO events_checkpoint (number) VALUES (1)")
    done = with_roles.run(worker, "-c", SIGNS)
    assert done.stdout.startswith("number "), done.stderr


def test_the_portal_works_as_the_app(with_roles) -> None:
    done = with_roles.run(with_roles.roles.app, "-c", WORKS)
    assert done.returncode == 0, done.stderr


def test_the_owner_migrates_and_what_it_makes_is_the_apps_to_use(with_roles) -> None:
    owner, app = with_roles.roles.owner, with_roles.roles.app
    done = with_roles.run(owner, "manage.py", "migrate", "--check")
    assert done.returncode == 0, done.stderr
    with_roles.ask(owner, "CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, what text)")
    told = with_roles.ask(app, "INSERT INTO later (what) VALUES ('a') RETURNING id, what")
    assert told == [(1, "a")]
    with_roles.ask(owner, "DROP TABLE later")


def test_values_of_what_fails_stay_out_of_the_databases_log(with_roles) -> None:
    for part in ("owner", "app", "worker"):
        role = getattr(with_roles.roles, part)
        assert with_roles.ask(role, "SHOW log_min_error_statement") == [("panic",)]


def test_only_administrator_and_owner_give_rights(with_roles) -> None:
    told = with_roles.roles_command(with_roles.roles.app)
    assert "connect as an administrator of the database" in told
    assert "Traceback" not in told


def test_the_command_may_be_run_again_and_passwords_are_set_but_not_said(with_roles) -> None:
    told = with_roles.run(
        with_roles.administrator,
        "manage.py",
        "database_roles",
        *(f"--{part}={getattr(with_roles.roles, part)}" for part in ("owner", "app", "worker")),
        DATABASE_APP_PASSWORD="correct horse",
    )
    assert told.returncode == 0, told.stderr
    assert "correct horse" not in told.stdout + told.stderr
    hashed = (
        f"SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = '{with_roles.roles.app}'"
    )
    assert with_roles.ask(with_roles.administrator, hashed) == [(True,)]


def test_what_is_too_much_is_told() -> None:
    """The tests themselves run as a superuser."""
    told = roles.too_much()
    assert "is a superuser" in told
    assert any("can disable triggers" in what for what in told)
    assert "can change what was written to events_event" in told
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_error_statement = error")
        assert roles.writes_values_to_the_log()
