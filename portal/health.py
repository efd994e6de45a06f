"""Is the process alive; is everything there that it needs."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

LEAST_FREE = 200 * 1024 * 1024  # bytes on the disk of stored files


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    from portal.celery import app

    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _disk() -> None:
    root = getattr(settings, "MEDIA_ROOT", "")
    if root and shutil.disk_usage(root).free < LEAST_FREE:
        raise OSError("the disk of stored files is nearly full")


def _storage() -> None:
    name = default_storage.save("health/probe", ContentFile(b"probe"))
    default_storage.delete(name)


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "disk": _disk,
    "storage": _storage,
}


def ready(request: HttpRequest) -> HttpResponse:
    """Every part answers: 200, or 503 with the parts that do not."""
    found = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as failed:  # whatever it is, the part is not ready
            found[name] = type(failed).__name__
        else:
            found[name] = "ok"
    status = 200 if set(found.values()) == {"ok"} else 503
    return JsonResponse(found, status=status)
