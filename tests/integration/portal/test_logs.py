"""What somebody wrote stands in no log: neither in the web server's, nor the worker's, nor in that
of the database, even when the database itself repeats it in an error."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from applications.models import Note
from portal.celery import app
from portal.events.models import OutboxEntry
from portal.events.outbox import queue
from tests.integration.applications.conftest import made
from tests.people import sign_in

CANARY = "01019912345"
ROOT = Path(__file__).resolve().parents[3]
REFUSE = """
CREATE FUNCTION refuse_loudly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'not %', NEW USING DETAIL = NEW::text, ERRCODE = 'check_violation'; END $$
"""


@pytest.fixture
def loud(transactional_db):
    """A world in which the database refuses a note and says all that stood in it."""
    world = made()
    case = world.submitted()
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
        cursor.execute(
            "CREATE TRIGGER loud BEFORE INSERT ON applications_note"
            " FOR EACH ROW EXECUTE FUNCTION refuse_loudly()"
        )
    yield world, case
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER loud ON applications_note")
        cursor.execute("DROP FUNCTION refuse_loudly()")


def database_log() -> str:
    return Path(settings.SCRATCH, "postgres", "postgres.log").read_text(errors="replace")


@pytest.fixture
def web(tmp_path):
    """gunicorn as in production, on the test's database: (address, what its log says)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "TILGANG_TEST_DATABASE": connection.settings_dict["NAME"],
        "WEB_CONCURRENCY": "1",
        "PYTHONWARNINGS": "ignore",
    }
    log = tmp_path / "web.log"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "-b", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5)
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", lambda: log.read_text(errors="replace")
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_an_error_over_what_was_typed_leaves_it_in_no_log(loud, web, worker):
    world, case = loud
    address, web_log = web
    client = sign_in(Client(), world["case_officer"])
    place = f"/cases/SSB/{case.pk}/note/"
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    token = "a" * 32
    asked = urllib.request.Request(
        f"{address}{place}?{CANARY}",
        data=f"body={CANARY}&csrfmiddlewaretoken={token}".encode(),
        headers={"Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}"},
    )
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(asked, timeout=60)
    assert answer.value.code == 500
    assert CANARY not in answer.value.read().decode()
    assert not Note.objects.exists()
    # The worker: an effect that cannot be carried out, and a task that is not told of.
    with transaction.atomic():
        queue("mail.send", {"to": [CANARY]}, f"loud:{CANARY}")
    worker.wait(lambda: OutboxEntry.objects.filter(attempts__gt=0, kind="mail.send").exists())
    app.send_task("portal.events.tasks.run_entry", args=[f"x{CANARY}"])
    app.send_task("portal.no.such.task", args=[CANARY], kwargs={CANARY: CANARY})
    worker.wait(lambda: "run_entry" in worker.log() and "unregistered" in worker.log())
    logs = {"web": web_log(), "worker": worker.log(), "database": database_log()}
    assert "500 POST /cases/<str:agency>/<uuid:pk>/note/" in logs["web"]
    assert "applications/" in logs["web"], "where in our code"
    assert [name for name, text in logs.items() if CANARY in text] == []
