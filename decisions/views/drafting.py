"""The officer's pages of a draft: write, look at it, send it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.commands import Invalid, Stale, execute
from applications.selectors import checks, ended
from applications.views.common import actor, application_or_404, application_page
from decisions import checking, composing, policy, reading, selectors
from decisions.enums import Status
from decisions.forms import ConditionForm, DraftForm
from decisions.letters import annexes
from decisions.readiness import blocking
from decisions.selectors import draft as drafts
from decisions.views.common import Page, draft_page, staff_page
from decisions.views.rowwise import first_undecided
from decisions.words import choices
from portal import clock
from portal.events.lanes import Lane
from portal.given import number
from portal.jobs import commands as jobs
from portal.jobs.views import to_page


@application_page
@require_POST
def start(request: HttpRequest, application: UUID) -> HttpResponse:
    """Begins the draft of a case, or goes on with the one that is there."""
    found = application_or_404(request, application)
    if not policy.is_staff(request.user, found):
        raise Http404
    present = selectors.current(found)
    if present is None:
        result = execute("draft_decision", application, actor(request))
        present = result.value
    return redirect("decisions:draft", pk=present.pk)


def _gaps(page: Page, print_check: bool) -> dict[str, Any]:
    found = checking.gaps(page.decision, page.scheme, clock.now(), page.language, print_check)
    checked = checks.of(page.decision.submission)
    return {
        "gaps": found,
        "blocks": len(blocking(found)),
        "checked": checks.told(checked, page.scheme.timezone, page.language),
    }


def _conditions(page: Page, form: ConditionForm | None = None) -> dict[str, Any]:
    free = drafts.free_conditions(page.decision, page.scheme)
    return {
        "conditions": drafts.conditions(page.decision, page.scheme, page.language),
        "condition_form": form or ConditionForm(free, prefix="add"),
        "access": checking.gives_access(page.decision, page.scheme),
        "about_data": checking.about_data(page.decision, page.scheme),
    }


def _context(page: Page, form: DraftForm, **more: Any) -> dict[str, Any]:
    return {
        "page": page,
        "decision": page.decision,
        "application": page.application,
        "form": form,
        "bases": form.bases(),
        "outcomes": _outcomes(page),
        "beginnings": _beginnings(page, page.decision.outcome),
        "counts": (counted := drafts.counts(page.decision)),
        "first_undecided_url": first_undecided(page, counted),
        "sent_back": page.decision.send_backs.select_related("sent_by").first(),
        **_conditions(page),
        **more,
    }


def _outcomes(page: Page) -> list[tuple[str, str, Any]]:
    """What can be chosen: value, the agency's word, what follows from it."""
    words = choices(checking.about_data(page.decision, page.scheme))
    return [(str(o), page.outcome(o), means) for o, means in words.items()]


def _beginnings(page: Page, outcome: str) -> list[str]:
    """How the agency usually begins the reasons of this outcome, in the letter's language."""
    letters = page.scheme.letters_of(page.application.type)
    return letters.beginnings(outcome, page.decision.language) if outcome else []


@application_page
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The draft on one page. POST saves; from htmx it answers with what has changed only."""
    page = staff_page(request, pk)
    if page.decision.status != Status.DRAFT or "draft_decision" not in page.allowed:
        return redirect("decisions:decision", pk=pk)
    if request.method == "POST":
        return _save(request, page)
    form = DraftForm(page.decision, page.scheme)
    more = {"ended": ended.since(page.decision.submission, page.language)}
    context = _context(page, form, **more, **_gaps(page, print_check=True))
    return render(request, "decisions/draft.html", context)


def _save(request: HttpRequest, page: Page) -> HttpResponse:
    form = DraftForm(page.decision, page.scheme, request.POST)
    valid = form.is_valid()
    given = form.given()
    if "beginning" in request.POST:
        usual = _beginnings(page, given.get("outcome") or page.decision.outcome)
        given["reasons"] = "\n\n".join([*usual, given.get("reasons", "")]).strip()
    payload: dict[str, Any] = {
        "decision": str(page.decision.pk),
        "fields": given,
        "base": form.typed_bases(),
    }
    conflicts: list[dict[str, Any]] = []
    try:
        execute("draft_decision", page.application.pk, actor(request), payload)
    except Stale as stale:
        conflicts = _conflicts(page, form, stale)
    before = (page.decision.language, page.decision.deletion_date, page.decision.outcome)
    page.decision.refresh_from_db()
    form.decision = page.decision
    after = (page.decision.language, page.decision.deletion_date, page.decision.outcome)
    more: dict[str, Any] = {
        "conflicts": conflicts,
        "saved_at": page.moment(clock.now()) if valid and not conflicts else "",
        "conditions_changed": before != after,
    }
    status = 409 if conflicts else 200 if valid else 422
    if request.headers.get("HX-Request"):
        context = _context(page, form, **more, **_gaps(page, print_check=False))
        return render(request, "decisions/_draft_saved.html", context, status=status)
    if status != 200:
        context = _context(page, form, **more, **_gaps(page, print_check=True))
        return render(request, "decisions/draft.html", context, status=status)
    messages.success(request, _("Saved."))
    if "preview" in request.POST:
        return redirect("decisions:preview", pk=page.decision.pk)
    return redirect("decisions:draft", pk=page.decision.pk)


def _conflicts(page: Page, form: DraftForm, stale: Stale) -> list[dict[str, Any]]:
    def words(name: str, value: Any) -> str:
        return page.outcome(value) if name == "outcome" else str(value or "")

    return [
        {
            "name": name,
            "label": form.fields[name].label,
            "theirs": words(name, theirs),
            "theirs_raw": str(theirs or ""),
            "yours": words(name, stale.yours[name]),
        }
        for name, theirs in stale.theirs.items()
    ]


@application_page
@require_POST
def refresh(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes over an application that was sent again since; what was decided on rows alike stays."""
    page = draft_page(request, pk)
    payload = {"decision": str(pk), "refresh": True}
    execute("draft_decision", page.application.pk, actor(request), payload)
    messages.success(request, _("The application as it was sent last is taken over."))
    return redirect("decisions:draft", pk=pk)


@application_page
@require_POST
def conditions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One change of the conditions: fill in, drop, restore, add, remove."""
    page = draft_page(request, pk)
    does = request.POST.get("do", "")
    form, error = None, ""
    change: dict[str, Any] = {"do": does, "condition": number(request.POST.get("condition")) or 0}
    if does == "add":
        free = drafts.free_conditions(page.decision, page.scheme)
        form = ConditionForm(free, request.POST, prefix="add")
        if form.is_valid():
            change |= form.cleaned_data
    elif does == "fill":
        sent = request.POST.items()
        change["values"] = {k[6:]: v for k, v in sent if k.startswith("value-")}
    elif does == "drop":
        change["reason"] = request.POST.get("reason", "")
    elif does not in ("restore", "remove"):
        raise Http404
    if form is None or form.is_valid():
        payload = {"decision": str(pk), "condition": change}
        try:
            execute("draft_decision", page.application.pk, actor(request), payload)
            form = None
        except Invalid:
            error = _("Say why, and fill in everything that is asked.")
        page.decision.refresh_from_db()
    failed = bool(error or form)
    if not failed and not request.headers.get("HX-Request"):
        return redirect(reverse("decisions:draft", args=[pk]) + "#conditions")
    context = _context(page, DraftForm(page.decision, page.scheme), condition_error=error)
    context |= _conditions(page, form) | _gaps(page, print_check=not failed)
    name = "_conditions_saved" if request.headers.get("HX-Request") else "draft"
    return render(request, f"decisions/{name}.html", context, status=422 if failed else 200)


@application_page
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter as it stands, what is missing, and the button that sends it for approval."""
    page = staff_page(request, pk)
    if page.decision.status != Status.DRAFT:
        return redirect("decisions:decision", pk=pk)
    refused: list[str] = []
    stale = False
    if request.method == "POST":
        payload = {"decision": str(pk), "version": number(request.POST.get("version")) or 0}
        try:
            execute("send_for_approval", page.application.pk, actor(request), payload)
        except Invalid as wrong:
            refused = [text for texts in wrong.errors.values() for text in texts]
        except Stale:
            stale = True
        else:
            messages.success(request, _("The draft lies with the decision makers."))
            return redirect("cases:case", agency=page.application.agency, pk=page.application.pk)
        page.decision.refresh_from_db()
    content = composing.compose(page.decision, page.scheme, clock.now())
    context = {
        "page": page,
        "decision": page.decision,
        "application": page.application,
        "reading": reading.reading(content),
        "refused": refused,
        "stale": stale,
        "outcome": page.outcome(page.decision.outcome),
        "may_send": "send_for_approval" in page.allowed,
        "ended": ended.since(page.decision.submission, page.language),
        **_gaps(page, print_check=True),
    }
    status = 409 if stale else 422 if refused else 200
    return render(request, "decisions/preview.html", context, status=status)


@application_page
@require_POST
def preview_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks for the draft as PDF, marked as a draft on each page. Staff only, never signed."""
    page = staff_page(request, pk)
    content = composing.as_it_stands(page.decision, page.scheme)
    # The same draft on the same day is the same preview.
    day = content.decided_at.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        job = jobs.begin(
            "draft.preview",
            {"decision": str(pk)},
            request.user,
            key=f"{pk}:{composing.digest(content.replace(decided_at=day))}",
            lane=Lane.HEAVY if annexes.are_needed(content) else None,
        )
    except jobs.TooMany:
        messages.error(
            request,
            _("You have many files under way already. Wait until some of them are made."),
        )
        return redirect("decisions:preview", pk=pk)
    return to_page(job)


@application_page
@require_POST
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes the draft back from the decision makers."""
    page = staff_page(request, pk)
    execute("recall", page.application.pk, actor(request), {"decision": str(pk)})
    messages.success(request, _("The draft is yours again."))
    return redirect("decisions:draft", pk=pk)
