"""A list comes in as a file or pasted text: matched, shown row by row, then taken."""

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
from applications.commands import Invalid, execute
from applications.forms import filenames
from applications.inspection import MOST_BYTES
from applications.scanning import inspect
from applications.schemes import Field
from applications.selectors.words import in_words
from applications.views.attachments import refusal_words
from applications.views.common import Page, actor, application_page, page_of
from applications.views.rows import field_of
from portal import store

SALT = "applications.import"
SHOWN = 100
TAKEN = ("xlsx", "csv", "txt")


class Trouble(Exception):
    """The input is not taken; the argument says why, in the reader's language."""


def problem_words(code: str) -> str:
    """What was wrong with a cell."""
    texts = {
        "year": _("is no year with four digits"),
        "years": _("is no year or range of years"),
        "bool": _("is neither yes nor no"),
        "enum": _("is not one of the choices"),
        "number": _("is no number"),
        "country": _("is no two-letter country code"),
    }
    return texts.get(code, _("was not understood"))


def _unreadable_words(code: str) -> str:
    texts = {
        "empty": _("There is no row in it."),
        "long": _("There are more than 20,000 rows in it. Split the list."),
    }
    return texts.get(code, refusal_words("unreadable"))


def _take(request: HttpRequest) -> str:
    """Puts what was given into the store and returns "ext:digest"."""
    pasted = request.POST.get("pasted", "")
    if pasted.strip():
        return f"pasted:{store.put(pasted.encode())}"
    file = request.FILES.get("file")
    if file is None:
        raise Trouble(_("Choose a file, or paste the list."))
    ext = filenames.extension(filenames.clean(file.name or ""))
    if ext not in TAKEN:
        raise Trouble(_("Take an Excel file (.xlsx), CSV or text."))
    if (file.size or 0) > MOST_BYTES:
        raise Trouble(refusal_words("large"))
    return f"{ext}:{store.put_file(file)}"


def _read(source: str) -> list[list[str]]:
    ext, _colon, digest = source.partition(":")
    content = store.read(digest)
    try:
        if ext == "pasted":
            return imports.read_text(content.decode())
        if ext != "xlsx":
            return imports.read_csv(content)
        return _read_xlsx(digest)
    except imports.Unreadable as wrong:
        raise Trouble(_unreadable_words(str(wrong))) from None


def _read_xlsx(digest: str) -> list[list[str]]:
    import shutil
    import tempfile
    from pathlib import Path

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        with store.open_object(digest) as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        verdict = inspect(Path(copy.name), "xlsx")
        if verdict["refusal"]:
            raise Trouble(refusal_words(verdict["refusal"]))
        copy.seek(0)
        return imports.read_xlsx(copy)


def _mapping(request: HttpRequest, lines: list[list[str]], field: Field) -> tuple[dict, bool]:
    """(column index -> path, whether the first line holds headings)."""
    if "mapped" in request.POST:
        chosen: dict[int, str] = {}
        allowed = {c.path for c in field.columns if c.asked} | {"years"}
        for at in range(max(map(len, lines))):
            path = request.POST.get(f"column-{at}", "")
            if path in allowed and path not in chosen.values():
                chosen[at] = path
        return chosen, "headings" in request.POST
    found = imports.match(lines[0], field)
    if found:
        return found, True
    order = [c.path for c in field.columns if c.asked]
    if max(map(len, lines)) == 1:
        return {0: "name" if "name" in order else order[0]}, False
    return dict(enumerate(order[: max(map(len, lines))])), False


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
    }


@application_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
    """Step 1: give the list. Step 2: see what was understood, correct the columns. Step 3: take it."""
    page = page_of(request, pk)
    field = field_of(page, path)
    context: dict[str, Any] = {
        "page": page,
        "application": page.application,
        "field": field,
        "label": field.label(page.language),
        "columns": [(c.path, c.label(page.language)) for c in field.columns if c.asked],
        "existing": page.application.rows.filter(list_path=field.path).count(),
        "pasted": request.POST.get("pasted", ""),
    }
    if request.method == "GET":
        return render(request, "applications/import.html", context)
    signer = signing.TimestampSigner(salt=f"{SALT}:{pk}:{request.user.pk}")
    try:
        if token := request.POST.get("source"):
            source = signer.unsign(token, max_age=24 * 3600)
        else:
            source = _take(request)
        lines = _read(source)
    except (Trouble, signing.BadSignature, OSError) as trouble:
        known = isinstance(trouble, Trouble)
        context["error"] = str(trouble) if known else _("Give the list again.")
        return render(request, "applications/import.html", context, status=422)
    mapping, headings = _mapping(request, lines, field)
    rows = imports.understand(lines[headings:], mapping, field, 1 + headings)
    if "take" in request.POST:
        taken = [r.data for r in rows if r.usable]
        payload = {
            "list": field.path,
            "rows": taken,
            "replace": "replace" in request.POST,
        }
        try:
            result = execute("import_rows", pk, actor(request), payload)
        except Invalid:
            messages.error(
                request, _("The list is too long together with the rows that are there.")
            )
        else:
            count = len(taken)
            text = ngettext("%(count)d row taken in.", "%(count)d rows taken in.", count)
            messages.success(request, text % {"count": count})
            del result
        return redirect("applications:rows", pk=pk, path=field.path)
    width = max(map(len, lines))
    context |= {
        "source": signer.sign(source),
        "with_headings": headings,
        "mapping": [
            {
                "at": at,
                "sample": [line[at] for line in lines[:4] if at < len(line)],
                "path": mapping.get(at, ""),
            }
            for at in range(width)
        ],
        "preview": _preview(page, field, rows),
    }
    return render(request, "applications/import_preview.html", context)
