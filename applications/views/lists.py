"""A list of the application to take along: Excel, or PDF."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.forms import filenames
from applications.imports import printing
from applications.views.common import application_page, page_seen, seen_or_404
from applications.views.rows import field_of
from portal.events.outbox import queue
from portal.files.inspection import TYPES
from portal.ui.download import file_response

MOST_AT_ONCE = 150  # rows that a web process draws itself; the worker draws longer lists
MOST_IN_PDF = 5_000  # rows: two minutes and 1 GB in the worker; what is longer is taken as Excel


def _attached(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[kind])
    safe = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@application_page
@require_http_methods(["GET", "POST"])
def download(request: HttpRequest, pk: UUID, path: str, kind: str) -> HttpResponseBase:
    """The list as it is now. A long one as PDF is asked for by POST, and fetched when it is made."""
    if kind not in ("xlsx", "pdf"):
        raise Http404
    page = page_seen(request, seen_or_404(request, pk))
    field = field_of(page, path)
    found = printing.listed(page.application, page.document, field, page.language)
    number = page.application.number or str(pk)[:8]
    name = filenames.clean(f"{number}-{found.title}.{kind}".replace("/", "-"))
    if kind == "xlsx":
        return _attached(found.as_workbook(), name, kind)
    if digest := printing.made(found):
        return file_response(digest, name, TYPES[kind])
    if len(found.values) <= MOST_AT_ONCE:
        return _attached(found.as_pdf(), name, kind)
    too_long = len(found.values) > MOST_IN_PDF
    if request.method == "POST" and not too_long:
        payload = {
            "application": str(pk),
            "list": field.path,
            "language": page.language,
            "side": str(page.seen.side),
        }
        with transaction.atomic():
            queue("list.print", payload, f"{pk}:{found.content}")
        return redirect(f"{request.path}?asked=1")
    context = {
        "page": page,
        "application": page.application,
        "field": field,
        "label": found.title,
        "count": len(found.values),
        "too_long": too_long,
        "asked": "asked" in request.GET and not too_long,
    }
    return render(request, "applications/import_print.html", context)
