"""What the tests of log and outbox share."""

import importlib.util
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from portal import clock
from portal.events import effects as registry
from portal.events import outbox
from portal.events.log import record

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "verify_export.py"


@pytest.fixture(autouse=True)
def signing_key(settings, tmp_path):
    settings.EVENTS_KEY_FILE = tmp_path / "key.pem"
    settings.EVENTS_MAKE_KEY = True
    settings.EVENTS_TRUSTED_KEYS = ()


@pytest.fixture
def write() -> Callable:
    """write("case:1", 3): three events, each in a transaction of its own."""

    def many(stream: str, count: int = 1, personal: dict | None = None) -> None:
        for number in range(count):
            with transaction.atomic():
                record(stream, "case.happened", "user:1", {"number": number}, personal)

    return many


@pytest.fixture
def insider() -> Callable:
    """insider(sql, *values): what a superuser does who has put the triggers out of action."""

    def run(sql: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return run


@pytest.fixture
def stand_alone():
    """The stand-alone verifier as a module."""
    spec = importlib.util.spec_from_file_location("verify_export", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def effects(monkeypatch) -> dict[str, outbox.Effect]:
    """Only the effects that a test registers itself."""
    monkeypatch.setattr(registry, "_effects", own := {})
    monkeypatch.setattr(registry, "_discovered", True)
    monkeypatch.setattr(outbox, "wake", lambda *entry: None)
    return own


@contextmanager
def other_connection():
    """Closes what the thread opened."""
    try:
        yield
    finally:
        connections.close_all()


@pytest.fixture
def at_once() -> Callable:
    """at_once(work, 8): runs work(0) … work(7) in threads; returns their results in order."""

    def run(work: Callable, count: int) -> list:
        results: list = [None] * count

        def one(number: int) -> None:
            with other_connection():
                try:
                    results[number] = work(number)
                except Exception as error:
                    results[number] = error

        threads = [Thread(target=one, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run


@pytest.fixture
def ran(effects) -> list:
    """The payloads that the effect "t.note" was called with."""
    seen: list = []
    outbox.effect("t.note", lane=outbox.Lane.MAIL)(seen.append)
    return seen


@pytest.fixture
def put() -> Callable:
    """put("t.note", {…}, key="k"): queues in a transaction of its own."""

    def one(kind: str = "t.note", payload: dict | None = None, key: str = "k", at=None) -> bool:
        with transaction.atomic():
            return outbox.queue(kind, payload or {}, key, at)

    return one


START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def at(**later):
    """The clock stands so much after START."""
    return clock.frozen(START + timedelta(**later))
