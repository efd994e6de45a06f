"""What the pages of decisions share: the decision or a 404, the person's commands, dates in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from applications import policy as applications
from applications import selectors as application_selectors
from applications.models import Application
from applications.schemes import Scheme
from applications.selectors.words import day_in_words, moment_in_words
from decisions import policy, selectors
from decisions.enums import Status
from decisions.models import Decision
from decisions.words import outcome_label


@dataclass
class Page:
    """One decision as this person sees it."""

    decision: Decision
    application: Application
    scheme: Scheme
    allowed: frozenset[str]
    language: str
    staff: bool

    def day(self, day: object) -> str:
        """A date in the reader's words; empty for none."""
        return day_in_words(day, self.language) if day else ""  # type: ignore[arg-type]

    def outcome(self, outcome: str) -> str:
        """An outcome as the agency calls it, in the reader's language."""
        return outcome_label(self.scheme, outcome, self.language)

    def moment(self, moment: datetime | None) -> str:
        """Day and time in the agency's zone; empty for none."""
        return moment_in_words(moment, self.scheme.timezone, self.language) if moment else ""


def page_of(request: HttpRequest, pk: UUID) -> Page:
    """The decision when the person may see it; foreign, absent and not issued are all a 404."""
    found = selectors.get(request.user, pk)
    if found is None:
        raise Http404
    application = found.application
    return Page(
        found,
        application,
        application_selectors.scheme_of(application),
        applications.allowed(request.user, application),
        get_language() or "en",
        policy.is_staff(request.user, application),
    )


def staff_page(request: HttpRequest, pk: UUID) -> Page:
    """The same for pages of the agency: a 404 for everybody else."""
    page = page_of(request, pk)
    if not page.staff:
        raise Http404
    return page


def draft_page(request: HttpRequest, pk: UUID) -> Page:
    """The draft of who may write in it now; anything else is a 404."""
    page = staff_page(request, pk)
    if page.decision.status != Status.DRAFT or "draft_decision" not in page.allowed:
        raise Http404
    return page
