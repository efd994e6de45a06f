"""The rules of an agency: public to read, and its administrators say how severe each is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import schemes
from applications.commands import FreshSignInNeeded, Invalid, Stale
from applications.commands.severities import change_severity
from applications.enums import Role
from applications.forms.severity import SeverityForm
from applications.schemes import Scheme
from applications.selectors import facts, rules
from applications.selectors.words import moment_in_words
from applications.views.common import actor
from applications.views.officer import agency_page
from portal.accounts import policy as accounts
from portal.accounts.fresh import to_fresh_sign_in
from portal.given import number
from portal.text import line

LONGEST_SEARCH = 200  # characters


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Whose rules: one line per agency."""
    language = get_language() or "en"
    agencies = [
        {
            "code": scheme.agency.lower(),
            "name": scheme.name(language),
            "about": scheme.about(language),
            "count": len(scheme.rules),
            "url": rules.address(scheme.agency),
        }
        for scheme in schemes.all_current()
    ]
    return render(request, "rules/start.html", {"agencies": agencies})


@require_safe
def agency_rules(request: HttpRequest, agency: str) -> HttpResponse:
    """All rules of an agency with severity and source; `q` and `severity` narrow them."""
    scheme = next((s for s in schemes.all_current() if s.agency.lower() == agency.lower()), None)
    if scheme is None:
        raise Http404
    return render(request, "rules/agency.html", _listed(request, scheme))


def _listed(request: HttpRequest, scheme: Scheme) -> dict[str, Any]:
    language = get_language() or "en"
    words = rules.severity_words()
    text = line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    severity = request.GET.get("severity", "")
    severity = severity if severity in words else ""
    every = rules.told(scheme, language)
    found = rules.chosen(every, text, severity)
    headings = {
        "missing": _("What has to be filled in"),
        "attachments": _("Attachments"),
        "consistency": _("What has to agree, and who can apply"),
        "common": _("The same at every agency"),
    }
    groups = [
        {"id": group, "heading": heading, "rules": [r for r in found if r.group == group]}
        for group, heading in headings.items()
    ]
    return {
        "agency_code": scheme.agency,
        "agency": scheme.agency,
        "name": scheme.name(language),
        "groups": [group for group in groups if group["rules"]],
        "found": len(found),
        "all": len(every),
        "text": text,
        "severity": severity,
        "severities": list(words.items()),
        "sources": _sources(scheme),
        "records": bool(facts.types_asked_for(scheme)),
        "approved_url": reverse("institutions:approved", args=[scheme.agency])
        if any(each.own for each in scheme.approval_lists)
        else "",
    }


def _sources(scheme: Scheme) -> list[dict[str, str]]:
    """What the marks of the rules' sources stand for."""
    marks = {
        **scheme.config.get("sources", {}),
        "derived": _(
            "Stands nowhere in so many words, but follows from what does, or is needed to carry it out."
        ),
        "beyond sources": _("A public fact from elsewhere, named in brackets."),
    }
    return [{"label": mark, "value": title} for mark, title in marks.items()]


def administrators_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages of an agency's administrators: 404 for strangers, 403 for its other staff."""

    @agency_page
    @wraps(view)
    def wrapped(request: HttpRequest, scheme: Scheme, *args: Any, **kwargs: Any) -> HttpResponse:
        if Role.AGENCY_ADMIN not in accounts.staff_roles(request.user, scheme.agency):
            raise PermissionDenied
        return view(request, scheme, *args, **kwargs)

    return wrapped


@administrators_page
@require_safe
def severities(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """All rules of the agency, each with a way to its page for administrators."""
    return render(request, "cases/rules.html", _listed(request, scheme))


@administrators_page
@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: HttpRequest, scheme: Scheme, rule_id: str) -> HttpResponse:
    """One rule with its history, and the form that changes how severe it is."""
    if rule_id not in scheme.rules:
        raise Http404
    if request.method != "POST":
        return _rule_page(request, scheme, rule_id, SeverityForm())
    form = SeverityForm(request.POST)
    seen = number(request.POST.get("seen"))
    try:
        change_severity(
            actor(request),
            scheme.agency,
            rule_id,
            request.POST.get("severity", ""),
            request.POST.get("reason", ""),
            -1 if seen is None else seen,
        )
    except FreshSignInNeeded:
        return to_fresh_sign_in(request)
    except Stale:
        return _rule_page(request, scheme, rule_id, form, status=409)
    except Invalid as wrong:
        form.show(wrong.errors)
        return _rule_page(request, scheme, rule_id, form, status=422)
    messages.success(
        request, _("Changed. It counts from now on; cases already sent keep what was found.")
    )
    return redirect(reverse("cases:rule", args=[scheme.agency, rule_id]))


def _rule_page(
    request: HttpRequest, scheme: Scheme, rule_id: str, form: SeverityForm, status: int = 200
) -> HttpResponse:
    language = get_language() or "en"
    words = rules.severity_words()
    history = rules.history(scheme.agency, rule_id)
    rule = rules.tell(scheme, scheme.rules[rule_id], language, history[0] if history else None)
    about = "; ".join(place.label for place in rule.about) or "–"
    befores = [*(change.severity for change in history[1:]), rule.own]
    context = {
        "agency": scheme.agency,
        "rule": rule,
        "facts": [
            {"label": _("Now"), "value": rule.words},
            {"label": _("By the agency's scheme"), "value": rule.own_words},
            {"label": _("What it is about in the form"), "value": about},
            {"label": _("Source"), "value": rule.source},
        ],
        "form": form,
        "seen": history[0].sequence if history else 0,
        "in_between": history[0] if status == 409 and history else None,
        "history": [
            {
                "when": moment_in_words(change.at, scheme.timezone, language),
                "iso": change.at.isoformat(),
                "who": change.by.name,
                "what": _("changed it from “%(before)s” to “%(after)s”")
                % {"before": words[before], "after": words[change.severity]},
                "more": change.reason,
            }
            for change, before in zip(history, befores, strict=False)
        ],
        "public": rules.address(scheme.agency, rule_id),
    }
    return render(request, "cases/rule.html", context, status=status)
