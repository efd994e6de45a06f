"""What is missing, the review page, submission, the receipt, and answering a return."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import selectors, standing
from applications.commands import Incomplete, Invalid, execute
from applications.commands.submitting import NEEDED
from applications.enums import State
from applications.models import ReturnRound, Submission
from applications.models.application import SINGLE
from applications.selectors import checks, unchecked
from applications.selectors.review import summary
from applications.selectors.tasks import section_of
from applications.selectors.unread import unread
from applications.selectors.words import day_in_words
from applications.views import who_applies
from applications.views.common import Page, actor, application_or_404, application_page, page_of
from applications.views.form import findings_of
from portal.ui.download import file_response


@application_page
@require_GET
def missing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All findings in one list: what stops, what will be asked about, what is good to know."""
    page = page_of(request, pk)
    context = {
        "page": page,
        "application": page.application,
        "findings": findings_of(page),
        "unread": _unread(page),
        "who_applies": who_applies.told(page, request.user) if page.editable else None,
    }
    return render(request, "applications/missing.html", context)


def _unread(page: Page) -> list[dict]:
    """Texts that were typed and are no valid values: they stop a submission too."""
    told = []
    application = page.application
    found = unread(page.scheme, application.type, application.answers, page.document)
    for path, text in found.items():
        section = section_of(path, page.sections)
        field = page.scheme.field(path)
        if section and field:
            told.append({"label": field.label(page.language), "text": text, "section": section.id})
    return told


@application_page
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything on one page, the declaration, and the button that sends it."""
    page = page_of(request, pk)
    application = page.application
    command = "resubmit" if application.state == State.RETURNED else "submit"
    if application.state not in (State.DRAFT, State.RETURNED):
        return redirect("applications:receipt", pk=pk)
    errors: list[str] = []
    if request.method == "POST":
        payload = {
            "declaration": page.scheme.declaration_of(page.application.type)(page.language)
            if request.POST.get("declaration")
            else ""
        }
        key = f"{pk}:{request.POST.get('key', '')}"
        try:
            execute(command, pk, actor(request), payload, key=key)
        except Incomplete:
            errors.append(_("Something is still missing. Mend the points below, then send again."))
        except Invalid as wrong:
            errors += _in_words(wrong, page)
        else:
            return redirect("applications:receipt", pk=pk)
    told = findings_of(page)
    round_ = ReturnRound.objects.filter(
        application=application, resubmitted_at__isnull=True
    ).first()
    cannot_be_read = _unread(page)
    live = page.seen.attachments
    stops = who_applies.told(page, request.user)
    context = {
        "page": page,
        "application": application,
        "findings": told,
        "blocks": sum(s.severity == "BLOCK" for s in told) + len(cannot_be_read),
        "unread": cannot_be_read,
        "unanswered": round_.points.filter(answered_at__isnull=True).count() if round_ else 0,
        "summary": summary(page.sections, page.document, page.language),
        "attachments": live,
        "declaration": page.scheme.declaration_of(page.application.type)(page.language),
        "errors": errors,
        "key": uuid4(),
        **unchecked.told((a.filename, a.status) for a in live),
        "may_send": command in page.allowed and stops is None,
        "who_applies": stops,
        "resubmit": command == "resubmit",
    }
    return render(request, "applications/review.html", context, status=422 if errors else 200)


def _in_words(wrong: Invalid, page: Page) -> list[str]:
    told = []
    for path in wrong.errors.get(NEEDED, ()):
        field = page.scheme.field(path)
        label = field.label(page.language) if field else path
        told.append(_("Fill in “%(label)s” first.") % {"label": label})
    if "follows" in wrong.errors:
        told.append(
            _(
                "The case that this supplements has moved on since you began: it was decided, sent"
                " back to you, or sent anew. Nothing is lost here. Look at that case first."
            )
        )
    if SINGLE in wrong.errors:
        told.append(_("Your institution has one already. Only one at a time is allowed."))
    if standing.INSTITUTION in wrong.errors:
        told.append(_("See “Who applies”: somebody else must send it, or something comes first."))
    if "declaration" in wrong.errors:
        told.append(_("Tick the declaration to send the application."))
    if "attachments" in wrong.errors:
        names = ", ".join(wrong.errors["attachments"])
        told.append(_("Replace or remove the refused files first: %(names)s") % {"names": names})
    if not told:
        told.append(_("Some answers cannot be read. Mend them, then send again."))
    return told


def checked_for_applicant(page: Page) -> dict[str, Any] | None:
    """What has come of the checks of what was sent last; None where nothing is checked."""
    application, kind = page.application, page.scheme.type(page.application.type)
    last = application.submissions.order_by("-sequence").first()
    if last is None or (kind is not None and not kind.checks):
        return None
    return checks.told(checks.of(last), page.scheme.timezone, page.language, ours=False)


@application_page
@require_GET
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt: case number, when, what happens next, the frozen copy."""
    page = page_of(request, pk)
    if page.application.number is None:
        raise Http404
    context = {
        "page": page,
        "application": page.application,
        "submissions": page.application.submissions.order_by("-sequence"),
        "agency": page.scheme.name(page.language),
        "checked": checked_for_applicant(page),
        **unchecked.told(
            unchecked.sent(page.application.submissions.order_by("-sequence").first())
        ),
        "sent": True,
        "talk": bool((kind := page.scheme.type(page.application.type)) and not kind.decides),
    }
    return render(request, "applications/receipt.html", context)


@application_page
@require_GET
def frozen_copy(request: HttpRequest, pk: UUID, sequence: int, kind: str) -> HttpResponseBase:
    """The frozen copy of one submission, as PDF or JSON."""
    application = application_or_404(request, pk)
    found = Submission.objects.filter(application=application, sequence=sequence).first()
    if found is None:
        raise Http404
    name = f"{application.number}-{sequence}".replace("/", "-")
    if kind == "json":
        response = HttpResponse(selectors.frozen_json(found), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
    if not found.pdf_digest:
        messages.info(request, _("The copy is being made. Try again in a few seconds."))
        return redirect("applications:receipt", pk=pk)
    return file_response(found.pdf_digest, f"{name}.pdf", "application/pdf")


@application_page
@require_GET
def frozen_annex(request: HttpRequest, pk: UUID, sequence: int, position: int) -> HttpResponseBase:
    """One of the annexes that the frozen copy names, counted from 1."""
    application = application_or_404(request, pk)
    found = Submission.objects.filter(application=application, sequence=sequence).first()
    if found is None or not 1 <= position <= len(found.annexes):
        raise Http404
    annex = found.annexes[position - 1]
    return file_response(annex["sha256"], annex["filename"], "application/pdf")


@application_page
@require_http_methods(["GET", "POST"])
def returned(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The points of the agency, one by one, with the answers; then on to sending again."""
    page = page_of(request, pk)
    round_ = ReturnRound.objects.filter(application_id=pk, resubmitted_at__isnull=True).first()
    if round_ is None:
        return redirect("applications:overview", pk=pk)
    points = list(round_.points.all())
    if request.method == "POST":
        for point in points:
            answer = request.POST.get(f"answer-{point.pk}")
            if answer is not None:
                payload = {"point": str(point.pk), "answer": answer}
                execute("answer_point", pk, actor(request), payload)
        if request.headers.get("HX-Request"):
            return render(request, "applications/returned_saved.html", {"page": page})
        messages.success(request, _("Your answers are saved."))
        return redirect("applications:returned", pk=pk)
    lines: list[dict[str, Any]] = []
    for point in points:
        rule = page.scheme.rules.get(point.rule_id)
        section = (
            next((s for p in rule.fields if (s := section_of(p, page.sections))), None)
            if rule
            else None
        )
        lines.append(
            {
                "point": point,
                "message": page.scheme.message(point.rule_id, page.language) if rule else "",
                "section": section.id if section else "",
                "section_title": section.title(page.language) if section else "",
                "attachments": bool(rule and any(p.startswith("attachments") for p in rule.fields)),
            }
        )
    still = {s.id for s in findings_of(page)}
    for line in lines:
        line["still"] = line["point"].rule_id in still
    context = {
        "page": page,
        "application": page.application,
        "round": round_,
        "lines": lines,
        "due": day_in_words(round_.due_on, page.language),
        "checked": checks.told(
            checks.of(round_.submission), page.scheme.timezone, page.language, ours=False
        ),
        "may_answer": "answer_point" in page.allowed,
    }
    return render(request, "applications/returned.html", context)
