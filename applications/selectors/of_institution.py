"""The active cases of an institution, as far as somebody may know of them."""

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from applications import policy, schemes
from applications.enums import ENDED_STATES, State
from applications.models import Application
from applications.selectors.document import scheme_of
from institutions import cases
from institutions.models import Institution
from institutions.policy import AGENCY_ADMIN
from portal.accounts import policy as accounts

MOST = 50


def active(institution: Institution, user: Any) -> cases.Told:
    """Submitted cases that have not ended: those that `user` may open on the applicant's side, and
    for administrators of agencies how many each agency has."""
    found = Application.objects.filter(institution=institution).exclude(
        state__in=[State.DRAFT, *ENDED_STATES]
    )
    seen = found.filter(policy.on_applicants_side(user)).order_by("-submitted_at", "pk")
    listed = list(seen.select_related("institution")[: MOST + 1])
    counts = _counts(institution, found, user)
    return cases.Told([_case(a) for a in listed[:MOST]], len(listed) > MOST, counts)


def _case(application: Application) -> cases.Case:
    scheme, language = scheme_of(application), get_language() or "en"
    return cases.Case(
        str(application.number),
        application.title,
        scheme.short_name(language),
        scheme.workflow.state_label(application.state, language),
        reverse("applications:overview", args=[application.pk]),
    )


def _counts(institution: Institution, found: Any, user: Any) -> list[cases.Count]:
    own = accounts.agencies_with_role(user, AGENCY_ADMIN)
    if not own:
        return []
    language = get_language() or "en"
    names = {scheme.agency: scheme.name(language) for scheme in schemes.all_current()}
    counted = (
        found.exclude(policy.barred(user))
        .order_by("agency")
        .values_list("agency")
        .annotate(n=Count("pk"))
    )
    return [
        cases.Count(
            names.get(agency, agency), n, _queue(agency, institution.name) if agency in own else ""
        )
        for agency, n in counted
    ]


def _queue(agency: str, name: str) -> str:
    """The agency's cases that have the institution's name in them."""
    asked = urlencode({"queue": "all", "q": f'"{name}"'})
    return f"{reverse('cases:queue', args=[agency])}?{asked}"
