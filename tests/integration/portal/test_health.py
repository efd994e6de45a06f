"""Whoever runs the portal can ask whether it is well, and is told which part is not."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadhandler import FileUploadHandler
from django.test import Client

from portal import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A probe: it comes by a network address that is no host of ours."""
    return Client(HTTP_HOST="10.0.0.7:8000")


@pytest.fixture(autouse=True)
def strict(settings) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]


def test_a_process_that_answers_is_alive_whatever_host_was_asked_for(client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert not answer.cookies


def test_with_every_part_answering_it_is_ready(client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "broker": "ok", "disk": "ok", "storage": "ok"}


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
    assert set(answer.json().values()) == {"ok", "ConnectionError"}


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
