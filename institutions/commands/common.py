"""What every write about institutions shares: refusals, the lock, the event."""

from typing import Any

from django.utils.translation import gettext as _

from institutions.enums import InstitutionStatus, MembershipStatus
from institutions.models import Institution, Membership
from portal.accounts.models import User
from portal.events.log import record
from portal.events.models import Event

OPEN = (MembershipStatus.PENDING, MembershipStatus.ACTIVE)


class Refused(Exception):
    """What was asked cannot be done; the text says why, in the reader's language."""


class Forbidden(Exception):
    """This person may not do it."""


def lock(pk: Any) -> Institution:
    """The institution, held until the transaction ends. Raises Refused when it has been merged into
    another while somebody had its page open: what they had before them stands there now."""
    held = Institution.objects.select_for_update().get(pk=pk)
    if held.status == InstitutionStatus.MERGED:
        raise Refused(_("The institution has been merged into another. Open its page again."))
    return held


def note(
    institution: Institution, what: str, by: User, data: dict, personal: dict | None = None
) -> Event:
    """The event of a write; `personal` stands beside the chain."""
    return record(f"institution:{institution.pk}", what, by.reference, data, personal)


def facts(membership: Membership) -> dict[str, Any]:
    """A membership as events name it."""
    return {
        "membership": str(membership.pk),
        "user": str(membership.user_id),
        "roles": list(membership.roles),
        "basis": membership.basis,
    }


def personal(membership: Membership) -> dict | None:
    """What of it is about the person."""
    told = {n: getattr(membership, n) for n in ("title", "authority", "message")}
    return {n: v for n, v in told.items() if v} or None
