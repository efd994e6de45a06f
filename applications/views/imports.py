"""A list or a script comes in: understood, shown row by row, corrected, then taken."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications import imports
from applications.commands import Forbidden, Invalid, NotNow, execute
from applications.forms import filenames
from applications.imports import remembered, script_rows, sources
from applications.imports.headings import HEADINGS_WITHIN
from applications.imports.microdata_script import Script
from applications.imports.sources import Refused, Source, Trouble
from applications.schemes import Field
from applications.selectors.words import in_words
from applications.views.common import Page, actor, application_page, page_of
from applications.views.rows import field_of
from portal import given, store
from portal.files.reading import Table
from portal.files.wording import refusal as refusal_words

SALT = "applications.import"
SHOWN = 100


def problem_words(code: str) -> str:
    """What was wrong with a cell, or with a line of a script."""
    texts: dict[str, Callable[[], str]] = {
        "year": lambda: _("is no year with four digits"),
        "years": lambda: _("is no year or range of years"),
        "bool": lambda: _("is neither yes nor no"),
        "enum": lambda: _("is not one of the choices"),
        "number": lambda: _("is no number"),
        "country": lambda: _("is no country: write its name or its two letters"),
        "date": lambda: _(
            "is no date between 1900 and 2150: write year-month-day, for example 2027-12-31"
        ),
        "email": lambda: _("is no e-mail address"),
        "between": lambda: _(
            "the years between are asked for too; rows of their own keep them apart"
        ),
        "missing": lambda: _("is missing"),
        "order": lambda: _("the last year is before the first"),
        "cut": lambda: _("is too long and is cut"),
        "command": lambda: _("no command that we know"),
        "form": lambda: _("not written in a way that we know; nothing is taken from it"),
        "bank": lambda: _("no data bank is connected under this name; say yourself whose it is"),
        "option": lambda: _("has something behind the comma that we do not know; it is left out"),
        "version": lambda: _("the version of the data bank was not understood"),
    }
    return texts.get(code, lambda: _("was not understood"))()


def _wrong_words(wrong: Exception) -> str:
    """Why nothing can be shown, in the reader's language."""
    if isinstance(wrong, Trouble):
        return str(wrong)
    if isinstance(wrong, Refused):
        return refusal_words(str(wrong))
    if isinstance(wrong, imports.Unreadable):
        texts = {
            "empty": _("There is no row in it."),
            "long": _("There are more than 20,000 rows in it. Split the list."),
        }
        return texts.get(str(wrong), refusal_words("unreadable"))
    return _("Give the list again.")


def _script_in(source: Source, field: Field, request: HttpRequest) -> Script | None:
    """The script, when what was given is one and the list is one of variables."""
    if not source.is_text or source.ext == "csv" or not field.takes_script:
        return None
    if "as_list" in request.POST:
        return None
    script = sources.script_of(source)
    return script if script.recognised or source.ext in sources.SCRIPTS else None


def _columns(
    request: HttpRequest, page: Page, field: Field, lines: list[list[str]]
) -> tuple[dict[int, str], int, bool]:
    """(column index -> path, lines above the first row, whether they are remembered)."""
    guessed, above = imports.guess(lines, field)
    agency = page.application.agency
    if "mapped" not in request.POST or _another_sheet(request):
        first = lines[max(above, 1) - 1]
        known = remembered.recall(request.user, agency, field, first)
        return (known, max(above, 1), True) if known else (guessed, above, False)
    width = max(map(len, lines))
    posted = {at: request.POST.get(f"column-{at}", "") for at in range(width)}
    chosen = remembered.allowed(field, posted)
    number = min(given.number(request.POST.get("headings")) or 0, len(lines), HEADINGS_WITHIN)
    if chosen and number:
        usual = (chosen, number) == (guessed, above)
        remembered.remember(request.user, agency, field, lines[number - 1], chosen, usual)
    return chosen, number, False


def _another_sheet(request: HttpRequest) -> bool:
    """Whether the columns on the page are those of another sheet than the one now chosen."""
    return request.POST.get("sheet", "") != request.POST.get("shown_sheet", "")


def _preview(page: Page, field: Field, rows: list[imports.Understood]) -> dict[str, Any]:
    columns = [c for c in field.columns if c.asked and any(c.path in r.data for r in rows)]
    labels = {c.path: c.label(page.language) for c in field.columns}
    wrong = [r for r in rows if r.problems or not r.usable]
    return {
        "headings": [c.label(page.language) for c in columns],
        "rows": [
            {
                "line": r.line,
                "cells": [in_words(c, r.data.get(c.path), page.language) for c in columns],
                "wrong": bool(r.problems) or not r.usable,
            }
            for r in rows[:SHOWN]
        ],
        "left_out": max(0, len(rows) - SHOWN),
        "total": sum(r.usable for r in rows),
        "wrong": [
            {
                "line": r.line,
                "problems": [
                    {"label": labels.get(path, path), "cell": cell, "text": problem_words(code)}
                    for path, (code, cell) in r.problems.items()
                ],
            }
            for r in wrong[:SHOWN]
        ],
        "wrong_total": len(wrong),
        "wrong_left_out": max(0, len(wrong) - SHOWN),
    }


def _script_preview(page: Page, field: Field, script: Script) -> dict[str, Any]:
    columns = {c.path: c for c in field.columns}
    lines = []
    for variable in script.variables[:SHOWN]:
        row = script_rows.row_of(variable, field, page.scheme)
        years = f"{variable.from_year}–{variable.to_year}"
        lines.append(
            {
                "bank": variable.bank,
                "name": variable.name,
                "holder": row.get("holder", ""),
                "years": _("without years") if variable.timeless else years,
                "lines": ", ".join(map(str, variable.lines)),
            }
        )
    return {
        "rows": lines,
        "holder": columns["holder"].label(page.language) if "holder" in columns else "",
        "total": len(script.variables),
        "left_out": max(0, len(script.variables) - SHOWN),
        "wrong": [
            {"line": said.line, "text": said.text, "why": problem_words(said.why)}
            for said in script.not_understood[:SHOWN]
        ],
        "wrong_left_out": max(0, len(script.not_understood) - SHOWN),
        "population": script.population[:SHOWN],
    }


def _take_rows(request: HttpRequest, pk: UUID, field: Field, rows: list[dict]) -> bool:
    payload = {"list": field.path, "rows": rows, "replace": "replace" in request.POST}
    try:
        execute("import_rows", pk, actor(request), payload)
    except Invalid:
        messages.error(request, _("The list is too long together with the rows that are there."))
        return False
    text = ngettext("%(count)d row taken in.", "%(count)d rows taken in.", len(rows))
    messages.success(request, text % {"count": len(rows)})
    return True


def _keep_script(request: HttpRequest, page: Page, source: Source) -> None:
    """Hands the script in as an attachment; the same one twice is kept once."""
    kind = script_rows.attachment_kind(page.scheme)
    if not kind:
        return
    name = source.filename or _("microdata.no script") + ".txt"
    if filenames.extension(name) != "txt":
        name += ".txt"
    payload = {
        "kind": kind,
        "filename": filenames.clean(name),
        "ext": "txt",
        "size": len(store.read(source.digest)),
        "digest": source.digest,
    }
    try:
        execute("attach", page.application.pk, actor(request), payload)
    except (Invalid, Forbidden, NotNow):
        messages.warning(request, _("The script could not be kept as an attachment."))
    else:
        messages.info(request, _("The script is kept as an attachment."))


@application_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
    """Step 1: give the list. Step 2: see what was understood, correct the columns. Step 3: take it."""
    page = page_of(request, pk)
    field = field_of(page, path)
    asked = [c for c in field.columns if c.asked]
    context: dict[str, Any] = {
        "page": page,
        "application": page.application,
        "field": field,
        "label": field.label(page.language),
        "columns": [(c.path, c.label(page.language)) for c in asked],
        "has_years": {"fromYear", "toYear"} <= {c.path for c in asked},
        "takes_script": field.takes_script,
        "accept": ",".join(f".{ext}" for ext in sources.TAKEN),
        "existing": page.application.rows.filter(list_path=field.path).count(),
        "pasted": request.POST.get("pasted", ""),
    }
    if request.method == "GET":
        return render(request, "applications/import.html", context)
    salt = f"{SALT}:{pk}:{request.user.pk}"
    try:
        token = request.POST.get("source")
        source = Source.signed(token, salt) if token else sources.take(request)
        context["source"] = source.sign(salt)
        script = _script_in(source, field, request)
        if script is not None:
            return _script(request, page, field, source, script, context)
        table = sources.table_of(source, field, request.POST.get("sheet", ""))
    except (
        Trouble,
        Refused,
        imports.Unreadable,
        signing.BadSignature,
        OSError,
        store.StoreFailed,
    ) as wrong:
        context["error"] = _wrong_words(wrong)
        return render(request, "applications/import.html", context, status=422)
    return _list(request, page, field, table, context)


def _script(
    request: HttpRequest,
    page: Page,
    field: Field,
    source: Source,
    script: Script,
    context: dict[str, Any],
) -> HttpResponse:
    pk = page.application.pk
    if "take" in request.POST:
        rows = [script_rows.row_of(v, field, page.scheme) for v in script.variables]
        if not rows or _take_rows(request, pk, field, rows):
            _keep_script(request, page, source)
        return redirect("applications:rows", pk=pk, path=field.path)
    context |= {
        "preview": _script_preview(page, field, script),
        "may_be_list": source.ext not in sources.SCRIPTS,
    }
    return render(request, "applications/import_script.html", context)


def _list(
    request: HttpRequest, page: Page, field: Field, table: Table, context: dict[str, Any]
) -> HttpResponse:
    pk, lines = page.application.pk, table.lines
    mapping, above, known = _columns(request, page, field, lines)
    rows = imports.understand(lines[above:], mapping, field, 1 + above)
    if "take" in request.POST and not _another_sheet(request):
        _take_rows(request, pk, field, [row.data for row in rows if row.usable])
        return redirect("applications:rows", pk=pk, path=field.path)
    shown = lines[max(above, 1) - 1 :][:4]
    context |= {
        "table": table,
        "headings_at": max(above, 1),
        "with_headings": above > 0,
        "remembered": known,
        "as_list": "as_list" in request.POST,
        "mapping": [
            {
                "at": at,
                "sample": [line[at] for line in shown if at < len(line)],
                "path": mapping.get(at, ""),
            }
            for at in range(max(map(len, lines)))
            if any(at < len(line) and line[at] for line in lines)
        ],
        "unknown": any(
            cell and at not in mapping for at, cell in enumerate(lines[above - 1] if above else [])
        ),
        "preview": _preview(page, field, rows),
    }
    return render(request, "applications/import_preview.html", context)
