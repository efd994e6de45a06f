"""The decision in force of a case and of the changes that followed it."""

from zoneinfo import ZoneInfo

from django.db.models import Q

from applications import schemes
from applications.earlier import DecidedRow, InForce
from applications.enums import State
from applications.models import Application
from applications.selectors import scheme_of
from decisions.enums import Outcome, Status
from decisions.models import Decision
from decisions.rows import Kind, list_path

GIVES_ACCESS = [str(o) for o in Outcome if o.gives_access]
LONGEST_CHAIN = 200  # of changes, one after the other


def _changing(application: Application) -> bool:
    """Whether the case changes what was decided in the one that it follows."""
    kind = scheme_of(application).type(application.type)
    return bool(application.follows_id and kind and kind.follows == schemes.DECIDED)


def _chain(application: Application) -> set:
    """The case that all began with, and all that change it, directly or not."""
    first = application
    for _step in range(LONGEST_CHAIN):
        if not _changing(first) or first.follows is None:
            break
        first = first.follows
    found, last = {first.pk}, {first.pk}
    for _step in range(LONGEST_CHAIN):
        accepted = Q(state=State.ACCEPTED) | Q(pk=application.pk)
        later = Application.objects.filter(accepted, follows__in=last).exclude(pk__in=found)
        last = {each.pk for each in later if _changing(each)}
        if not last:
            break
        found |= last
    return found


def decision_in_force(application: Application) -> Decision | None:
    """The decision that gave access and was accepted last in the chain of `application`."""
    return (
        Decision.objects.filter(
            application__in=_chain(application),
            application__state=State.ACCEPTED,
            status=Status.ACCEPTED,
            outcome__in=GIVES_ACCESS,
        )
        .select_related("application", "submission", "acceptance")
        .defer("content")
        .order_by("-acceptance__accepted_at", "-pk")
        .first()
    )


def changed_decision(application: Application) -> Decision | None:
    """The decision in force that an application asks to have changed; None when it is no change."""
    return decision_in_force(application) if _changing(application) else None


def in_force(application: Application) -> InForce | None:
    """What lower apps are told of it (applications.earlier)."""
    found = decision_in_force(application)
    if found is None or found.approved_at is None:
        return None
    zone = ZoneInfo(scheme_of(found.application).timezone)

    def load() -> list[DecidedRow]:
        rows = found.variables.filter(granted__isnull=False).order_by("position")
        return [
            DecidedRow(
                row.data,
                row.name,
                row.years,
                row.granted is True,
                row.reason,
                row.kind == Kind.FILE,
            )
            for row in rows
            if row.kind != Kind.WHOLE
        ]

    return InForce(
        found.application,
        found.letter_id,
        found.approved_at.astimezone(zone).date(),
        found.deletion_date or found.valid_until,
        list_path(found.submission.document),
        load,
    )
