"""`manage.py check --deploy` tries every server and every key, and tells all that is wrong."""

import os
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests import production
from tests.integration.decisions.test_verify_count import of_cache

pytestmark = pytest.mark.django_db
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
SECRET = "hunter2-hunter2"


class Store(BaseHTTPRequestHandler):
    """As much of an object store as the question for a bucket needs. It is made by PUT."""

    buckets: set[str]

    def do_HEAD(self) -> None:
        self.send_response(200 if self.path.strip("/") in self.buckets else 404)
        self.end_headers()

    def do_PUT(self) -> None:
        self.buckets.add(self.path.strip("/"))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Says nothing."""


class Scanner(socketserver.StreamRequestHandler):
    """As much of clamd as the question for its version needs."""

    def handle(self) -> None:
        self.request.recv(64)
        self.wfile.write(b"ClamAV 1.4.2/27000/Mon Nov 30 09:00:00 2026\0")


@pytest.fixture
def standing(with_roles, tmp_path) -> Iterator[dict[str, str]]:
    """Settings of an installation whose servers all answer."""

    class Buckets(Store):
        buckets: set[str] = set()

    with ExitStack() as stack:
        store = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Buckets))
        scanner = stack.enter_context(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner))
        for server in (store, scanner):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]  # the mail server takes no 0 for any port
        mail = Controller(Sink(), hostname="127.0.0.1", port=port)
        mail.start()
        stack.callback(mail.stop)
        yield production.environment(
            tmp_path,
            DATABASE_URL=with_roles.address(with_roles.roles.app),
            REDIS_URL=os.environ["REDIS_URL"],
            CACHE_URL=of_cache(),
            S3_ENDPOINT_URL=f"http://127.0.0.1:{store.server_address[1]}",
            CLAMD=f"127.0.0.1:{scanner.server_address[1]}",
            EMAIL_URL=f"smtp://127.0.0.1:{port}",
            HOME=str(tmp_path),
        )


def test_a_whole_installation_passes_and_its_bucket_is_made_once(with_roles, standing) -> None:
    app = with_roles.roles.app
    told = with_roles.run(app, *CHECK, **standing)
    assert (
        "S3_BUCKET: the bucket of the object store does not answer (there is no such" in told.stderr
    )
    assert told.stderr.count("portal.E") == 1, told.stderr
    for expected in ("bucket objects: made\n", "bucket objects: is there\n"):
        made = with_roles.run(app, "manage.py", "make_bucket", **standing)
        assert made.stdout == expected, made.stderr
    told = with_roles.run(app, *CHECK, **standing)
    assert told.returncode == 0, told.stderr


def test_as_owner_and_with_servers_that_are_away_everything_is_told(
    with_roles, standing, tmp_path
) -> None:
    lost = Path(standing["TILGANG_SIGNING"])
    lost.write_text(lost.read_text() + f'[decision.DST]\npkcs12 = "{lost}"\n')
    away = {
        "DATABASE_URL": with_roles.address(with_roles.roles.owner),
        "REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
        "S3_ENDPOINT_URL": "http://127.0.0.1:1",
        "S3_SECRET_KEY": SECRET,
        "CLAMD": str(tmp_path / "clamd.sock"),
        "EMAIL_URL": f"smtp://u:{SECRET}@127.0.0.1:1",
    }
    told = with_roles.run(with_roles.roles.owner, *CHECK, **(standing | away))
    assert told.returncode == 1
    named = set(re.findall(r"portal\.E1\) (\w+):", told.stderr))
    assert named == {"REDIS_URL", "S3_BUCKET", "CLAMD", "EMAIL_URL"}
    assert re.search(r"its role owns \d+ tables, .* it can disable triggers", told.stderr)
    assert "TILGANG_SIGNING: decision key of DST" in told.stderr
    assert SECRET not in told.stderr + told.stdout


def test_as_the_administrator_of_the_database_it_fails(with_roles, standing) -> None:
    address = with_roles.address(with_roles.administrator)
    made = with_roles.run(with_roles.roles.app, "manage.py", "make_bucket", **standing)
    assert made.returncode == 0, made.stderr
    told = with_roles.run(
        with_roles.administrator, *CHECK, **(standing | {"DATABASE_URL": address})
    )
    assert told.returncode == 1
    assert "its role is a superuser" in told.stderr


def test_the_web_passes_without_any_private_key(with_roles, standing, tmp_path) -> None:
    text = Path(standing["TILGANG_SIGNING"]).read_text()
    roots = tmp_path / "roots.toml"
    roots.write_text(text[: text.index('[decision."*"]')])
    web = {"TILGANG_PART": "web", "TILGANG_SIGNING": str(roots), "EVENTS_KEY_FILE": ""}
    for key in (tmp_path / "authority").glob("*.p12"):
        key.unlink()
    (tmp_path / "events.pem").unlink()
    app = with_roles.roles.app
    assert with_roles.run(app, "manage.py", "make_bucket", **(standing | web)).returncode == 0
    told = with_roles.run(app, *CHECK, **(standing | web))
    assert told.returncode == 0, told.stderr
    examined = with_roles.run(
        app,
        "-c",
        "import django; django.setup()\n"
        "from decisions.letters.signing import load_roots\n"
        "print(len(load_roots()), 'root')",
        **(standing | web),
    )
    assert examined.stdout == "1 root\n", examined.stderr
