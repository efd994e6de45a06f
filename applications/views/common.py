"""What every page of applications needs: the application or a 404, the actor, refusals in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import policy, selectors
from applications.commands import (
    Actor,
    Forbidden,
    FreshSignInNeeded,
    NotFound,
    NotNow,
    Stale,
)
from applications.models import Application
from applications.schemes import Scheme, Section
from applications.schemes.steps import Step
from applications.selectors.facts import with_choices
from portal.accounts.fresh import is_fresh, to_fresh_sign_in


@dataclass
class Page:
    """What the pages of one application share. `document` is read once a request, as the person's
    side reads it."""

    application: Application
    scheme: Scheme
    document: dict
    sections: list[Section]
    allowed: frozenset[str]
    language: str
    seen: selectors.Seen

    @property
    def spoken(self) -> str:
        """The language of the scheme's own texts here, when it is not the page's; else ""."""
        return "" if self.language in (*self.scheme.languages, "en") else "en"

    @property
    def editable(self) -> bool:
        """Whether this person may write the document now."""
        return "save_section" in self.allowed


def actor(request: HttpRequest) -> Actor:
    """The signed-in person as the gate knows them."""
    return Actor(user=request.user, fresh=is_fresh(request))


class Barred(Exception):
    """The person is staff of the case's agency, and barred from this case."""


class AgencysReader(Exception):
    """The page is the applicant's side's, and the person reads the case for the agency."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application


def application_or_404(request: HttpRequest, pk: UUID) -> Application:
    """The application as the person may see it; foreign and absent are both a 404."""
    found = selectors.get(request.user, pk)
    if found is None:
        known = policy.known_to(request.user)
        if Application.objects.filter(known, pk=pk).exists():
            raise Barred
        raise Http404
    return found


def seen_or_404(request: HttpRequest, pk: UUID) -> selectors.Seen:
    """The same with document and files, as the person's side reads them."""
    found = selectors.seen(request.user, application_or_404(request, pk))
    if found is None:
        raise Http404
    return found


def page_of(request: HttpRequest, pk: UUID) -> Page:
    """The application with its scheme, document and sections, for the applicant's side. Who reads
    it for the agency is led to the case page."""
    found = seen_or_404(request, pk)
    if not found.own_side:
        raise AgencysReader(found.application)
    return page_seen(request, found)


def agencys_page(request: HttpRequest, agency: str, pk: UUID) -> Page:
    """The case as its agency reads it; a 404 for everybody else, and told to who is barred."""
    found = seen_or_404(request, pk)
    if found.application.agency != agency:
        raise Http404
    if found.own_side:
        if policy.staff_roles_held(request.user, found.application):
            raise Barred
        raise Http404
    return page_seen(request, found)


def page_seen(request: HttpRequest, found: selectors.Seen) -> Page:
    """The page of a case as somebody on either side reads it. From here on times are told in the
    agency's time zone."""
    application, document = found.application, found.document
    scheme = selectors.scheme_of(application)
    timezone.activate(ZoneInfo(scheme.timezone))
    form = scheme.form(application.type, document)
    return Page(
        application,
        scheme,
        document,
        with_choices(application, document, form.sections, policy.visible(request.user)),
        policy.allowed(request.user, application),
        get_language() or "en",
        found,
    )


REFUSALS: dict[type[Exception], tuple[int, Any]] = {
    Barred: (
        403,
        lambda: _(
            "You are barred from this case: it is your own or your institution's, or you declared "
            "an interest in it. Nothing of it is shown to you here."
        ),
    ),
    Forbidden: (403, lambda: _("You may not do this in this case.")),
    NotNow: (
        409,
        lambda: _("This is not possible now. The case may have moved on; look at it again."),
    ),
    Stale: (
        409,
        lambda: _("Somebody changed the case in the meantime. Look at it again, then repeat."),
    ),
}


def in_order(first: Sequence[Step]) -> str:
    """What comes before something that was asked for too early."""
    labels = "; ".join(step.label(get_language() or "en") for step in first)
    return _("This comes later in the agency's order of work. First: %(steps)s.") % {
        "steps": labels
    }


def _refused(
    request: HttpRequest, why: type[Exception], first: Sequence[Step] = ()
) -> HttpResponse:
    status, words = REFUSALS[why]
    message = in_order(first) if first else words()
    context = {"message": message, "back": request.headers.get("referer", "")}
    return render(request, "applications/refused.html", context, status=status)


def application_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For views on one application: sign-in needed, refusals of the gate in plain words."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with timezone.override(None):
                response = view(request, *args, **kwargs)
        except NotFound as missing:
            raise Http404 from missing
        except FreshSignInNeeded:
            return to_fresh_sign_in(request)
        except AgencysReader as reader:
            if request.method != "GET":
                return _refused(request, Forbidden)
            at = reader.application
            return redirect("cases:case", agency=at.agency, pk=at.pk)
        except tuple(REFUSALS) as refused:
            return _refused(request, type(refused), getattr(refused, "first", ()))
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped
