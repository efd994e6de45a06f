"""A list of the application to take along: Excel, or PDF."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from applications.exchange.writing import export_of
from applications.imports import printing
from applications.views.asked import MOST_ROWS_AT_ONCE, ask, attached
from applications.views.common import application_page, seen_or_404
from portal.files.inspection import TYPES


@application_page
@require_http_methods(["GET", "POST"])
def download(request: HttpRequest, pk: UUID, path: str, kind: str) -> HttpResponseBase:
    """The list as the person may read it now. A PDF, and a long workbook, is made by the worker."""
    if kind not in ("xlsx", "pdf"):
        raise Http404
    export = export_of(seen_or_404(request, pk), get_language() or "en")
    found = printing.listed_in(export, path)
    if found is None:
        raise Http404
    if kind == "xlsx" and len(found.values) <= MOST_ROWS_AT_ONCE:
        content = HttpResponse(found.as_workbook(), content_type=TYPES[kind])
        return attached(content, f"{found.filename}.xlsx")  # type: ignore[no-any-return]
    return ask(
        request,
        "list.print",
        export,
        {"list": path, "kind": kind},
        key=f"{kind}:{found.content}",
        title=found.title,
        back=reverse("applications:rows", args=[pk, path]),
        count=len(found.values),
    )
