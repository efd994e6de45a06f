"""Is the process alive; is everything there that it needs; is there room for what people hand in."""

import math
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from portal import metrics, uploads
from portal.events import backlog

LEAST_FREE = 200 * 1024 * 1024  # bytes

Next = Callable[[HttpRequest], HttpResponseBase]


def room_left() -> bool:
    """Whether the disks that uploads pass through have room: the temporary files, and the store
    when it is a folder. What stands on an object store is its own affair."""
    folders: list[Any] = [uploads.folder()]
    if isinstance(default_storage, FileSystemStorage):
        folders.append(default_storage.location)
    return all(_free(str(folder)) >= LEAST_FREE for folder in folders)


def _free(folder: str) -> int:
    try:
        return shutil.disk_usage(folder).free
    except FileNotFoundError:  # made when the first file comes
        return LEAST_FREE


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    from portal.celery import app

    limits = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
    with app.connection_for_write(connect_timeout=2, transport_options=limits) as broker:
        broker.default_channel.queue_declare(app.conf.task_default_queue)


def _disk() -> None:
    if not room_left():
        raise OSError("nearly full")


def _storage() -> None:
    name = default_storage.save("health/probe", ContentFile(b"probe"))
    default_storage.delete(name)


def _lanes() -> list[backlog.LaneState]:
    return backlog.lanes()


# What the web needs: without one of them it is not ready.
CHECKS: dict[str, Callable[[], Any]] = {
    "database": _database,
    "broker": _broker,
    "disk": _disk,
    "storage": _storage,
}
# And what the worker does: its backlog takes no web server out of service.
LANES: dict[str, Callable[[], Any]] = {"lanes": _lanes}


@dataclass
class Result:
    """What came of a check: "ok" or the kind of its error, and what it found."""

    state: str
    found: Any
    at: float


class Watch:
    """Runs checks in threads of their own and remembers what came of them.

    Whoever asks gets the answer that is there. Only when there is none, or an old one, and the
    check has just begun, they wait a moment; a check that hangs holds one thread, never a request.
    """

    FRESH = 3.0  # seconds until a check is run again, if somebody asks
    OLD = 15.0  # seconds until an answer counts for nothing
    MOMENT = 2.0  # seconds that a request waits at most

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._results: dict[str, Result] = {}
        self._begun: dict[str, float] = {}  # of those that run

    def ask(self, checks: dict[str, Callable[[], Any]]) -> dict[str, Result]:
        """The result of each check; "no answer" for one that hangs."""
        until = time.monotonic() + self.MOMENT
        with self._changed:
            for name, check in checks.items():
                if name not in self._begun and self._age(name) > self.FRESH:
                    self._begun[name] = time.monotonic()
                    run = threading.Thread(target=self._run, args=(name, check), daemon=True)
                    run.start()
            while any(map(self._may_still_come, checks)) and time.monotonic() < until:
                self._changed.wait(until - time.monotonic())
            missing = Result("no answer", None, 0.0)
            return {n: self._results[n] if self._age(n) <= self.OLD else missing for n in checks}

    def _age(self, name: str) -> float:
        known = self._results.get(name)
        return time.monotonic() - known.at if known else math.inf

    def _may_still_come(self, name: str) -> bool:
        begun = self._begun.get(name)
        just = begun is not None and time.monotonic() - begun < self.MOMENT
        return just and self._age(name) > self.OLD

    def _run(self, name: str, check: Callable[[], Any]) -> None:
        try:
            result = Result("ok", check(), 0.0)
        except Exception as failed:  # whatever it is, the part is not ready
            result = Result(type(failed).__name__, None, 0.0)
        finally:
            connections.close_all()  # this thread's own
        with self._changed:
            result.at = time.monotonic()
            self._results[name] = result
            self._begun.pop(name, None)
            self._changed.notify_all()


class Health:
    """Answers /health/live, /health/ready and /health/metrics before anything else looks at the
    request: probes come by network address, which is no host of ours, and without TLS."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._watch = Watch()
        self._answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/health/live": lambda request: HttpResponse("ok", content_type="text/plain"),
            "/health/ready": self._ready,
            "/health/metrics": self._metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._answers.get(request.path_info)
        return self.get_response(request) if answer is None else answer(request)

    def _ready(self, request: HttpRequest) -> HttpResponse:
        """503 with the parts that do not answer; 200, and "degraded" while work waits too long."""
        results = self._watch.ask({**CHECKS, **LANES})
        told: dict[str, Any] = {name: results[name].state for name in CHECKS}
        ready = set(told.values()) == {"ok"}
        lanes: list[backlog.LaneState] = results["lanes"].found or []
        told["lanes"] = {
            lane.lane: {
                "state": lane.state,
                "oldest": round(lane.oldest, 1),
                "relay": None if lane.relay is None else round(lane.relay, 1),
            }
            for lane in lanes
        }
        well = bool(lanes) and all(lane.state == "ok" for lane in lanes)
        told["status"] = "ok" if ready and well else "degraded" if ready else "down"
        status = 200 if ready else 503
        return JsonResponse(told, status=status, headers={"Cache-Control": "no-store"})

    def _metrics(self, request: HttpRequest) -> HttpResponse:
        """For Prometheus, with the token of METRICS_TOKEN; for everybody else it is not there."""
        given = request.headers.get("Authorization", "")
        expected = f"Bearer {settings.METRICS_TOKEN}"
        if not settings.METRICS_TOKEN or not constant_time_compare(given, expected):
            return HttpResponse(status=404)
        text = metrics.text(self._watch.ask({**CHECKS, **LANES}))
        return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


class RoomForUploads:
    """Refuses files before they are taken when the disk is nearly full; everything else goes on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (request.content_type or "").startswith("multipart/"):
            uploads.tidy()
            if room_left():
                return self.get_response(request)
            text = _("No files can be taken just now. What you had saved is kept; try again later.")
            if request.headers.get("Accept", "").startswith("application/json"):
                return JsonResponse({"error": text}, status=503)
            return render(request, "503.html", {"text": text}, status=503)
        return self.get_response(request)
