"""Who has confirmed the duty of confidentiality: for the applicant's side, with reminders."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications.commands import execute
from applications.models import Application
from applications.selectors import confidentiality as selected
from applications.views.common import actor, application_page, page_of


@application_page
@require_http_methods(["GET", "POST"])
def confirmations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who in the list has confirmed and who has not. POST reminds who has not."""
    page = page_of(request, pk)
    told = selected.of_case(page.application)
    if told is None:
        raise Http404
    if request.method == "POST":
        sent = execute("ask_confidentiality", pk, actor(request)).value
        if sent:
            text = ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", sent)
            messages.success(request, text % {"n": sent})
        else:
            messages.info(
                request,
                _(
                    "Nobody was reminded: everybody has confirmed, or was asked within the last day."
                ),
            )
        return redirect("applications:confirmations", pk=pk)
    context = {
        "page": page,
        "application": page.application,
        "told": told,
        "may_remind": "ask_confidentiality" in page.allowed and told.can_be_asked,
    }
    return render(request, "applications/confirmations.html", context)


def panel(request: HttpRequest, application: Application) -> SafeString:
    """On the overview: how many have confirmed."""
    told = selected.of_case(application)
    if told is None:
        return SafeString("")
    context = {"application": application, "told": told}
    return SafeString(render_to_string("applications/_confirmations.html", context, request))
