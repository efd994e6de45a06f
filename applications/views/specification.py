"""The specification of a case: the agency writes and sends it, the applicant's side answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import policy, selectors
from applications.commands import Invalid, execute
from applications.enums import State
from applications.forms.specification import ObjectionForm, SpecificationForm, as_initial
from applications.models import Application, Specification
from applications.selectors.specifications import in_words, specifications
from applications.views.common import actor, agencys_page, application_page, page_of
from applications.workflow import SEND
from portal.given import number

NOTHING = SafeString("")


def _used(application: Application) -> bool:
    """Whether cases of this agency and type have specifications."""
    return SEND in selectors.scheme_of(application).commands(application.type)


def _told(application: Application, found: list[Specification], own: bool) -> dict[str, Any]:
    scheme = selectors.scheme_of(application)
    language = get_language() or "en"
    agency = "" if own else scheme.short_name(language)
    told = in_words(found, scheme.timezone, language, agency)
    waits = application.state == State.SPECIFICATION and bool(told) and told[0]["waits"]
    return {
        "application": application,
        "agency": application.agency,
        "agency_name": scheme.name(language),
        "newest": told[0] if told else None,
        "earlier": told[1:],
        "waits": waits,
    }


def staff_panel(request: HttpRequest, application: Application) -> SafeString:
    """On the case page: where the specification stands, and the way to write one."""
    if not _used(application):
        return NOTHING
    found, allowed = specifications(application), policy.allowed(request.user, application)
    if not found and SEND not in allowed:
        return NOTHING
    context = {**_told(application, found, own=True), "allowed": allowed}
    return SafeString(render_to_string("cases/_specification.html", context, request))


def applicant_panel(request: HttpRequest, application: Application) -> SafeString:
    """On the overview: what is to be read and confirmed, or what was."""
    if not _used(application):
        return NOTHING
    found = specifications(application)
    if not found:
        return NOTHING
    context = _told(application, found, own=False)
    context["may_answer"] = "confirm_specification" in policy.allowed(request.user, application)
    return SafeString(render_to_string("applications/_specification.html", context, request))


@application_page
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """The officer writes a version, which begins as the last one was, and sends it; or takes the
    one that waits back (`recall`)."""
    page = agencys_page(request, agency, pk)
    application = page.application
    if not _used(application):
        raise Http404
    if request.method == "POST" and "recall" in request.POST:
        execute("recall_specification", pk, actor(request))
        messages.success(request, _("The specification is taken back."))
        return redirect("cases:case", agency=agency, pk=pk)
    found = specifications(application)
    form = SpecificationForm(
        page.scheme.config.get("currency", ""),
        request.POST or None,
        initial=as_initial(found[0] if found else None),
    )
    if request.method == "POST" and form.is_valid():
        expected = number(request.POST.get("version"))
        try:
            execute(SEND, pk, actor(request), form.payload(), expected_version=expected)
        except Invalid as wrong:
            for name, texts in wrong.errors.items():
                form.add_error(name, texts)
        else:
            messages.success(
                request, _("The specification is sent. The applicant is told by mail.")
            )
            return redirect("cases:case", agency=agency, pk=pk)
    context = {
        **_told(application, found, own=True),
        "page": page,
        "form": form,
        "may_send": SEND in page.allowed,
    }
    return render(request, "cases/specification.html", context)


@application_page
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The applicant's side reads the specification and confirms it, or says what is wrong."""
    page = page_of(request, pk)
    application = page.application
    found = specifications(application)
    if not found:
        raise Http404
    objecting = request.method == "POST" and "question" in request.POST
    form = ObjectionForm(request.POST if objecting else None)
    digest = request.POST.get("digest", "")
    if objecting and form.is_valid():
        payload = {"text": form.cleaned_data["text"], "digest": digest}
        execute("question_specification", pk, actor(request), payload)
        messages.success(request, _("Your answer is sent to the case officer."))
        return redirect("applications:overview", pk=pk)
    if request.method == "POST" and not objecting:
        execute("confirm_specification", pk, actor(request), {"digest": digest})
        messages.success(request, _("The specification is confirmed. You get a receipt by mail."))
        return redirect("applications:overview", pk=pk)
    context = {
        **_told(application, found, own=False),
        "page": page,
        "form": form,
        "objecting": objecting,
        "may_answer": "confirm_specification" in page.allowed,
    }
    return render(request, "applications/specification.html", context)
