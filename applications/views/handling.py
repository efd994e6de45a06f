"""An agency's administrators say which month's cases are handled now; waiting applicants see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.commands import Invalid, Stale
from applications.commands.handling import languages, say_handling
from applications.enums import State
from applications.forms.handling import HandlingForm
from applications.models import Application
from applications.schemes import Scheme
from applications.selectors import handling
from applications.selectors.words import moment_in_words
from applications.views.common import actor
from applications.views.rules import administrators_page
from portal.given import number


def panel(request: HttpRequest, application: Application) -> SafeString:
    """On the overview of a case that waits for the agency: which month's cases are handled now."""
    if application.state != State.SUBMITTED:
        return SafeString("")
    lines = handling.newest(application.agency).lines(get_language() or "en")
    if not lines:
        return SafeString("")
    return SafeString(render_to_string("applications/_handling.html", {"lines": lines}, request))


@administrators_page
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """The notice in force, the form that changes it, and what was said before."""
    said = handling.history(scheme.agency)
    initial = {}
    if said:
        initial = {f"text_{code}": words for code, words in said[0].texts.items()}
        initial["handling_from"] = said[0].handling_from
    form = HandlingForm(languages(scheme.agency), request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        seen = number(request.POST.get("seen"))
        if form.is_valid():
            try:
                say_handling(
                    actor(request),
                    scheme.agency,
                    form.cleaned_data["handling_from"],
                    form.texts(),
                    -1 if seen is None else seen,
                )
            except Stale:
                status = 409
            except Invalid as wrong:
                for name, texts in wrong.errors.items():
                    for words in texts:
                        form.add_error(name, words)
            else:
                messages.success(request, _("Saved. Applicants whose cases wait see it now."))
                return redirect("cases:handling", agency=scheme.agency)
    return render(request, "cases/handling.html", _context(scheme, form, status), status=status)


def _context(scheme: Scheme, form: HandlingForm, status: int) -> dict:
    language = get_language() or "en"
    said = handling.history(scheme.agency)
    return {
        "agency": scheme.agency,
        "form": form,
        "seen": said[0].sequence if said else 0,
        "in_between": said[0] if status == 409 and said else None,
        "lines": handling.as_notice(said[0] if said else None).lines(language),
        "history": [
            {
                "when": moment_in_words(each.at, scheme.timezone, language),
                "iso": each.at.isoformat(),
                "who": each.by.name,
                "what": " ".join(handling.as_notice(each).lines(language))
                or _("Nothing is said any more."),
            }
            for each in said
        ],
    }
