"""The approval of the institution that a decision and its acceptance lean on, as it holds that day.

The database refuses one that was withdrawn or is over (migration 0010), also at the same moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.commands import Act, Invalid
from applications.commands.checks import NEEDED
from applications.selectors import checking
from decisions.models import Decision
from institutions import selectors as institutions
from institutions.models import InstitutionApproval
from portal import clock

ENDED = "the approval of the institution has ended"


def needed(act: Act, decision: Decision) -> InstitutionApproval | None:
    """The approval that holds today, when the rules ask for one; else None."""
    return held(act) if checking.leans_on_approval(decision.submission) else None


def held(act: Act) -> InstitutionApproval | None:
    """The approval of the case's institution that holds today."""
    application = act.application
    if application.institution is None:
        return None
    day = clock.today(act.scheme.timezone)
    return institutions.approval(application.institution, application.agency, day)


def gone() -> Invalid:
    """The refusal when an approval that something leans on has ended."""
    text = _("The agency's approval of the institution has ended. The agency looks at it first.")
    return Invalid({NEEDED: [text]})


@contextmanager
def refused() -> Iterator[None]:
    """What is written within is written, or refused in words when the approval ended meanwhile."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if ENDED in str(error):
            raise gone() from error
        raise
