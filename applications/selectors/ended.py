"""What held when an application was sent and holds no more today: told as what was withdrawn.

The checks say what follows from it by the agency's rules; this says what happened, when and why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q
from django.utils.translation import gettext as _

from applications.models import Application, Submission
from applications.schemes import Scheme
from applications.selectors.checking import facts_of_today
from applications.selectors.document import scheme_of
from applications.selectors.tree import pick
from applications.selectors.words import day_in_words, in_words
from institutions import selectors as institutions
from institutions.enums import InstitutionStatus
from institutions.models import DatabaseManager, InstitutionApproval
from portal import clock
from portal.accounts.models import User


@dataclass(frozen=True)
class Ended:
    """One thing that ended: its kind and what happened, in the reader's language."""

    kind: str
    text: str


def since(submission: Submission, language: str) -> list[Ended]:
    """What has ended since `submission` was sent. Some ten queries, however much it is."""
    application = submission.application
    scheme = scheme_of(application)
    found = [*_facts(submission, scheme, language), *_people(application, submission, language)]
    if application.institution is not None:
        found = [*_institution(application, submission, scheme, language), *found]
    return found


def _institution(
    application: Application, submission: Submission, scheme: Scheme, language: str
) -> Iterable[Ended]:
    place = application.institution
    assert place is not None
    if place.status not in (InstitutionStatus.CONFIRMED, InstitutionStatus.PENDING):
        text = _("%(institution)s is no longer registered.") % {"institution": place.name}
        yield Ended("institution", text)
    today = clock.today(scheme.timezone)
    if institutions.approval(place, application.agency, today) is not None:
        return
    then = submission.submitted_at.astimezone(ZoneInfo(scheme.timezone)).date()
    held = InstitutionApproval.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=then),
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=submission.submitted_at),
        institution=place,
        agency=application.agency,
        valid_from__lte=then,
    )
    for approval in held.order_by("valid_from", "pk"):
        yield Ended("approval", _approval(approval, scheme, language))


def _approval(approval: InstitutionApproval, scheme: Scheme, language: str) -> str:
    named = scheme.approval_sources.get(approval.source)
    told = {"source": named(language) if named else approval.source}
    if approval.withdrawn_at:
        told |= {
            "day": _day(approval.withdrawn_at, scheme, language),
            "reason": approval.withdrawal_reason,
        }
        return (
            _("The institution's approval (%(source)s) was withdrawn on %(day)s: %(reason)s") % told
        )
    last = approval.valid_until
    told["day"] = day_in_words(last, language) if last else ""
    return _("The institution's approval (%(source)s) ended on %(day)s.") % told


def _day(moment: datetime, scheme: Scheme, language: str) -> str:
    return day_in_words(moment.astimezone(ZoneInfo(scheme.timezone)).date(), language)


def _people(application: Application, submission: Submission, language: str) -> Iterable[Ended]:
    if application.institution_id is None:
        return
    here = {"institution": application.institution.name if application.institution else ""}
    left = User.objects.filter(
        institutions.departed(OuterRef("pk"), application.institution_id),
        pk__in={application.owner_id, submission.submitted_by_id},
    )
    for name in left.order_by("name").values_list("name", flat=True):
        text = _("%(name)s is no longer a member of %(institution)s.")
        yield Ended("member", text % {"name": name, **here})
    if not institutions.signatories(application.institution_id).exists():
        yield Ended("signatory", _("Nobody may sign for %(institution)s now.") % here)
    managers = DatabaseManager.objects.filter(
        institution_id=application.institution_id,
        reference=application.number,
        ended_at__gt=submission.submitted_at,
    ).select_related("membership__user")
    for manager in managers.order_by("ended_at", "pk"):
        text = _("%(name)s manages the project database no more.")
        yield Ended("manager", text % {"name": manager.membership.user.name})


def _facts(submission: Submission, scheme: Scheme, language: str) -> Iterable[Ended]:
    """Facts of the portal that were another one when it was sent."""
    for path, now in facts_of_today(submission).items():
        then = pick(submission.document, path)
        if then in (None, "", []) or then == now or path in ("type", "number"):
            continue
        field = scheme.field(path)
        if field is None or path == scheme.types[0].field:
            continue
        text = _("%(label)s was %(then)s when it was sent, and is %(now)s today.")
        label = field.label(language)
        told = {
            "then": in_words(field, then, language),
            "now": in_words(field, now, language) or _("nothing"),
        }
        yield Ended("fact", text % {"label": label, **told})
