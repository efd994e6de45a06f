"""The officer's pages: queues and the case."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import panels, schemes
from applications.commands import Invalid, execute
from applications.commands.checks import Unchecked
from applications.enums import OPEN_STATES, State
from applications.forms.officer import NoteForm, ReturnForm, ReviewForm, StepForm
from applications.selectors import case as cases
from applications.selectors import followed, unchecked
from applications.selectors import queue as queues
from applications.selectors.review import disputed
from applications.selectors.words import moment_in_words
from applications.views.applicant import MessageForm, turn_conversation
from applications.views.attachments import for_staff
from applications.views.common import Page, actor, agencys_page, application_page
from portal import clock, given
from portal.accounts import policy as accounts
from portal.accounts import selectors as people


def agency_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages of an agency: staff of that agency, or a 404."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, agency: str, *args: Any, **kwargs: Any) -> HttpResponse:
        known = {s.agency: s for s in schemes.all_current()}
        if agency not in known or not accounts.staff_roles(request.user, agency):
            raise Http404
        response = view(request, known[agency], *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped


QUEUE_NAMES = ("mine", "unassigned", "waiting", "overdue", "open", "all")


def _queue_labels() -> dict[str, str]:
    return {
        "mine": _("Mine"),
        "unassigned": _("Unassigned"),
        "waiting": _("Waiting for the applicant"),
        "overdue": _("Overdue"),
        "open": _("All open"),
        "all": _("All cases"),
    }


@agency_page
@require_GET
def queue(request: HttpRequest, scheme: schemes.Scheme) -> HttpResponse:
    """A queue of the agency; filters, search and place stand in the address."""
    language = get_language() or "en"
    filters = queues.Filters.of(request.GET)
    whose = queues.people_of(request.user, scheme)
    page = queues.queue_page(request.user, scheme, whose, filters, language)
    counted = queues.counts(request.user, scheme, whose)
    labels = _queue_labels()
    context = {
        "scheme": scheme,
        "agency": scheme.agency,
        "filters": filters,
        "page": page,
        "tabs": [
            {
                "name": name,
                "label": labels[name],
                "count": counted.get(name, ""),
                "query": urlencode(filters.as_query(queue=name)),
                "current": name == filters.queue,
            }
            for name in QUEUE_NAMES
        ],
        "states": [
            (str(s), scheme.workflow.state_label(s, language))
            for s in State
            if s is not State.DRAFT and s in scheme.workflow.states
        ],
        "types": [(t.id, t.label(language)) for t in scheme.types if t.here],
        "officers": people.people_with_role(scheme.agency, "case_officer"),
        "next": urlencode(filters.as_query(after=page.next)) if page.next else "",
        "first": urlencode(filters.as_query()) if filters.after else "",
    }
    return render(request, "cases/queue.html", context)


def _forms(page: Page, told: dict) -> dict[str, Any]:
    today = clock.today(page.scheme.timezone)
    due = today + timedelta(days=page.application.config["deadlines"]["return"])
    return {
        "note_form": NoteForm(),
        "message_form": MessageForm(prefix="message"),
        "review_form": ReviewForm(told["reviewers"]),
        "return_form": ReturnForm(initial={"due_on": due}),
    }


def _case_context(request: HttpRequest, page: Page) -> dict[str, Any]:
    application, scheme, language = page.application, page.scheme, page.language
    told = cases.case(application, scheme, page.sections, language, page.seen.submissions)
    ids = {file["id"] for file in told["last"].attachments} if told["last"] else set()
    told |= unchecked.told(
        (a["filename"], a["status"]) for a in told["attachments"] if str(a["pk"]) in ids
    )
    told["attachments"] = [for_staff(facts) for facts in told["attachments"]]
    for review in told["reviews"]:
        review["mine"] = review["reviewer_id"] == str(request.user.pk)
    for step in told["steps"]:
        begun = {"day": clock.today(scheme.timezone)}
        step["form"] = StepForm(prefix="step", auto_id=f"{step['id']}_%s", initial=begun)
    kind = scheme.type(application.type)
    due = application.due_at if application.state in OPEN_STATES else None
    return {
        "page": page,
        "application": application,
        "scheme": scheme,
        "agency": application.agency,
        "state_label": scheme.workflow.state_label(application.state, language),
        "type_label": kind.label(language) if kind and len(scheme.types) > 1 else "",
        "decides": kind is None or kind.decides,
        "labels": [(key, label(language)) for key, label in scheme.workflow.labels.items()],
        "due": moment_in_words(due, scheme.timezone, language) if due else "",
        "overdue": bool(due and due < clock.now()),
        "disputed": disputed(page.sections, page.document, language),
        "earlier": application.follows,
        "departures": followed.changes(page.seen, page.sections, language)
        if application.follows_id
        else None,
        "zone": scheme.timezone.rpartition("/")[2],
        "panels": panels.render("staff", request, application),
        **told,
        **_forms(page, told),
    }


@application_page
@require_GET
def case(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """The case on one page."""
    page = agencys_page(request, agency, pk)
    return render(request, "cases/case.html", _case_context(request, page))


def _back(page: Page, anchor: str = "") -> HttpResponse:
    response = redirect("cases:case", agency=page.application.agency, pk=page.application.pk)
    if anchor:
        response["Location"] += f"#{anchor}"
    return response


def _failed(request: HttpRequest, page: Page, name: str, form: Any) -> HttpResponse:
    """The case page again, with the form that was not accepted and all that was typed in it."""
    context = _case_context(request, page) | {name: form, "open_form": name}
    return render(request, "cases/case.html", context, status=422)


@application_page
@require_POST
def assign(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Gives the case to an officer, to oneself, or to nobody."""
    page = agencys_page(request, agency, pk)
    chosen = request.POST.get("officer", "")
    officers = {str(p.pk): p for p in people.people_with_role(agency, "case_officer")}
    officer = request.user if chosen == "me" else officers.get(chosen)
    try:
        execute(
            "assign",
            pk,
            actor(request),
            {"officer": officer},
            given.number(request.POST.get("version")),
        )
    except Invalid:
        messages.error(
            request, _("This person cannot take the case: not a case officer, or barred.")
        )
    else:
        messages.success(request, _("The case is assigned.") if officer else _("The case is free."))
    return _back(page)


@application_page
@require_POST
def label(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Says where the case is inside its state."""
    page = agencys_page(request, agency, pk)
    execute("set_label", pk, actor(request), {"label": request.POST.get("label", "")})
    return _back(page)


@application_page
@require_POST
def note(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Writes an internal note."""
    page = agencys_page(request, agency, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _failed(request, page, "note_form", form)
    execute("add_note", pk, actor(request), form.cleaned_data)
    return _back(page, "notes")


@application_page
@require_POST
def message(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Sends the applicant a message."""
    page = agencys_page(request, agency, pk)
    form = MessageForm(request.POST, prefix="message")
    if not form.is_valid():
        return _failed(request, page, "message_form", form)
    execute("send_message", pk, actor(request), form.cleaned_data)
    return _back(page, "messages")


@application_page
@require_POST
def turn(request: HttpRequest, agency: str, pk: UUID, way: str) -> HttpResponse:
    """Closes a conversation, or opens it again."""
    page = agencys_page(request, agency, pk)
    turn_conversation(request, pk, way)
    return _back(page, "messages")


@application_page
@require_POST
def checklist(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Saves the checklist."""
    page = agencys_page(request, agency, pk)
    items = {
        item.id: {
            "assessed": f"assessed-{item.id}" in request.POST,
            "note": request.POST.get(f"note-{item.id}", ""),
        }
        for item in page.scheme.checklist
        if f"note-{item.id}" in request.POST
    }
    execute("save_checklist", pk, actor(request), {"items": items})
    messages.success(request, _("The checklist is saved."))
    return _back(page, "checklist")


@application_page
@require_POST
def interest(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Declares an interest: the person may not act on the case any more."""
    page = agencys_page(request, agency, pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Say shortly what your interest is."))
        return _back(page, "interest")
    execute("declare_interest", pk, actor(request), {"reason": reason})
    messages.success(request, _("Your interest is noted. The case is not shown to you any more."))
    return redirect("cases:queue", agency=agency)


@application_page
@require_POST
def ask_review(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Asks a lawyer or reviewer one question."""
    page = agencys_page(request, agency, pk)
    reviewers = {str(p.pk): p for p in people.people_with_role(agency, "lawyer", "reviewer")}
    form = ReviewForm(list(reviewers.values()), request.POST)
    if not form.is_valid():
        return _failed(request, page, "review_form", form)
    payload = {
        "question": form.cleaned_data["question"],
        "reviewer": reviewers[form.cleaned_data["reviewer"]],
    }
    try:
        execute("ask_review", pk, actor(request), payload)
    except Invalid:
        form.add_error("reviewer", _("This person has an interest in the case. Ask another."))
        return _failed(request, page, "review_form", form)
    messages.success(request, _("The question is sent."))
    return _back(page, "reviews")


@application_page
@require_POST
def answer_review(request: HttpRequest, agency: str, pk: UUID, review: UUID) -> HttpResponse:
    """The answer of the person asked."""
    page = agencys_page(request, agency, pk)
    payload = {"review": review, "answer": request.POST.get("answer", "")}
    try:
        execute("answer_review", pk, actor(request), payload)
    except Invalid:
        messages.error(request, _("Write an answer. A question that is answered stays as it is."))
    else:
        messages.success(request, _("Your answer is saved."))
    return _back(page, "reviews")


@application_page
@require_POST
def start_assessment(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Finds the application complete."""
    page = agencys_page(request, agency, pk)
    try:
        execute(
            "start_assessment", pk, actor(request), {}, given.number(request.POST.get("version"))
        )
    except Unchecked:
        messages.error(
            request,
            _(
                "The checks have not run yet: it is not known whether it is complete. Try again soon."
            ),
        )
        return _back(page, "findings")
    messages.success(request, _("The application is complete. The assessment has begun."))
    return _back(page)


@application_page
@require_http_methods(["GET", "POST"])
def return_(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Picks findings, adds own points and a text, sets the date, and sends the case back."""
    page = agencys_page(request, agency, pk)
    context = _case_context(request, page)
    form = ReturnForm(request.POST or None, initial=context["return_form"].initial)
    chosen = set(request.POST.getlist("finding"))
    if request.method == "POST" and form.is_valid():
        points: list[dict] = [
            {"rule_id": f.id, "rows": list(f.rows), "text": request.POST.get(f"text-{f.id}", "")}
            for f in context["findings"]
            if f.id in chosen
        ]
        own = form.cleaned_data["own_points"].splitlines()
        points += [{"text": line.strip()} for line in own if line.strip()]
        payload = {
            "points": points,
            "text": form.cleaned_data["text"],
            "due_on": form.cleaned_data["due_on"],
        }
        try:
            execute(
                "return", pk, actor(request), payload, given.number(request.POST.get("version"))
            )
        except Invalid as wrong:
            if "points" in wrong.errors:
                form.add_error(
                    None, _("Choose at least one finding, or write a point of your own.")
                )
            if "due_on" in wrong.errors:
                form.add_error("due_on", _("Choose a date in the future."))
        else:
            messages.success(request, _("The case is returned. The applicant has been told."))
            return _back(page)
    context |= {"return_form": form, "chosen": chosen}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "cases/return.html", context, status=status)
