"""The guide "Do I need to apply?": a few questions, one a page, answered in the address.

No session, no JavaScript: /guide/ssb/?a=tables&a=no is a place that can be kept, shared and gone
back to. The questions themselves stand in each scheme's guide.toml.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications import schemes
from applications.schemes import Scheme
from applications.schemes.guide import Guide, Question, Result


def _agencies(language: str) -> list[dict[str, str]]:
    return [
        {
            "code": scheme.agency.lower(),
            "short": scheme.short_name(language),
            "name": scheme.name(language),
            "about": scheme.about(language),
        }
        for scheme in schemes.all_current()
    ]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The first question: whose data."""
    agencies = _agencies(get_language() or "en")
    wanted = request.GET.get("agency", "")
    if wanted in {agency["code"] for agency in agencies}:
        return redirect("guide:agency", agency=wanted)
    missing = "go" in request.GET
    return render(request, "ui/guide_start.html", {"agencies": agencies, "missing": missing})


def _scheme(agency: str) -> Scheme:
    for scheme in schemes.all_current():
        if scheme.agency.lower() == agency:
            return scheme
    raise Http404


def _trail(guide: Guide, answers: list[str], agency: str, language: str) -> list[dict[str, str]]:
    """The questions answered so far, each with the address that asks it again."""
    told = []
    for at, given in enumerate(answers):
        question = guide.follow(answers[:at])
        assert isinstance(question, Question)
        chosen = next(answer for answer in question.answers if answer.id == given)
        told.append(
            {
                "label": question.text(language),
                "value": chosen.text(language),
                "url": _address(agency, answers[:at]),
            }
        )
    return told


def _address(agency: str, answers: list[str]) -> str:
    query = urlencode([("a", answer) for answer in answers])
    return reverse("guide:agency", args=[agency]) + (f"?{query}" if query else "")


@require_safe
def agency_guide(request: HttpRequest, agency: str) -> HttpResponse:
    """The next question of an agency's guide, or where the answers lead."""
    scheme, language = _scheme(agency), get_language() or "en"
    answers = request.GET.getlist("a")
    # `go` says how many answers there were before: as many as now means that none was chosen.
    missing = request.GET.get("go") == str(len(answers))
    if "go" in request.GET and not missing:
        return redirect(_address(agency, answers))
    context = {
        "agency_code": scheme.agency,
        "agency": agency,
        "name": scheme.name(language),
        "scheme_open": scheme.open,
        "contacts": [str(way) for way in scheme.config.get("contact", {}).values()],
        "answers": answers,
    }
    if not scheme.guide:
        return render(
            request, "ui/guide_result.html", {**context, "result": _straight(), "trail": []}
        )
    try:
        here = scheme.guide.follow(answers)
        trail = _trail(scheme.guide, answers, agency, language)
    except KeyError:  # an old link, or a changed one: begin again
        return redirect("guide:agency", agency=agency)
    context["trail"] = trail
    if isinstance(here, Result):
        context["result"] = {
            "title": here.title(language),
            "text": here.text(language),
            "link": here.link,
            "link_text": here.link_text(language),
            "apply": here.apply,
        }
        return render(request, "ui/guide_result.html", context)
    context |= {
        "question": here.text(language),
        "help": here.help(language),
        "choices": [{"id": answer.id, "text": answer.text(language)} for answer in here.answers],
        "back": _address(agency, answers[:-1]) if answers else reverse("guide:start"),
        "missing": missing,
    }
    return render(request, "ui/guide.html", context)


def _straight() -> dict[str, str]:
    """The result at an agency without a guide: apply there."""
    return {
        "title": _("You can apply here"),
        "text": _("Write to the agency if you are not sure."),
        "link": "",
        "link_text": "",
        "apply": "new",
    }
