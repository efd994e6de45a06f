"""The decision maker's pages: what waits, and reading, approving or sending back one draft."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.commands import Invalid, Stale, execute
from applications.commands.checks import NEEDED
from applications.selectors import case as cases
from applications.selectors import checks, ended, scheme_of
from applications.selectors.words import moment_in_words
from applications.views.common import actor, application_page
from decisions import checking, composing, policy, reading, selectors
from decisions.commands.approving import LONGEST_TITLE
from decisions.enums import Status
from decisions.models import Decision
from decisions.selectors import draft as drafts
from decisions.views.common import Page, staff_page
from decisions.words import outcome_label
from portal import clock
from portal.accounts import kept
from portal.accounts import policy as accounts

MOST = 100


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for this decision maker, the longest waiting first."""
    if not accounts.agencies_with_role(request.user, "decision_maker"):
        raise Http404
    language = get_language() or "en"
    found = list(selectors.waiting_for_approval(request.user).defer("content")[: MOST + 1])
    lines = [_line(decision, language) for decision in found[:MOST]]
    context = {"lines": lines, "more": len(found) > MOST}
    response = render(request, "decisions/waiting.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _line(decision: Decision, language: str) -> dict[str, Any]:
    application = decision.application
    scheme = scheme_of(application)
    sent_at = decision.sent_at
    return {
        "pk": decision.pk,
        "number": application.number,
        "title": application.title,
        "institution": application.institution,
        "outcome": outcome_label(scheme, decision.outcome, language),
        "sent_by": decision.sent_by,
        "sent_at": moment_in_words(sent_at, scheme.timezone, language) if sent_at else "",
    }


def _typed(request: HttpRequest) -> Any:
    """What the person wrote: in this request, or before they were asked to sign in anew."""
    return request.POST if request.method == "POST" else (kept.typed(request) or {})


@application_page
@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything a decision maker needs on one page; approve, or send back with a text.

    Approving asks for a fresh sign-in; what was typed is kept meanwhile.
    """
    page = staff_page(request, pk)
    if page.decision.status != Status.FOR_APPROVAL:
        return redirect("decisions:decision", pk=pk)
    errors: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            return _decide(request, page)
        except Stale:
            errors.append(
                _("The draft was changed while you read it. Read it again; nothing was decided.")
            )
            status = 409
        except Invalid as wrong:
            errors += _in_words(wrong)
            status = 422
        page.decision.refresh_from_db()
        if page.decision.status != Status.FOR_APPROVAL:
            messages.warning(request, errors[0])
            return redirect("decisions:decision", pk=pk)
    typed = _typed(request)
    context = _context(request, page) | {
        "errors": errors,
        "typed_text": typed.get("text", ""),
        "typed_title": typed.get("title", _last_title(request.user)),
    }
    return render(request, "decisions/approval.html", context, status=status)


def _decide(request: HttpRequest, page: Page) -> HttpResponse:
    given = request.POST
    common = {"decision": str(page.decision.pk), "digest": given.get("digest", "")}
    case, who = page.application.pk, actor(request)
    if given.get("do") == "approve":
        # A second click answers as the first did: one decision, one letter.
        key = f"approve:{page.decision.pk}:{given.get('key', '')}"
        execute("approve", case, who, {**common, "title": given.get("title", "")}, key=key)
        messages.success(request, _("The decision is approved. The letter is being signed."))
        return redirect("decisions:decision", pk=page.decision.pk)
    if given.get("do") == "send_back":
        execute("send_back", case, who, {**common, "text": given.get("text", "")})
        messages.success(request, _("The draft is with the case officer again."))
        return redirect("cases:case", agency=page.application.agency, pk=case)
    raise Http404


def _in_words(wrong: Invalid) -> list[str]:
    told = []
    told += wrong.errors.get(NEEDED, [])
    if "text" in wrong.errors:
        told.append(_("Say what is to be changed before you send the draft back."))
    if "title" in wrong.errors:
        told.append(
            _("The letter cannot show your name or title as written, or the title is too long.")
        )
    return told or [_("This cannot be done as it stands.")]


def _last_title(user: Any) -> str:
    """The title under which the person signed last."""
    titles = Decision.objects.filter(approved_by=user).order_by("-approved_at")
    return titles.values_list("approver_title", flat=True).first() or ""


def _context(request: HttpRequest, page: Page) -> dict[str, Any]:
    decision, application = page.decision, page.application
    frozen = composing.thaw(decision)
    deadlines = application.config.get("deadlines", {})
    name, title = request.user.name, _last_title(request.user)  # type: ignore[union-attr]
    shown = composing.finish(frozen, deadlines, name, title, clock.now())
    document = decision.submission.document
    sections = list(page.scheme.form(application.type, document).sections)
    answers = {a.item: a for a in application.checklist.select_related("answered_by")}
    run = checks.finished(decision.submission)
    found = checking.gaps(decision, page.scheme, clock.now(), page.language, print_check=False)
    return {
        "page": page,
        "decision": decision,
        "application": application,
        "reading": reading.reading(shown),
        "digest": decision.sent_digest,
        "key": uuid4(),
        "longest_title": LONGEST_TITLE,
        "outcome": page.outcome(decision.outcome),
        "sent_at": page.moment(decision.sent_at),
        "own_hand": policy.had_a_hand(request.user, decision),
        "may_approve": "approve" in page.allowed,
        "notices": [gap for gap in found if not gap.blocks],
        "stops": [gap for gap in found if gap.blocks and gap.place == "checks"],
        "ended": ended.since(decision.submission, page.language),
        "conditions": drafts.conditions(decision, page.scheme, page.language),
        "counts": drafts.counts(decision),
        "checked": checks.told(checks.of(decision.submission), page.scheme.timezone, page.language),
        "findings": cases.run_findings(run, page.scheme, sections, page.language),
        "checklist": [
            {"label": item.label(page.language), "answer": answers.get(item.id)}
            for item in page.scheme.checklist
            if item.shown(document)
        ],
        "reviews": list(application.reviews.select_related("reviewer", "asked_by")),
        "notes": list(application.notes.select_related("author").order_by("-written_at")),
        "send_backs": list(decision.send_backs.select_related("sent_by")),
    }
