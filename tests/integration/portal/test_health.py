"""Whoever runs the portal can ask whether it is well, and is told which part is not."""

import os
import re
import socket
import stat
import threading
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.test import Client

from portal import clock, gunicorn, health, uploads
from portal.events import attending, backlog
from portal.events.lanes import Lane
from portal.events.models import LaneWorker, OutboxEntry
from portal.events.outbox import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A probe: it comes by a network address that is no host of ours."""
    return Client(HTTP_HOST="10.0.0.7:8000")


@pytest.fixture(autouse=True)
def strict(settings, monkeypatch) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    monkeypatch.setattr(health.Watch, "MOMENT", 60)  # the machine may be busy


def test_a_process_that_answers_is_alive_whatever_host_was_asked_for(client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert not answer.cookies


def test_with_every_part_answering_it_is_ready(client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    told = answer.json()
    assert {part: told[part] for part in health.CHECKS} == dict.fromkeys(health.CHECKS, "ok")


def broken() -> None:
    raise ConnectionError("password=secret")


@pytest.mark.parametrize("part", list(health.CHECKS))
def test_a_part_that_does_not_answer_is_named_and_nothing_more_is_told(
    part, client, monkeypatch
) -> None:
    monkeypatch.setitem(health.CHECKS, part, broken)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()[part] == "ConnectionError"
    assert "secret" not in answer.content.decode()
    assert {answer.json()[other] for other in health.CHECKS} == {"ok", "ConnectionError"}
    assert answer.json()["status"] == "down"


def test_a_store_that_cannot_be_written_to_is_not_ready(client, settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["storage"] != "ok"


def test_a_broker_that_is_gone_is_told_within_seconds(client, monkeypatch) -> None:
    from celery import Celery

    import portal.celery

    gone = Celery("gone", broker="redis+socket:///nonexistent/b.sock", set_as_current=False)
    monkeypatch.setattr(portal.celery, "app", gone)
    assert client.get("/health/ready").json()["broker"] != "ok"


def test_asking_often_does_not_keep_the_store_busy(client, monkeypatch) -> None:
    asked = []
    monkeypatch.setitem(health.CHECKS, "storage", lambda: asked.append(1))
    for _ in range(5):
        client.get("/health/ready")
    assert len(asked) == 1


def test_a_check_that_hangs_holds_no_request(client, monkeypatch) -> None:
    """Fourteen probes of a broker that hangs once took every thread of the web server."""
    stuck, begun = threading.Event(), []

    def hang() -> None:
        begun.append(1)
        stuck.wait(60)

    monkeypatch.setitem(health.CHECKS, "broker", hang)
    monkeypatch.setattr(health.Watch, "MOMENT", 0.2)
    answers: list = []
    probes = [
        threading.Thread(target=lambda: answers.append(client.get("/health/ready").json()))
        for _ in range(14)
    ]
    try:
        client.get("/health/live")  # the handler is made once
        for probe in probes:
            probe.start()
        for probe in probes:
            probe.join(30)
        assert [answer["broker"] for answer in answers] == ["no answer"] * 14
        assert len(begun) == 1, "one thread of its own, however often it is asked"
        assert answers[-1]["disk"] == "ok", "the others are told all the same"
    finally:
        stuck.set()


def test_a_broker_that_takes_the_call_and_says_nothing_is_told(client, monkeypatch) -> None:
    from celery import Celery

    import portal.celery

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        silent = Celery("silent", broker=address, set_as_current=False)
        monkeypatch.setattr(portal.celery, "app", silent)
        with pytest.raises(Exception, match=r"(?i)time|connect"):
            health.CHECKS["broker"]()


@pytest.mark.django_db(transaction=True)
def test_work_that_waits_too_long_is_told_and_takes_nobody_out_of_service(client, settings) -> None:
    settings.LANE_LIMITS = {**settings.LANE_LIMITS, "letters": 60}
    attending.seen("one@host", list(Lane), first=True)
    with transaction.atomic():
        queue("letter.make", {}, "waits", at=clock.now() - timedelta(minutes=5))
        queue("mail.send", {}, "waits", at=clock.now() - timedelta(seconds=5))
    answer = client.get("/health/ready")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "degraded")
    assert told["lanes"]["letters"]["state"] == "slow"
    assert 300 <= told["lanes"]["letters"]["oldest"] < 400
    assert told["lanes"]["mail"]["state"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_a_lane_in_which_nobody_works_is_told(client) -> None:
    attending.seen("one@host", [lane for lane in Lane if lane != Lane.SCANS], first=True)
    LaneWorker.objects.filter(lane=Lane.HEAVY).update(seen_at=clock.now() - timedelta(minutes=2))
    told = client.get("/health/ready").json()
    assert told["status"] == "degraded"
    assert {lane: seen["state"] for lane, seen in told["lanes"].items()} == {
        "mail": "ok",
        "checks": "ok",
        "letters": "ok",
        "scans": "deserted",
        "heavy": "deserted",
    }


@pytest.mark.django_db(transaction=True)
def test_what_is_put_off_again_and_again_has_waited_since_it_was_wanted() -> None:
    with transaction.atomic():
        queue("letter.make", {}, "waits", at=clock.now() - timedelta(minutes=5))
    OutboxEntry.objects.update(due_at=clock.now() + timedelta(minutes=20), last_error="no key")
    (letters,) = (lane for lane in backlog.lanes() if lane.lane == Lane.LETTERS)
    assert letters.oldest >= 300
    assert (letters.waiting, letters.failed) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_numbers_are_there_for_who_has_the_token_and_for_nobody_else(client, settings) -> None:
    settings.METRICS_TOKEN = "a-long-secret"
    attending.seen("one@host", list(Lane), first=True)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long-secret"}):
        assert client.get("/health/metrics", headers=headers).status_code == 404
    answer = client.get("/health/metrics", headers={"Authorization": "Bearer a-long-secret"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'tilgang_lane_oldest_seconds{lane="heavy"} 0' in text
    assert 'tilgang_part_ok{part="database"} 1' in text
    values = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'\w+\{\w+="[\w.]+"\} [\d.]+', line) for line in values)
    settings.METRICS_TOKEN = ""
    assert client.get("/health/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_what_a_killed_web_process_left_of_an_upload_is_removed(settings, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    left, coming = uploads.folder() / "left.upload", uploads.folder() / "coming.upload"
    assert stat.S_IMODE(uploads.folder().stat().st_mode) == 0o700
    for path in (left, coming):
        path.write_bytes(b"part of a file")
    os.utime(left, (time.time() - 2 * uploads.OLD,) * 2)
    uploads._looked = 0.0
    visitor = Client(HTTP_HOST="portal.example")
    visitor.post("/letters/verify/", {"letter": BytesIO(b"x" * 1000)})
    assert (left.exists(), coming.exists()) == (False, True)
    gunicorn.on_starting(None)
    assert not coming.exists(), "when the web server starts nobody is sending anything"


def test_uploads_go_through_the_folder_that_is_tidied(settings, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    uploads.folder()
    file = TemporaryUploadedFile("a.pdf", "application/pdf", 1, None)
    assert Path(file.temporary_file_path()).parent == tmp_path / "uploads"
    file.close()


def test_a_disk_that_is_nearly_full_is_not_ready(client, monkeypatch) -> None:
    monkeypatch.setattr(health, "_free", lambda folder: health.LEAST_FREE - 1)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["disk"] == "OSError"


def test_with_a_full_disk_files_are_refused_before_they_are_taken(monkeypatch) -> None:
    monkeypatch.setattr(health, "_free", lambda folder: health.LEAST_FREE - 1)
    monkeypatch.setattr(
        FileUploadHandler, "__init__", lambda *_: pytest.fail("the file was looked at")
    )
    visitor = Client(HTTP_HOST="portal.example")
    for accepted in ("text/html", "application/json"):
        answer = visitor.post(
            "/letters/verify/", {"letter": BytesIO(b"x" * 1000)}, headers={"accept": accepted}
        )
        assert answer.status_code == 503
        assert "try again later" in answer.content.decode()
    assert visitor.get("/").status_code == 200
