"""The decision on the case page and on the applicant's overview (applications.panels)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from applications.models import Application
from applications.panels import register
from applications.selectors import scheme_of
from applications.selectors.words import moment_in_words
from decisions import selectors
from decisions.enums import Status
from decisions.words import STATUSES, outcome_label

NOTHING = SafeString("")


def staff(request: HttpRequest, application: Application) -> SafeString:
    """The decision panel of the case page; empty when there is nothing to show or to do."""
    return _panel(request, application, True, "decisions/_case_panel.html")


def applicant(request: HttpRequest, application: Application) -> SafeString:
    """The decision on the applicant's overview; empty until the letter is signed."""
    return _panel(request, application, False, "decisions/_applicant_panel.html")


def _panel(
    request: HttpRequest, application: Application, for_staff: bool, template: str
) -> SafeString:
    told = selectors.panel(request.user, application, for_staff)
    if told is None:
        return NOTHING
    decision = told["decision"]
    if decision is not None:
        scheme, language = scheme_of(application), get_language() or "en"

        def words(name: str) -> str:
            moment = getattr(decision, name)
            return moment_in_words(moment, scheme.timezone, language) if moment else ""

        told |= {
            "status": STATUSES[Status(decision.status)],
            "outcome": outcome_label(scheme, decision.outcome, language),
            **{name: words(name) for name in ("drafted_at", "sent_at", "approved_at")},
            "delivered_at": words("delivered_at"),
        }
    return SafeString(render_to_string(template, told, request))


register("staff", staff)
register("applicant", applicant)
