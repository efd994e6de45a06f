"""Steps of the agency's sequence, recorded on the case page; and the checks, run again by a person."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.commands import Invalid, execute
from applications.forms.officer import StepForm
from applications.views.common import actor, agencys_page, application_page
from applications.views.officer import _back, _failed
from portal import given


@application_page
@require_POST
def record(request: HttpRequest, agency: str, pk: UUID, step: str) -> HttpResponse:
    """Says that a step is done, when, and what came of it."""
    page = agencys_page(request, agency, pk)
    if step not in {each.id for each in page.scheme.workflow.steps}:
        raise Http404
    form = StepForm(request.POST, prefix="step")
    form.step = step
    if not form.is_valid():
        return _failed(request, page, "step_form", form)
    try:
        execute("record_step", pk, actor(request), {"step": step, **form.cleaned_data})
    except Invalid as wrong:
        if "day" in wrong.errors:
            form.add_error("day", _("Choose a day that is not in the future."))
        else:
            form.add_error(None, _("This step is not recorded now."))
        return _failed(request, page, "step_form", form)
    messages.success(request, _("The step is recorded."))
    return _back(page, "steps")


@application_page
@require_POST
def run_checks(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Runs the checks of what was sent last anew: at once, or by the worker when the rows are many.
    Leads back to the page of the decision that it was pressed on (`decision`), else to the case."""
    page = agencys_page(request, agency, pk)
    result = execute("run_checks", pk, actor(request))
    if result.value is not None:
        messages.success(request, _("The checks have run."))
    else:
        messages.info(request, _("The checks are running. Look at this page again in a moment."))
    back = given.way_back(request, request.META.get("HTTP_REFERER"), "")
    if request.POST.get("decision") and back:
        return redirect(back)
    return _back(page, "findings")
