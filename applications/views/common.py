"""What every page of applications needs: the application or a 404, the actor, refusals in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
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
from applications.models import Application, Submission
from applications.schemes import Scheme, Section
from applications.schemes.steps import Step
from applications.selectors.facts import with_choices
from portal.accounts.fresh import is_fresh, to_fresh_sign_in


@dataclass
class Page:
    """What the pages of one application share. `document` is read once a request."""

    application: Application
    scheme: Scheme
    document: dict
    sections: list[Section]
    allowed: frozenset[str]
    language: str
    submissions: list[Submission] = field(default_factory=list)

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


def application_or_404(request: HttpRequest, pk: UUID) -> Application:
    """The application when the person may see it; foreign and absent are both a 404."""
    found = selectors.get(request.user, pk)
    if found is None:
        raise Http404
    return found


def page_of(request: HttpRequest, pk: UUID) -> Page:
    """The application with its scheme, document and sections as this person sees it."""
    application = application_or_404(request, pk)
    return page_with(request, application, selectors.document(application))


def page_with(request: HttpRequest, application: Application, document: dict) -> Page:
    """The same with this document. From here on times are told in the agency's time zone."""
    scheme = selectors.scheme_of(application)
    timezone.activate(ZoneInfo(scheme.timezone))
    form = scheme.form(application.type, document)
    return Page(
        application,
        scheme,
        document,
        with_choices(application, form.sections, policy.visible(request.user)),
        policy.allowed(request.user, application),
        get_language() or "en",
    )


REFUSALS: dict[type[Exception], tuple[int, Any]] = {
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
        except tuple(REFUSALS) as refused:
            status, words = REFUSALS[type(refused)]
            first = getattr(refused, "first", ())
            message = in_order(first) if first else words()
            context = {"message": message, "back": request.headers.get("referer", "")}
            return render(request, "applications/refused.html", context, status=status)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped
