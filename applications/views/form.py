"""The form: one page a section, saved while typing, merged when two people edit."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import selectors
from applications.commands import Invalid, execute
from applications.forms.rows import RowTable
from applications.forms.section import SectionForm
from applications.models import Presence
from applications.schemes import Section
from applications.selectors.tasks import Shown, belongs, shown, task_list
from applications.selectors.unread import TYPED, unread
from applications.selectors.words import in_words
from applications.views.common import Page, actor, application_page, page_of
from institutions import selectors as institutions
from portal import clock

SEEN_FOR = timedelta(minutes=2)


def findings_of(page: Page) -> list[Shown]:
    """The findings of the document as it stands, in the reader's language."""
    found = selectors.findings(page.application, page.document)
    return shown(found, page.scheme, page.sections, page.language)


def others_here(page: Page, user: Any) -> list[str]:
    """Who else edited this application within the last minutes, by name."""
    recent = Presence.objects.filter(
        application=page.application, seen_at__gte=clock.now() - SEEN_FOR
    ).exclude(user=user)
    return list(recent.values_list("user__name", flat=True))


def _section(page: Page, section_id: str) -> Section:
    for section in page.sections:
        if section.id == section_id:
            return section
    raise Http404


def _typed(page: Page) -> dict[str, str]:
    return page.application.answers.get(TYPED) or {}


def _context(
    request: HttpRequest, page: Page, section: Section, form: SectionForm, saved: dict
) -> dict:
    told = findings_of(page)
    here = [s for s in told if s.section == section.id]
    typed = _typed(page)
    errors = form.typed_errors(typed)
    rows = []
    for field in section.fields:
        visible = field.shown(page.document)
        near = [s for s in here if any(belongs(path, field.path) for path in s.fields)]
        item = {
            "field": field,
            "path": field.path,
            "element": field.path.replace(".", "-"),
            "label": field.label(page.language),
            "help": field.help(page.language) if field.help else "",
            "why": field.why(page.language) if field.why else "",
            "shown": visible,
            "findings": near,
            "errors": errors.get(field.path, []),
            "bound": form[field.path] if field.path in form.fields else None,
            "table": None,
            "known": None,
            "hints": [
                (hint.text(page.language), hint.holds(page.document))
                for hint in section.hints
                if hint.beside == field.path
            ],
        }
        if field.type == "rows" and field.asked:
            item["table"] = RowTable.of(page.application, field, page.language)
        elif not field.asked:
            item["known"] = selectors.pick(page.document, field.path)
            item["known_label"] = in_words(field, item["known"], page.language)
        rows.append(item)
    order = [s.id for s in page.sections]
    at = order.index(section.id)
    own = page.application
    cannot_be_read = unread(page.scheme, own.type, own.answers, page.document)
    return {
        "page": page,
        "application": page.application,
        "section": section,
        "title": section.title(page.language),
        "intro": section.intro(page.language) if section.intro else "",
        "form": form,
        "adviser": institutions.protection_officer(page.application.institution)
        if section.advice
        else None,
        "items": rows,
        "tasks": task_list(page.sections, page.document, told, page.language, typed),
        "previous": order[at - 1] if at else None,
        "next": order[at + 1] if at + 1 < len(order) else None,
        "number": at + 1,
        "count": len(order),
        "others": others_here(page, request.user),
        "blocks": sum(s.severity == "BLOCK" for s in told) + len(cannot_be_read),
        **saved,
    }


@application_page
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """One section of the form. POST saves; from htmx it answers with what has changed only."""
    page = page_of(request, pk)
    found = _section(page, section)
    if request.method == "POST":
        return _save(request, page, found)
    form = SectionForm(found, page.document, _typed(page), page.language)
    return render(request, "applications/section.html", _context(request, page, found, form, {}))


def _save(request: HttpRequest, page: Page, found: Section) -> HttpResponse:
    given = SectionForm(found, page.document, {}, page.language, data=request.POST)
    values = given.given()
    base, by_itself = given.read_base(), bool(request.headers.get("HX-Request"))
    if not by_itself:
        base |= given.seen()
    payload = {
        "section": found.id,
        "values": values,
        "typed": given.typed(),
        "base": base,
    }
    try:
        result = execute("save_section", page.application.pk, actor(request), payload)
    except Invalid as wrong:
        raise Http404 from wrong  # fields that this form does not have
    conflicts = _conflicts(result.value["conflicts"], given, page)
    page = page_of(request, page.application.pk)
    typed = _typed(page)
    form = SectionForm(found, page.document, typed, page.language)
    for path, conflict in result.value["conflicts"].items():
        form.initial[path] = conflict["yours"]
    if by_itself:
        # Autosave never settles a conflict: that is for the person, by a press on a button.
        form.keep_base({path: base[path] for path in result.value["conflicts"]})
    saved = {"saved_at": clock.now(), "conflicts": conflicts}
    context = _context(request, page, found, form, saved)
    status = 409 if conflicts else 200
    if by_itself:
        response = render(request, "applications/section_saved.html", context, status=status)
        visible = {item["path"]: item["shown"] for item in context["items"]}
        response["HX-Trigger"] = json.dumps({"tilgang:shown": visible})
        return response
    if conflicts or any(item["errors"] for item in context["items"]):
        return render(request, "applications/section.html", context, status=status or 200)
    messages.success(request, _("Saved."))
    if "continue" in request.POST and context["next"]:
        return redirect("applications:section", pk=page.application.pk, section=context["next"])
    if "continue" in request.POST:
        return redirect("applications:overview", pk=page.application.pk)
    return redirect("applications:section", pk=page.application.pk, section=found.id)


def _conflicts(found: dict, form: SectionForm, page: Page) -> list[dict]:
    told = []
    for path, both in found.items():
        field = form.paths[path]
        told.append(
            {
                "path": path,
                "element": path.replace(".", "-"),
                "label": field.label(page.language),
                "theirs": in_words(field, both["theirs"], page.language),
                "theirs_raw": form.fields[path].prepare_value(both["theirs"]),
                "yours": in_words(field, both["yours"], page.language),
                "seen": json.dumps(both["theirs"], ensure_ascii=False),
            }
        )
    return told
