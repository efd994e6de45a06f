"""Picking rows from the agency's catalogue: search as one types, tick, say the years, take over.

What is taken over stands in the list at once: the list is the basket.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications import catalogued
from applications.commands import Invalid, execute
from applications.models import Row
from applications.schemes import Field
from applications.selectors.tasks import section_of
from applications.views.common import Page, actor, application_page, page_of
from applications.views.rows import field_of
from catalogue import selectors as catalogue
from catalogue import wording
from catalogue.folding import fold
from catalogue.forms import SearchForm
from catalogue.models import Register, Variable
from portal.days import FIRST_DATA_YEAR, LAST_DATA_YEAR
from portal.given import key

MOST = 200  # rows taken over at once
YEARS = range(FIRST_DATA_YEAR, LAST_DATA_YEAR + 1)


@application_page
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
    """The catalogue beside a list. POST takes the ticked entries over; `part=results` gives the
    results alone, for the page's script."""
    page = page_of(request, pk)
    field = field_of(page, path)
    if not field.catalogue or not page.editable:
        raise Http404
    errors: list[str] = []
    if request.method == "POST":
        years, errors = _years(request)
        if not errors and _take_over(request, page, field, years):
            return redirect(request.get_full_path())
    context = _found(request, page, field) | {
        "page": page,
        "application": page.application,
        "field": field,
        "label": field.label(page.language),
        "section": section_of(field.path, page.sections),
        "errors": errors,
        "ticked": set(request.POST.getlist("entry")),
        "first_year": request.POST.get("first_year", ""),
        "last_year": request.POST.get("last_year", ""),
        "total": Row.objects.filter(application=page.application, list_path=field.path).count(),
    }
    if request.GET.get("part") == "results":
        return render(request, "applications/pick_results.html", context)
    return render(request, "applications/pick.html", context, status=422 if errors else 200)


def _years(request: HttpRequest) -> tuple[tuple[int | None, int | None], list[str]]:
    years: list[int | None] = []
    errors = []
    for name in ("first_year", "last_year"):
        typed = request.POST.get(name, "").strip()
        year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
        if typed and (year is None or year not in YEARS):
            errors.append(_("Write the year with four digits, such as 2015."))
        years.append(year)
    first, last = years
    if first and last and first > last:
        errors.append(_("The first year must not be later than the last."))
    return (first, last), list(dict.fromkeys(errors))


def _take_over(request: HttpRequest, page: Page, field: Field, years: tuple) -> bool:
    """Adds what was ticked and is not there yet, and says what happened; False when nothing was
    ticked."""
    keys = [str(found) for text in request.POST.getlist("entry") if (found := key(text))][:MOST]
    rows = _rows(page, field, keys, years)
    if not rows:
        messages.info(request, _("Tick what you need first."))
        return False
    present = Row.objects.filter(application=page.application, list_path=field.path)
    new = catalogued.without_present(rows, present.values_list("data", flat=True))
    if new:
        asked = {c.path for c in field.columns if c.asked}
        sent = [{k: v for k, v in row.items() if k in asked} for row in new]
        try:
            payload = {"list": field.path, "rows": sent}
            execute("import_rows", page.application.pk, actor(request), payload)
        except Invalid:
            messages.error(request, _("The list is full. Nothing was taken over."))
            return True
    text = ngettext("%(n)d row taken over.", "%(n)d rows taken over.", len(new)) % {"n": len(new)}
    if there := len(rows) - len(new):
        told = ngettext("%(n)d was in the list already.", "%(n)d were in the list already.", there)
        text += " " + told % {"n": there}
    messages.success(request, text)
    return True


def _rows(page: Page, field: Field, keys: list[str], years: tuple) -> list[dict[str, Any]]:
    held: dict[str, Any] = {"agency": page.application.agency, "retired__isnull": True}
    if field.catalogue == catalogued.REGISTERS:
        registers = Register.objects.filter(pk__in=keys, **held).order_by("name")
        return [catalogued.row_of_register(field, r) for r in registers]
    variables = Variable.objects.filter(pk__in=keys, **held).select_related("register")
    return [
        catalogued.row_of_variable(field, v, years)
        for v in variables.order_by("register__name", "folded_name", "pk")
    ]


def _found(request: HttpRequest, page: Page, field: Field) -> dict[str, Any]:
    agency = page.application.agency
    form = SearchForm(request.GET)
    text, filters = form.understood()
    told: dict[str, Any] = {
        "text": text,
        "filters": filters,
        "edition": catalogue.edition(agency),
        "of_registers": field.catalogue == catalogued.REGISTERS,
    }
    if told["edition"]:
        told["edition_line"] = wording.edition_line(told["edition"])
    if told["of_registers"]:
        words = fold(text).split()
        told["registers"] = [
            r
            for r in catalogue.registers(agency)
            if all(w in fold(f"{r.name} {r.code} {r.statistics_area}") for w in words)
        ]
        count = len(told["registers"])
        told["count"] = ngettext("%(n)d register", "%(n)d registers", count) % {"n": count}
        return told
    found = catalogue.search(agency, text, after=request.GET.get("after"), filters=filters)
    asked = {k: v for k, v in request.GET.items() if k not in ("after", "part") and v}
    return told | {
        "lines": [
            {
                "variable": v,
                "register": v.register,
                "years": wording.years(v),
                "marks": wording.marks(v),
            }
            for v in found.variables
        ],
        "count": wording.found(len(found.variables), bool(found.after), found.similar),
        "all_registers": catalogue.registers(agency),
        "first": urlencode(asked) if request.GET.get("after") else None,
        "next": urlencode(asked | {"after": found.after}) if found.after else None,
    }
