"""Who works for an agency: its administrators give and take roles, and people are away at times.

Nobody gives themselves a role. Two administrators make a decision maker or an administrator, and
take a role from an administrator; neither of the two made the other one. An agency keeps an
administrator. The persons concerned and the other administrators are mailed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock, days
from portal.accounts import policy, selectors, staff_mails
from portal.accounts.commands import end_sessions, grant_role, revoke_role, stream
from portal.accounts.enums import StaffRoleName
from portal.accounts.models import Absence, RoleProposal, StaffRole, User
from portal.events.log import record

ADMINISTRATOR = StaffRoleName.AGENCY_ADMIN
# Roles that one administrator alone does not give: a second administrator could else be made by
# the first, to confirm what the first proposes.
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
    if role not in BY_TWO or (role == ADMINISTRATOR and _first_ever(by, agency)):
        return _given(user, agency, role, by)
    return _proposed(by, user, agency, role)


def _first_ever(by: User, agency: str) -> bool:
    """Whether the agency never had another administrator than `by`: who was alone from the
    beginning names the second one alone. Who became alone does not."""
    # One after the other, so that two clicks of the first do not both find nobody.
    User.objects.select_for_update().get(pk=by.pk)
    held = StaffRole.objects.filter(agency=agency, role=ADMINISTRATOR)
    return not held.exclude(user=by).exists()


def _given(
    user: User, agency: str, role: str, by: User, proposal: RoleProposal | None = None
) -> StaffRole:
    given = grant_role(user, agency, role, by, proposal=proposal)
    staff_mails.tell("given", user, agency, role, by, str(given.pk))
    return given


def _proposed(
    by: User, user: User, agency: str, role: str, taking: StaffRole | None = None
) -> RoleProposal:
    User.objects.select_for_update().get(pk=user.pk)
    made, new = RoleProposal.objects.get_or_create(
        user=user,
        agency=agency,
        role=role,
        ended_at=None,
        defaults={"proposed_by": by, "taking": taking},
    )
    if not new:
        raise Refused(_("This is proposed already. Another administrator confirms it."))
    data = {"agency": agency, "role": role, "proposal": str(made.pk)}
    what = "staff_role.taking_proposed" if taking else "staff_role.proposed"
    record(stream(user), what, by.reference, data)
    staff_mails.tell(
        "taking_proposed" if taking else "proposed", user, agency, role, by, str(made.pk)
    )
    return made


@transaction.atomic
def settle(by: User, proposal_id: Any, confirm: bool) -> RoleProposal:
    """A second administrator confirms what was proposed, or any administrator declines it.

    Raises Forbidden; Refused when it is settled, and to the proposer, the person concerned and
    whoever was made an administrator by the proposer or made them one.
    """
    agency = RoleProposal.objects.filter(pk=proposal_id).values_list("agency", flat=True).first()
    if agency is None:
        raise Forbidden
    locked = _locked(agency)
    held = RoleProposal.objects.select_for_update().get(pk=proposal_id)
    _administers(by, agency)
    if held.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    if confirm and (why := Administrators.of(agency).why_not(by.pk, held)):
        raise Refused(why)
    if confirm and held.taking is not None:
        _keeps_an_administrator(locked, held.taking)
    held.ended_by, held.ended_at = by, clock.now()
    held.confirmed_by = by if confirm else None
    held.save()
    data = {"agency": held.agency, "role": held.role, "proposal": str(held.pk)}
    about = "staff_role.taking_" if held.taking else "staff_role."
    record(stream(held.user), about + ("confirmed" if confirm else "declined"), by.reference, data)
    if not confirm:
        staff_mails.tell("declined", held.user, agency, held.role, by, str(held.pk))
    elif held.taking is not None:
        _taken(held.taking, by)
    else:
        _given(held.user, agency, held.role, held.proposed_by, held)
    return held


@dataclass(frozen=True)
class Administrators:
    """The administrators that an agency has now, and who ever made whom one."""

    active: frozenset[Any]
    ties: frozenset[frozenset[Any]]

    @classmethod
    def of(cls, agency: str) -> "Administrators":
        """Two queries, for however many proposals are asked about."""
        now = selectors.people_with_role(agency, ADMINISTRATOR)
        ever = StaffRole.objects.filter(agency=agency, role=ADMINISTRATOR)
        made = ever.values_list("user_id", "granted_by_id")
        return cls(frozenset(user.pk for user in now), frozenset(map(frozenset, made)))

    def why_not(self, by: Any, proposal: RoleProposal) -> str:
        """Why the person with the id `by` does not confirm this proposal, in the reader's language;
        empty when they may."""
        if by == proposal.user_id and proposal.taking_id:
            return _("It is your own role. Give it up, or leave it to another administrator.")
        if by == proposal.user_id:
            return _("The role is meant for you. Another administrator confirms it.")
        if by == proposal.proposed_by_id:
            return _("You proposed this. Another administrator confirms it.")
        if proposal.proposed_by_id not in self.active:
            return _(
                "Whoever proposed this is no longer an administrator. Decline it and propose it again."
            )
        if frozenset((by, proposal.proposed_by_id)) in self.ties:
            return _(
                "You and the proposer cannot act for each other: one of you made the other an "
                "administrator. A third administrator confirms it."
            )
        return ""

    def can_confirm(self, proposal: RoleProposal) -> bool:
        """Whether anybody at the agency may confirm it; else an operator names an administrator."""
        return any(not self.why_not(user, proposal) for user in self.active)


def _locked(agency: str) -> dict[Any, StaffRole]:
    # One after the other, and in one order: two administrators must not take each other's role.
    standing = StaffRole.objects.filter(agency=agency, revoked_at__isnull=True)
    roles = standing.select_for_update(of=("self",))
    return {role.pk: role for role in roles.select_related("user").order_by("pk")}


def _keeps_an_administrator(locked: dict[Any, StaffRole], leaving: StaffRole) -> None:
    if leaving.role != ADMINISTRATOR:
        return
    others = [r for r in locked.values() if r.user_id != leaving.user_id and r.user.is_active]
    if not any(r.role == ADMINISTRATOR for r in others):
        raise Refused(_("The agency needs an administrator. Give somebody else the role first."))


def _taken(held: StaffRole, by: User) -> None:
    revoke_role(held, by)
    staff_mails.tell("taken", held.user, held.agency, held.role, by, str(held.pk))


@transaction.atomic
def take(by: User, role_id: Any) -> StaffRole | RoleProposal:
    """Takes a role away; it bites at the next request. A role of another administrator is only
    proposed to be taken: a second administrator confirms. One's own is given up alone.

    Raises Forbidden; Refused for the agency's last administrator.
    """
    agency = StaffRole.objects.filter(pk=role_id).values_list("agency", flat=True).first()
    if agency is None:
        raise Forbidden
    locked = _locked(agency)
    _administers(by, agency)
    held = locked.get(UUID(str(role_id)))
    if held is None:
        return StaffRole.objects.get(pk=role_id)
    _keeps_an_administrator(locked, held)
    of_administrator = any(
        r.user_id == held.user_id and r.role == ADMINISTRATOR for r in locked.values()
    )
    if of_administrator and held.user_id != by.pk:
        return _proposed(by, held.user, agency, held.role, held)
    _taken(held, by)
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
    if not days.within(first, last):
        raise Refused(str(days.BETWEEN))
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
    """The roles in force at `agency`, by role and name, with who gave and who confirmed them."""
    held = StaffRole.objects.filter(agency=agency, revoked_at__isnull=True)
    held = held.select_related("user", "granted_by", "proposal__confirmed_by")
    return list(held.order_by("role", "user__name", "pk"))


def proposals(agency: str) -> list[RoleProposal]:
    """Roles that wait for a second administrator."""
    held = RoleProposal.objects.filter(agency=agency, ended_at__isnull=True)
    return list(held.select_related("user", "proposed_by", "taking").order_by("proposed_at"))


def ended(agency: str, most: int = 50) -> list[StaffRole]:
    """Roles that were taken away, the newest first."""
    held = StaffRole.objects.filter(agency=agency, revoked_at__isnull=False)
    return list(held.select_related("user", "revoked_by").order_by("-revoked_at")[:most])
