"""The broker only wakes people up: without it everything is done a little later, and nothing is lost."""

import base64
import json
import shutil
import socket
import threading
import time

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from redis import Redis

from portal.events import outbox, relay, waking
from portal.events.models import OutboxEntry
from portal.events.outbox import Lane, effect
from portal.local.servers import Broker, scratch_dir

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def broker():
    """A broker of our own: it is emptied and stopped."""
    home = scratch_dir("tilgang-broker-")
    server = Broker(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def waiting(broker):
    """How many messages wait in the broker; empty it with waiting.flush()."""
    client = Redis(unix_socket_path=str(broker.socket))
    client.flushall()

    class Waiting:
        def __call__(self) -> int:
            return client.llen("mail")

        def flush(self) -> None:
            client.flushall()

        def taken(self) -> list[int]:
            """The entries that the messages speak of, which are gone then."""
            found = []
            while message := client.rpop("mail"):
                (entry,), _, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
                found.append(entry)
            return found

    yield Waiting()
    client.close()


@pytest.fixture
def through(monkeypatch, ran):
    """through(address): from now on wakes go there."""

    def use(address: str) -> Celery:
        app = Celery("of-the-test", broker=address, set_as_current=False)
        app.conf.worker_hijack_root_logger = False
        monkeypatch.setattr(waking, "current_app", app)
        monkeypatch.setattr(waking, "_own", threading.local())
        monkeypatch.setattr(waking, "_silent_until", 0.0)
        monkeypatch.setattr(outbox, "wake", waking.wake)
        return app

    yield use
    if getattr(waking._own, "connection", None) is not None:
        waking._drop()


def all_done() -> bool:
    return not OutboxEntry.objects.filter(done_at__isnull=True).exists()


def test_a_broker_that_is_emptied_after_a_hundred_submissions_costs_none(
    broker, waiting, through, put, ran
):
    through(broker.url)
    for number in range(100):
        put(payload={"n": number}, key=str(number))
    assert waiting() == 100
    waiting.flush()
    while relay.relay(Lane.MAIL):
        assert waiting() == relay.ROOM
        for message in waiting.taken():
            outbox.run_entry(message)
    assert sorted(payload["n"] for payload in ran) == list(range(100))
    assert all_done()


def test_a_worker_is_woken_as_soon_as_the_transaction_has_committed(
    broker, waiting, through, put, effects
):
    app = through(broker.url)
    done = threading.Event()
    effect("t.wakes", lane=Lane.MAIL)(lambda payload: done.set())
    with start_worker(
        app, pool="solo", queues=["mail"], perform_ping_check=False, shutdown_timeout=20
    ):
        put("t.wakes")
        assert done.wait(20)
    assert all_done()
    assert waiting() == 0


def test_a_broker_that_was_restarted_is_found_again_at_once(broker, waiting, through, put, ran):
    through(broker.url)
    put(key="before")
    broker.stop()
    broker.start()
    put(key="after")
    assert waiting() == 1
    outbox.run_due()
    assert len(ran) == 2


@pytest.fixture
def black_hole():
    """An address where somebody takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.parametrize("kind", ["nobody there", "no answer"])
def test_a_broker_that_is_down_neither_fails_nor_slows_a_request(
    kind, black_hole, through, put, ran
):
    through(black_hole if kind == "no answer" else "redis+socket:///nonexistent/broker.sock")
    begun = time.monotonic()
    for number in range(20):
        put(key=str(number))
    assert time.monotonic() - begun < 3
    outbox.run_due()
    assert len(ran) == 20
    assert all_done()
