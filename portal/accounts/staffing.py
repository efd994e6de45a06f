"""Who works for an agency: its administrators give and take roles, and people are away at times.

Nobody gives themselves a role. A decision maker needs two administrators. An agency keeps an
administrator.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts import policy, selectors
from portal.accounts.commands import end_sessions, grant_role, revoke_role, stream
from portal.accounts.enums import StaffRoleName
from portal.accounts.models import Absence, RoleProposal, StaffRole, User
from portal.events.log import record

ADMINISTRATOR = StaffRoleName.AGENCY_ADMIN
# Roles that one administrator alone does not give: a second administrator could else be made by
# the first, to confirm what the first proposes. An agency's only administrator names the second.
BY_TWO = frozenset({StaffRoleName.DECISION_MAKER, ADMINISTRATOR})
LONGEST_ABSENCE = 366  # days


class Refused(Exception):
    """What was asked cannot be done; the text says why, in the reader's language."""


class Forbidden(Exception):
    """This person may not do it."""


def _administers(by: User, agency: str) -> None:
    if ADMINISTRATOR not in policy.staff_roles(by, agency):
        raise Forbidden


@transaction.atomic
def give(by: User, agency: str, role: str, address: str) -> StaffRole | RoleProposal:
    """Gives the person with this mail address a role at `agency`, or proposes one that a second
    administrator must confirm. Raises Forbidden, Refused."""
    _administers(by, agency)
    if role not in StaffRoleName.values:
        raise Refused(_("Choose a role."))
    user = selectors.by_email(address)
    if user is None or not user.is_active:
        raise Refused(_("Nobody has an account with this address. They must sign up first."))
    if user.pk == by.pk:
        raise Refused(_("Nobody gives themselves a role. Ask another administrator."))
    if StaffRole.objects.filter(
        user=user, agency=agency, role=role, revoked_at__isnull=True
    ).exists():
        raise Refused(_("This person has the role already."))
    alone = selectors.people_with_role(agency, ADMINISTRATOR) == [by]
    if role not in BY_TWO or (role == ADMINISTRATOR and alone):
        return grant_role(user, agency, role, by)
    User.objects.select_for_update().get(pk=user.pk)
    made, new = RoleProposal.objects.get_or_create(
        user=user, agency=agency, role=role, ended_at=None, defaults={"proposed_by": by}
    )
    if not new:
        raise Refused(_("The role is proposed already. Another administrator confirms it."))
    data = {"agency": agency, "role": role, "proposal": str(made.pk)}
    record(stream(user), "staff_role.proposed", by.reference, data)
    return made


@transaction.atomic
def settle(by: User, proposal_id: Any, confirm: bool) -> RoleProposal:
    """A second administrator confirms a proposed role, or any administrator takes it back.

    Raises Forbidden (also for the proposer and the person themselves), Refused when it is settled.
    """
    held = RoleProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if held is None:
        raise Forbidden
    _administers(by, held.agency)
    if held.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    if confirm and by.pk == held.user_id:
        raise Refused(_("The role is meant for you. Another administrator confirms it."))
    if confirm and by.pk == held.proposed_by_id:
        raise Refused(_("You proposed this role. Another administrator confirms it."))
    held.ended_by, held.ended_at = by, clock.now()
    held.confirmed_by = by if confirm else None
    held.save()
    data = {"agency": held.agency, "role": held.role, "proposal": str(held.pk)}
    what = "staff_role.confirmed" if confirm else "staff_role.declined"
    record(stream(held.user), what, by.reference, data)
    if confirm:
        grant_role(held.user, held.agency, held.role, held.proposed_by)
    return held


@transaction.atomic
def take(by: User, role_id: Any) -> StaffRole:
    """Takes a role away; it bites at the next request. Raises Forbidden; Refused for the agency's
    last administrator."""
    agency = StaffRole.objects.filter(pk=role_id).values_list("agency", flat=True).first()
    if agency is None:
        raise Forbidden
    # One after the other, and in one order: two administrators must not take each other's role.
    standing = StaffRole.objects.filter(agency=agency, revoked_at__isnull=True)
    roles = standing.select_for_update(of=("self",))
    locked = {role.pk: role for role in roles.select_related("user").order_by("pk")}
    _administers(by, agency)
    held = locked.get(UUID(str(role_id)))
    if held is None:
        return StaffRole.objects.get(pk=role_id)
    others = [r for r in locked.values() if r.user_id != held.user_id and r.user.is_active]
    if held.role == ADMINISTRATOR and not any(r.role == ADMINISTRATOR for r in others):
        raise Refused(_("The agency needs an administrator. Give somebody else the role first."))
    revoke_role(held, by)
    return held


@transaction.atomic
def end_sign_ins(by: User, role_id: Any) -> StaffRole:
    """Ends every session of the person who holds this role: a lost telephone, a stolen password.
    The role stays. Raises Forbidden."""
    held = StaffRole.objects.filter(pk=role_id, revoked_at__isnull=True).first()
    if held is None:
        raise Forbidden
    _administers(by, held.agency)
    end_sessions(held.user, by.reference)
    return held


@transaction.atomic
def be_away(
    by: User, agency: str, user: User, first: date, last: date, stand_in: User | None
) -> Absence:
    """Enters days on which `user` is away from `agency`: they themselves, or an administrator.

    `stand_in` holds a role there and sees the cases of `user` as their own meanwhile. Raises
    Forbidden, Refused.
    """
    if by.pk != user.pk:
        _administers(by, agency)
    if user not in selectors.people_with_role(agency, *StaffRoleName.values):
        raise Forbidden
    if last < first:
        raise Refused(_("The last day is before the first."))
    if (last - first).days >= LONGEST_ABSENCE:
        raise Refused(_("At most a year at a time."))
    if stand_in is not None and stand_in.pk == user.pk:
        raise Refused(_("Choose somebody else to stand in."))
    if stand_in is not None and stand_in not in selectors.people_with_role(
        agency, *StaffRoleName.values
    ):
        raise Refused(_("Only somebody who works for the agency can stand in."))
    made = Absence.objects.create(
        user=user,
        agency=agency,
        first_day=first,
        last_day=last,
        stand_in=stand_in,
        entered_by=by,
        entered_at=clock.now(),
    )
    data = {"agency": agency, "absence": str(made.pk), "from": first, "until": last}
    data["stand_in"] = str(stand_in.pk) if stand_in else None
    record(stream(user), "staff.away", by.reference, data)
    return made


@transaction.atomic
def come_back(by: User, absence_id: Any) -> Absence:
    """Takes an absence back. Raises Forbidden."""
    held = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if held is None:
        raise Forbidden
    if by.pk != held.user_id:
        _administers(by, held.agency)
    if held.cancelled_at is None:
        held.cancelled_at = clock.now()
        held.save()
        data = {"agency": held.agency, "absence": str(held.pk)}
        record(stream(held.user), "staff.back", by.reference, data)
    return held


# -- reads -------------------------------------------------------------------------------------------
def absences(agency: str, day: date) -> list[Absence]:
    """Absences that are not over on `day`, the next first."""
    held = Absence.objects.filter(agency=agency, cancelled_at__isnull=True, last_day__gte=day)
    return list(held.select_related("user", "stand_in").order_by("first_day", "user__name"))


def stood_in_for(user: User, agency: str, day: date) -> list[Any]:
    """Ids of the people whom `user` stands in for at `agency` on `day`."""
    held = Absence.objects.filter(
        agency=agency,
        stand_in=user,
        cancelled_at__isnull=True,
        first_day__lte=day,
        last_day__gte=day,
    )
    return list(held.values_list("user_id", flat=True))


def roles(agency: str) -> list[StaffRole]:
    """The roles in force at `agency`, by role and name, with who gave them."""
    held = StaffRole.objects.filter(agency=agency, revoked_at__isnull=True)
    return list(held.select_related("user", "granted_by").order_by("role", "user__name", "pk"))


def proposals(agency: str) -> list[RoleProposal]:
    """Roles that wait for a second administrator."""
    held = RoleProposal.objects.filter(agency=agency, ended_at__isnull=True)
    return list(held.select_related("user", "proposed_by").order_by("proposed_at"))


def ended(agency: str, most: int = 50) -> list[StaffRole]:
    """Roles that were taken away, the newest first."""
    held = StaffRole.objects.filter(agency=agency, revoked_at__isnull=False)
    return list(held.select_related("user", "revoked_by").order_by("-revoked_at")[:most])
