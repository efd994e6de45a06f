"""Tables of rows: add, change, remove; each works as a page and, with htmx, in place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.commands import execute
from applications.forms.rows import RowForm, RowTable
from applications.models import Row
from applications.schemes import Field
from applications.selectors.tasks import belongs, section_of
from applications.selectors.words import in_words
from applications.views.common import Page, actor, application_page, page_of
from applications.views.form import findings_of
from portal import given


def field_of(page: Page, path: str) -> Field:
    for section in page.sections:
        for field in section.fields:
            if field.path == path and field.type == "rows" and field.asked:
                return field
    raise Http404


def _position(request: HttpRequest) -> int:
    after = given.number(request.GET.get("after"))
    return -1 if after is None else after


def _after(request: HttpRequest) -> str:
    """The same as it stands in an address: nothing for the first page."""
    position = _position(request)
    return "" if position < 0 else str(position)


def _context(page: Page, field: Field, table: RowTable, **more: Any) -> dict:
    told = findings_of(page)
    section = section_of(field.path, page.sections)
    return {
        "page": page,
        "application": page.application,
        "field": field,
        "label": field.label(page.language),
        "table": table,
        "section": section,
        "findings": [s for s in told if any(belongs(p, field.path) for p in s.fields)],
        **more,
    }


@application_page
@require_GET
def table(request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
    """One page of a list's rows."""
    page = page_of(request, pk)
    field = field_of(page, path)
    shown = RowTable.of(page.application, field, page.language, _position(request))
    return render(request, "applications/rows.html", _context(page, field, shown))


def _answer(request: HttpRequest, page: Page, field: Field, **more: Any) -> HttpResponse:
    """After a write: the table anew for htmx, the page of the table otherwise."""
    if not request.headers.get("HX-Request"):
        address = reverse("applications:rows", args=[page.application.pk, field.path])
        return redirect(f"{address}?after={_after(request)}")
    page = page_of(request, page.application.pk)
    shown = RowTable.of(page.application, field, page.language, _position(request))
    context = _context(page, field, shown, **more)
    return render(request, "applications/rows_table.html", context)


@application_page
@require_POST
def add(request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
    """Adds a row. A row with errors comes back with everything that was typed."""
    page = page_of(request, pk)
    field = field_of(page, path)
    form = RowForm(field, page.language, data=request.POST)
    if not form.is_valid():
        shown = RowTable.of(page.application, field, page.language, _position(request), form)
        htmx = request.headers.get("HX-Request")
        template = "applications/rows_table.html" if htmx else "applications/rows.html"
        status = 200 if htmx else 422
        return render(request, template, _context(page, field, shown), status=status)
    payload = {"list": field.path, "id": None, "data": form.row_data()}
    execute("save_row", pk, actor(request), payload)
    return _answer(request, page, field, added=True)


def _in_place(request: HttpRequest, response: HttpResponse, row: Row) -> HttpResponse:
    """For htmx: the open row takes the place of the row, not of the whole table."""
    if request.headers.get("HX-Request"):
        response["HX-Retarget"] = f"#row-{row.pk}"
        response["HX-Reswap"] = "outerHTML"
    return response


@application_page
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID, path: str, row: int) -> HttpResponse:
    """Changes one row. Somebody else's change meanwhile shows both contents, and asks."""
    page = page_of(request, pk)
    field = field_of(page, path)
    found = Row.objects.filter(application=page.application, list_path=field.path, pk=row).first()
    if found is None:
        raise Http404
    form = RowForm(field, page.language, found, data=request.POST or None)
    context: dict[str, Any] = {
        "page": page,
        "application": page.application,
        "field": field,
        "label": field.label(page.language),
        "row": found,
        "form": form,
        "after": _after(request),
        "columns": len(field.columns) + 1,
    }
    htmx = request.headers.get("HX-Request")
    template = "applications/row_form.html" if htmx else "applications/row.html"
    if request.method == "POST" and form.is_valid():
        payload = {
            "list": field.path,
            "id": found.pk,
            "data": form.row_data(),
            "version": form.cleaned_data["version"],
        }
        result = execute("save_row", pk, actor(request), payload)
        conflict = result.value.get("conflict")
        if not conflict:
            return _answer(request, page, field, changed=found.pk)
        data = request.POST.copy()
        data["version"] = str(result.value["row"].version)
        context["form"] = RowForm(field, page.language, found, data=data)
        context["theirs"] = [
            {
                "label": c.label(page.language),
                "text": in_words(c, conflict["theirs"].get(c.path), page.language),
            }
            for c in field.columns
            if conflict["theirs"].get(c.path) != conflict["yours"].get(c.path)
        ]
        return _in_place(request, render(request, template, context, status=409), found)
    return _in_place(request, render(request, template, context), found)


@application_page
@require_POST
def delete(request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
    """Removes the ticked rows, or the one whose button was pressed."""
    page = page_of(request, pk)
    field = field_of(page, path)
    ids = given.numbers(request.POST.getlist("row"))
    if ids:
        execute("delete_row", pk, actor(request), {"list": field.path, "ids": ids})
        text = ngettext("%(count)d row removed.", "%(count)d rows removed.", len(ids))
        if not request.headers.get("HX-Request"):
            messages.success(request, text % {"count": len(ids)})
    else:
        messages.info(request, _("Choose the rows to remove first."))
    return _answer(request, page, field)
