"""Files that a person takes along: small ones at once, all others as jobs."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.exchange.writing import Export
from applications.policy import Side
from portal.events.lanes import Lane
from portal.jobs import commands as jobs
from portal.jobs.views import to_page

MOST_ROWS_AT_ONCE = 1000  # of a workbook, or of JSON and CSV: well under a second


def attached(response: Any, name: str) -> Any:
    """The response as a download called `name`."""
    safe = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def key_of(*parts: Any) -> str:
    """What is the same for the same wish: a digest of what the file would hold."""
    told = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def ask(
    request: HttpRequest,
    kind: str,
    found: Export,
    payload: dict[str, Any],
    *,
    key: str,
    title: str,
    back: str,
    count: int = 0,
) -> HttpResponse:
    """GET: the page that offers to make the file. POST: the job begins, and its page is next."""
    application = found.application
    context = {"application": application, "title": title, "back": back, "count": count}
    context["own_side"] = found.side == Side.OWN
    if request.method == "GET":
        return render(request, "applications/ask_for_file.html", context)
    payload |= {
        "application": str(application.pk),
        "side": str(found.side),
        "language": found.language,
    }
    lane = Lane.HEAVY if found.rows() > MOST_ROWS_AT_ONCE else None
    try:
        job = jobs.begin(kind, payload, request.user, key=key, lane=lane)
    except jobs.TooMany:
        context["too_many"] = True
        return render(request, "applications/ask_for_file.html", context, status=409)
    return to_page(job)
