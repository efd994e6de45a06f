"""Attachments: hand in by purpose, see what the worker found, download, remove."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from applications.commands import Invalid, execute
from applications.enums import ScanStatus
from applications.forms import filenames
from applications.scanning import DEMO_NAME
from applications.views.common import Page, actor, application_page, page_of, seen_or_404
from applications.views.form import findings_of
from portal import store
from portal.files.inspection import MOST_BYTES, TYPES
from portal.files.wording import refusal as refusal_words
from portal.ui.download import file_response


def scanner_words(scanner: str) -> str:
    """Which scanner looked at a file; the demo's is named for what it is."""
    if scanner == DEMO_NAME:
        return _("Looked at by the demo's stand-in, which knows the test file EICAR only")
    return _("Scanned by %(scanner)s") % {"scanner": scanner} if scanner else ""


def for_staff(facts: dict[str, Any]) -> dict[str, Any]:
    """An attachment of the case page with its state in words."""
    unscanned = facts["status"] == ScanStatus.UNSCANNED
    return facts | {
        "refusal": refusal_words(facts["refusal"]) if facts["refusal"] else "",
        "scanner": scanner_words(facts["scanner"]),
        "waits_for_scanner": unscanned and settings.SCANNER != "none",
    }


def lines_of(page: Page) -> list[dict[str, Any]]:
    """The live attachments with their state in words."""
    labels = {kind.kind: kind.label(page.language) for kind in page.scheme.attachment_kinds}
    return [
        {
            "attachment": a,
            "kind": labels.get(a.kind, a.kind),
            "refusal": refusal_words(a.refusal) if a.refusal else "",
            "waiting": a.status == ScanStatus.WAITING,
        }
        for a in page.seen.attachments
    ]


def _context(page: Page) -> dict[str, Any]:
    lines = lines_of(page)
    told = findings_of(page)
    kinds = []
    for kind in page.scheme.attachment_kinds:
        here = [s for s in told if f"attachments.{kind.kind}" in s.fields]
        own = [line for line in lines if line["attachment"].kind == kind.kind]
        if not (kind.shown(page.document) or own or here):
            continue
        kinds.append(
            {
                "kind": kind.kind,
                "label": kind.label(page.language),
                "help": kind.help(page.language) if kind.help else "",
                "lines": own,
                "findings": here,
                "needed": any(s.severity == "BLOCK" for s in here),
                "asked": bool(here or own),
            }
        )
    kinds.sort(key=lambda k: not k["needed"])
    folded = [k for k in kinds if not k["asked"]]
    return {
        "page": page,
        "application": page.application,
        "kinds": [k for k in kinds if k["asked"]],
        "folded": folded if "attach" in page.allowed else [],
        "may_attach": "attach" in page.allowed,
        "waiting": any(line["waiting"] for line in lines),
        "accept": ",".join(f".{ext}" for ext in TYPES),
        "other_findings": [s for s in told if "attachments" in s.fields],
    }


@application_page
@require_GET
def attachments(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All purposes with what was handed in for each."""
    return render(request, "applications/attachments.html", _context(page_of(request, pk)))


@application_page
@require_GET
def status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list alone, for the page to ask again while the worker is at it."""
    return render(request, "applications/attachments_list.html", _context(page_of(request, pk)))


def _refuse(request: HttpRequest, pk: UUID, text: str) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": text}, status=422)
    messages.error(request, text)
    return redirect("applications:attachments", pk=pk)


@application_page
@require_POST
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes one or more files for one purpose. The worker looks at them afterwards."""
    page = page_of(request, pk)
    if "attach" not in page.allowed:
        execute("attach", pk, actor(request), {})  # refuses with the right reason
    files = request.FILES.getlist("file")
    if not files:
        return _refuse(request, pk, _("Choose a file first."))
    for file in files:
        name = filenames.clean(file.name or "")
        ext = filenames.extension(name)
        wrong = ""
        if ext not in TYPES:
            wrong = refusal_words("type")
        elif not file.size:
            wrong = refusal_words("empty")
        elif file.size > MOST_BYTES:
            wrong = refusal_words("large")
        if wrong:
            return _refuse(request, pk, f"{name}: {wrong}")
        try:
            digest = store.put_file(file)
        except (OSError, store.StoreFailed):
            text = _("The file could not be stored. Nothing else is lost; try again in a while.")
            return _refuse(request, pk, f"{name}: {text}")
        payload = {
            "kind": request.POST.get("kind", ""),
            "filename": name,
            "ext": ext,
            "size": file.size,
            "digest": digest,
        }
        try:
            execute("attach", pk, actor(request), payload)
        except Invalid:
            text = _("No more files can be taken for this application, or the purpose is unknown.")
            return _refuse(request, pk, f"{name}: {text}")
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"ok": True})
    messages.success(request, _("The file is handed in and will be checked."))
    return redirect("applications:attachments", pk=pk)


@application_page
@require_GET
def download(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponseBase:
    """A clean file of what the person's side reads. What is not clean is never handed out."""
    found = seen_or_404(request, pk).attachment(attachment)
    if found is None:
        raise Http404
    if found.status != ScanStatus.CLEAN:
        context = {
            "message": refusal_words(found.refusal)
            if found.refusal
            else _("This file has not been scanned for malware yet and cannot be opened.")
        }
        return render(request, "applications/refused.html", context, status=409)
    return file_response(found.digest, found.filename, found.content_type)


@application_page
@require_POST
def remove(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """Removes a file from the application."""
    execute("detach", pk, actor(request), {"attachment": attachment})
    if request.headers.get("HX-Request"):
        return render(request, "applications/attachments_list.html", _context(page_of(request, pk)))
    messages.success(request, _("The file is removed."))
    return redirect("applications:attachments", pk=pk)
