"""The decision as the people read it whom it concerns: applicant, signatory, and the agency."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.commands import Invalid, Stale, execute
from applications.views.common import actor, application_page
from decisions import checking, composing, reading, selectors
from decisions.enums import ISSUED, Outcome, Revision, Status
from decisions.forms import AcceptanceForm
from decisions.letters.content import LetterContent
from decisions.models import Acceptance, LetterAnnex, LetterRevision
from decisions.views.common import Page, page_of
from decisions.words import STATUSES, meanings
from institutions import selectors as institutions
from portal import clock
from portal.accounts import kept
from portal.ui.download import file_response

PDF = "application/pdf"


def _issued(page: Page) -> bool:
    return page.decision.status in set(ISSUED)


def _overdue(page: Page, content: LetterContent) -> bool:
    """Whether the last day of acceptance has passed where the agency is."""
    due = content.acceptance_due
    return due is not None and clock.today(page.scheme.timezone) > due


@application_page
@require_GET
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was decided, the letter, what it means, what is to be done and until when."""
    page = page_of(request, pk)
    if not _issued(page):
        return _in_the_making(request, page)
    content = composing.thaw(page.decision)
    revisions = list(page.decision.revisions.all())
    acceptance = Acceptance.objects.filter(decision=page.decision).first()
    context = {
        "page": page,
        "decision": page.decision,
        "application": page.application,
        "reading": reading.reading(content),
        "content": content,
        "outcome": page.outcome(page.decision.outcome),
        "meaning": meanings(checking.about_data(page.decision, page.scheme))[
            Outcome(page.decision.outcome)
        ],
        "access": checking.gives_access(page.decision, page.scheme),
        "agency": page.scheme.name(page.language),
        "decided": page.day(_agency_day(page)),
        "delivered": page.moment(page.decision.delivered_at),
        "deletion": page.day(content.deletion_date),
        "validity": reading.reading(content).d.validity,
        "acceptance_due": page.day(content.acceptance_due),
        "overdue": _overdue(page, content),
        "revisions": [(r, page.moment(r.issued_at), r.revision) for r in revisions],
        "latest": revisions[-1] if revisions else None,
        "acceptance": acceptance,
        "accepted_at": page.moment(acceptance.accepted_at) if acceptance else "",
        "accepted_revision": any(r.revision == Revision.ACCEPTED for r in revisions),
        "shows_delivery": acceptance and (page.staff or acceptance.user_id == request.user.pk),
        "may_accept": "accept" in page.allowed and page.decision.status == Status.DELIVERED,
        "waits_for_acceptance": page.decision.status == Status.DELIVERED
        and checking.gives_access(page.decision, page.scheme),
        "signatories": _signatories(page),
        "trouble": selectors.trouble(page.decision) if page.staff else None,
    }
    return render(request, "decisions/decision.html", context)


def _agency_day(page: Page) -> Any:
    return reading.local_day(page.decision.approved_at, page.scheme.timezone)


def _signatories(page: Page) -> list[str]:
    if not page.application.institution_id:
        return []
    return [person.name for person in institutions.signatories(page.application.institution_id)]


def _in_the_making(request: HttpRequest, page: Page) -> HttpResponse:
    """For staff: a draft in its place, or a decision that waits for its signature."""
    status = Status(page.decision.status)
    if status == Status.DRAFT:
        name = "draft" if "draft_decision" in page.allowed else "preview"
        return redirect(f"decisions:{name}", pk=page.decision.pk)
    if status == Status.LAPSED:
        return _over(request, page)
    if status == Status.FOR_APPROVAL:
        return redirect("decisions:approval", pk=page.decision.pk)
    context = {
        "page": page,
        "decision": page.decision,
        "application": page.application,
        "reading": reading.reading(composing.thaw(page.decision)),
        "status": STATUSES[status],
        "outcome": page.outcome(page.decision.outcome),
        "approved_at": page.moment(page.decision.approved_at),
        "trouble": selectors.trouble(page.decision),
    }
    return render(request, "decisions/signing.html", context)


def _over(request: HttpRequest, page: Page) -> HttpResponse:
    """For staff: what was drafted before the case ended, to read."""
    workflow, state = page.scheme.workflow, page.application.state
    decision = page.decision
    context = {
        "page": page,
        "decision": decision,
        "application": page.application,
        "reading": reading.reading(
            composing.thaw(decision)
            if decision.content
            else composing.compose(decision, page.scheme, decision.drafted_at)
        ),
        "status": STATUSES[Status.LAPSED],
        "state_label": workflow.state_label(state, page.language),
        "ended_at": page.moment(selectors.ended_at(page.application)),
    }
    return render(request, "decisions/over.html", context)


@application_page
@require_GET
def letter(request: HttpRequest, pk: UUID, revision: int) -> HttpResponse:
    """The signed letter (1), or the letter with the acceptance (2), as a download."""
    page = page_of(request, pk)
    found = LetterRevision.objects.filter(decision=page.decision, revision=revision).first()
    if found is None:
        raise Http404
    suffix = "" if revision == Revision.SIGNED else "-accepted"
    return file_response(found.sha256, _filename(page, suffix), PDF)  # type: ignore[return-value]


@application_page
@require_GET
def annex(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """An annex that the letter names, as a download for whoever may have the letter."""
    page = page_of(request, pk)
    found = LetterAnnex.objects.filter(decision=page.decision, number=position).first()
    if found is None:
        raise Http404
    return file_response(found.sha256, found.filename, PDF)  # type: ignore[return-value]


@application_page
@require_GET
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt of the acceptance, to read and to print."""
    page = page_of(request, pk)
    found = page.decision.revisions.filter(revision=Revision.ACCEPTED).first()
    if found is None or not found.receipt_sha256:
        raise Http404
    return file_response(found.receipt_sha256, _filename(page, "-receipt"), PDF)  # type: ignore[return-value]


def _filename(page: Page, suffix: str) -> str:
    return f"{page.decision.letter_id.replace('/', '-')}{suffix}.pdf"


@application_page
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory reads the letter and accepts for the recipient, with a fresh sign-in."""
    page = page_of(request, pk)
    signed = LetterRevision.objects.filter(decision=page.decision, revision=Revision.SIGNED).first()
    # Of two clicks the second comes when all is done: it is answered as the first was.
    repeated = request.method == "POST" and page.decision.status == Status.ACCEPTED
    if signed is None or not (repeated or "accept" in page.allowed):
        return redirect("decisions:decision", pk=pk)
    typed = request.POST if request.method == "POST" else kept.typed(request)
    form = AcceptanceForm(typed) if typed else AcceptanceForm(initial=_known(request, page))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            payload = {
                **form.cleaned_data,
                "decision": str(pk),
                "letter": request.POST.get("letter", ""),
            }
            key = f"accept:{pk}:{request.POST.get('key', '')}"
            try:
                execute("accept", page.application.pk, actor(request), payload, key=key)
            except Invalid as wrong:
                form.refuse(wrong.errors)
            except Stale:
                messages.error(request, _("The letter is another one by now. Read it again."))
                return redirect("decisions:decision", pk=pk)
            else:
                messages.success(
                    request, _("The conditions are accepted. The letter is being completed.")
                )
                return redirect("decisions:decision", pk=pk)
    content = composing.thaw(page.decision)
    context = {
        "page": page,
        "decision": page.decision,
        "application": page.application,
        "form": form,
        "reading": reading.reading(content),
        "content": content,
        "letter": signed,
        "key": typed.get("key") if typed else uuid4(),
        "acceptance_due": page.day(content.acceptance_due),
        "overdue": _overdue(page, content),
        "deletion": page.day(content.deletion_date),
    }
    return render(request, "decisions/accept.html", context, status=status)


def _known(request: HttpRequest, page: Page) -> dict[str, str]:
    """What the institution's administrator wrote of the signatory, to be confirmed or changed."""
    held = institutions.membership(request.user, page.application.institution_id)
    return {
        "name": request.user.name,  # type: ignore[union-attr]
        "title": held.title if held else "",
        "authority": held.authority if held else "",
    }
