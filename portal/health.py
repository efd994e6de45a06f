"""Is the process alive; is everything there that it needs; is there room for what people hand in."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

LEAST_FREE = 200 * 1024 * 1024  # bytes
SECONDS_VALID = 3.0  # so that nobody can keep database and store busy by asking

Next = Callable[[HttpRequest], HttpResponseBase]


def room_left() -> bool:
    """Whether the disks that uploads pass through have room: the temporary files, and the store
    when it is a folder. What stands on an object store is its own affair."""
    folders: list[Any] = [settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()]
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

    with app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _disk() -> None:
    if not room_left():
        raise OSError("nearly full")


def _storage() -> None:
    name = default_storage.save("health/probe", ContentFile(b"probe"))
    default_storage.delete(name)


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "disk": _disk,
    "storage": _storage,
}


def parts() -> dict[str, str]:
    """Every part with "ok" or the kind of its error."""
    found = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as failed:  # whatever it is, the part is not ready
            found[name] = type(failed).__name__
        else:
            found[name] = "ok"
    return found


class Health:
    """Answers /health/live and /health/ready before anything else looks at the request: probes
    come by network address, which is no host of ours, and without TLS."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._asked: float | None = None
        self._parts: dict[str, str] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/health/live":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/health/ready":
            return self._ready()
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        """200, or 503 with the parts that do not answer."""
        with self._lock:
            now = time.monotonic()
            if self._asked is None or now - self._asked > SECONDS_VALID:
                self._parts, self._asked = parts(), now
            found = self._parts
        status = 200 if set(found.values()) == {"ok"} else 503
        return JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})


class RoomForUploads:
    """Refuses files before they are taken when the disk is nearly full; everything else goes on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (request.content_type or "").startswith("multipart/") and not room_left():
            text = _("No files can be taken just now. What you had saved is kept; try again later.")
            if request.headers.get("Accept", "").startswith("application/json"):
                return JsonResponse({"error": text}, status=503)
            return render(request, "503.html", {"text": text}, status=503)
        return self.get_response(request)
