"""Who works on an application: people, open invitations, and an offer to take it over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications import links
from applications.models import Application, ColleagueInvitation, Handover
from institutions.models import Membership
from institutions.policy import in_force
from portal import clock


@dataclass(frozen=True)
class Person:
    """Somebody on the application now. `elsewhere`: not of the application's institution."""

    user: Any
    role: str
    since: datetime
    institution: str
    elsewhere: bool
    member: bool
    colleague: int | None = None


def people(application: Application) -> list[Person]:
    """The owner and the colleagues with access, in two queries."""
    live = application.colleagues.filter(ended_at__isnull=True).select_related("user")
    held = list(live.order_by("added_at", "pk"))
    ids = [application.owner_id, *(c.user_id for c in held)]
    places: dict[Any, list[Any]] = {}
    found = Membership.objects.filter(in_force(), user_id__in=ids).select_related("institution")
    for membership in found.order_by("institution__name"):
        places.setdefault(membership.user_id, []).append(membership.institution)

    def made(user: Any, role: str, since: datetime, colleague: int | None = None) -> Person:
        mine = places.get(user.pk, [])
        at = application.institution_id
        here = at is not None and any(place.pk == at for place in mine)
        named = [p.name for p in mine if p.pk == at] if here else [p.name for p in mine]
        elsewhere = at is not None and not here
        return Person(user, role, since, ", ".join(named), elsewhere, here, colleague)

    owner = made(application.owner, "owner", application.created_at)
    return [owner, *(made(c.user, c.role, c.added_at, c.pk) for c in held)]


def open_invitations(application: Application) -> list[ColleagueInvitation]:
    """Invitations that still open something, the oldest first."""
    found = application.invitations.filter(links.open_invitations(clock.now()))
    return list(found.order_by("created_at", "pk"))


def open_handover(application: Application) -> Handover | None:
    """The owner's offer that waits for an answer."""
    found = application.handovers.filter(ended_at__isnull=True, proposed_by=application.owner_id)
    return found.select_related("proposed_to", "proposed_by").first()
