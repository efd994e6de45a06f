"""An application as a file, out and in again; what is handed over to other portals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import policy, schemes
from applications.commands import Invalid, execute
from applications.exchange import handing, opening, parsing, reading, taking, words
from applications.exchange.parsing import Fault, Parsed
from applications.exchange.writing import KINDS, Export, export_of
from applications.forms import filenames
from applications.imports.sources import Source
from applications.models import Application
from applications.schemes import ApplicationType, Scheme
from applications.views.asked import MOST_ROWS_AT_ONCE, ask, attached, key_of
from applications.views.common import (
    actor,
    application_or_404,
    application_page,
    page_seen,
    seen_or_404,
)
from institutions import selectors as institutions
from portal import given, store

SALT = "applications.import_file"
SHOWN = 100


def _export(request: HttpRequest, pk: UUID) -> Export:
    """What this person may take along, or a 404."""
    return export_of(seen_or_404(request, pk), get_language() or "en")


@application_page
@require_GET
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The files in which the application can be taken along."""
    page = page_seen(request, seen_or_404(request, pk))
    found = export_of(page.seen, page.language)
    context = {
        "page": page,
        "application": page.application,
        "own_side": page.seen.own_side,
        "files": found.facts(),
    }
    return render(request, "applications/export.html", context)


@application_page
@require_http_methods(["GET", "POST"])
def export_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """The application as JSON, CSV, or zip with its clean files; as PDF, and whenever it is long, it
    is made by the worker."""
    if kind not in ("json", "csv", "pdf", "zip"):
        raise Http404
    found = _export(request, pk)
    if kind == "zip":  # piece by piece, as fast as it is taken
        answer = StreamingHttpResponse(found.as_zip(), content_type=KINDS[kind])
        return attached(answer, f"{found.name}.zip")  # type: ignore[no-any-return]
    if kind != "pdf" and found.rows() <= MOST_ROWS_AT_ONCE:
        text = HttpResponse(found.as_text(kind), content_type=KINDS[kind])
        return attached(text, f"{found.name}.{kind}")  # type: ignore[no-any-return]
    return ask(
        request,
        "application.export",
        found,
        {"kind": kind},
        key=key_of(kind, found.language, found.document, found.facts()),
        title=_("Take the application along"),
        back=reverse("applications:export", args=[pk]),
        count=found.rows(),
    )


@application_page
@require_http_methods(["GET", "POST"])
def handoff_list(request: HttpRequest, pk: UUID, handoff: str, kind: str) -> HttpResponse:
    """The rows that are to be taken along to another portal."""
    found = _export(request, pk)
    asked = found.scheme.handoff(handoff)
    told = handing.taken_along(found, handoff)
    if asked is None or told is None or kind not in asked.formats:
        raise Http404
    name = filenames.clean(f"{found.name}-{handoff}.{kind}")
    if kind == "csv":
        content = HttpResponse(handing.as_csv(told).encode(), content_type=KINDS[kind])
        return attached(content, name)  # type: ignore[no-any-return]
    if len(told.values) <= MOST_ROWS_AT_ONCE:
        return attached(HttpResponse(told.as_workbook(), content_type=KINDS[kind]), name)  # type: ignore[no-any-return]
    return ask(
        request,
        "list.print",
        found,
        {"handoff": handoff, "kind": kind},
        key=f"{handoff}:{kind}:{told.content}",
        title=told.title,
        back=reverse("applications:overview", args=[pk]),
        count=len(told.values),
    )


@application_page
@require_POST
def handoff(request: HttpRequest, pk: UUID, handoff: str) -> HttpResponse:
    """Keeps the number that another portal gave."""
    application = application_or_404(request, pk)
    payload = {"handoff": handoff, "reference": request.POST.get("reference", "")}
    try:
        execute("keep_reference", pk, actor(request), payload)
    except Invalid as wrong:
        if "handoff" in wrong.errors:
            raise Http404 from wrong
        messages.error(request, _("A reference has at most 200 characters."))
    else:
        messages.success(request, _("The reference is kept."))
    if back := given.way_back(request, request.POST.get("next"), ""):
        return redirect(back)
    if policy.side(request.user, application) == policy.Side.OWN:
        return redirect("applications:overview", pk=pk)
    return redirect("cases:case", agency=application.agency, pk=pk)


# -- in ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Takes a file in as a new draft. What cannot be taken is listed first, and the person says
    whether the rest shall be taken."""
    language = get_language() or "en"
    places = list(institutions.active_institutions(request.user))
    context: dict[str, Any] = {
        "places": places,
        "chosen": request.POST.get("institution", str(places[0].pk) if places else ""),
    }
    if request.method == "GET":
        return render(request, "applications/import_file.html", context)
    try:
        source = _given(request)
        with store.open_object(source.digest) as stored:
            parsed = opening.opened(stored)
    except FileNotFoundError:
        context["error"] = _("Give the file again.")
        return render(request, "applications/import_file.html", context, status=422)
    except ValueError as wrong:
        context["error"] = str(wrong)
        return render(request, "applications/import_file.html", context, status=422)
    fault, scheme, wanted, follows = _for_whom(request, parsed)
    if fault or scheme is None or wanted is None:
        context["fatal"] = words.told(fault or Fault("type"), language)
        context["elsewhere"] = wanted.handoff(language) if wanted else ""
        return render(request, "applications/import_file.html", context, status=422)
    found = reading.understand(parsed, scheme, wanted.id)
    if found.faults and "take" not in request.POST:
        context |= {
            "faults": [words.told(f, language) for f in found.faults[:SHOWN]],
            "count": len(found.faults) + found.more,
            "left": len(found.faults) + found.more - min(len(found.faults), SHOWN),
            "agency_code": scheme.agency,
            "agency": scheme.name(language),
            "type": wanted.label(language),
            "answers": len(found.values),
            "rows": sum(map(len, found.rows.values())),
            "source": source.sign(_salt(request)),
        }
        return render(request, "applications/import_faults.html", context, status=422)
    try:
        draft = taking.take(
            actor(request),
            scheme,
            wanted,
            found,
            parsed.language or language,
            context["chosen"] or None,
            follows,
        )
    except Invalid as wrong:
        context["error"] = (
            _("Choose an institution of a kind that may apply for this.")
            if "institution" in wrong.errors
            else _("The draft could not be made.")
        )
        return render(request, "applications/import_file.html", context, status=422)
    _tell(request, found)
    return redirect("applications:overview", pk=draft.pk)


def _salt(request: HttpRequest) -> str:
    return f"{SALT}:{request.user.pk}"


def _given(request: HttpRequest) -> Source:
    """The file, in the store. ValueError says why there is none."""
    if token := request.POST.get("source"):
        try:
            return Source.signed(token, _salt(request))
        except signing.BadSignature as gone:
            raise ValueError(_("Give the file again.")) from gone
    file = request.FILES.get("file")
    if file is None:
        raise ValueError(_("Choose a file."))
    if (file.size or 0) > parsing.MOST_BYTES:
        raise ValueError(words.TEXTS["large"]())
    return Source("json", store.put_file(file), filenames.clean(file.name or ""))


def _for_whom(
    request: HttpRequest, parsed: Parsed
) -> tuple[Fault | None, Scheme | None, ApplicationType | None, Application | None]:
    """(why it cannot be taken at all, the scheme, what is applied for, the earlier case)."""
    if parsed.fault:
        return parsed.fault, None, None, None
    scheme = next((s for s in schemes.all_current() if s.agency == parsed.agency and s.open), None)
    if scheme is None:
        return Fault("agency", "/agency", value=parsed.agency[:60]), None, None, None
    wanted = taking.type_of(parsed, scheme)
    if wanted is None:
        return Fault("type", "/type", value=parsed.type[:60]), scheme, None, None
    if not wanted.here:
        return Fault("handoff", "/type", value=parsed.type[:60]), scheme, wanted, None
    follows = taking.earlier_of(request.user, parsed, wanted)
    if wanted.follows and follows is None:
        fault = Fault("follows", "/follows", value=parsed.follows[:60])
        return fault, scheme, wanted, None
    return None, scheme, wanted, follows if wanted.follows else None


def _tell(request: HttpRequest, found: reading.Understood) -> None:
    told = [_("The file is taken in as a draft.")]
    if files := len(found.files):
        told.append(
            ngettext(
                "Its %(n)d attachment is not in it: hand it in again.",
                "Its %(n)d attachments are not in it: hand them in again.",
                files,
            )
            % {"n": files}
        )
    if left := len(found.faults) + found.more:
        told.append(
            ngettext(
                "%(n)d place of the file was left out.",
                "%(n)d places of the file were left out.",
                left,
            )
            % {"n": left}
        )
    if found.filled:
        told.append(_("What the portal knows itself was not taken from the file."))
    messages.success(request, " ".join(told))
