"""Who belongs to an institution, and what they may do for it."""

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import mails, policy, selectors
from institutions.commands.common import OPEN, Forbidden, Refused, facts, lock, note, personal
from institutions.enums import Basis, InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import Institution, Membership
from portal import clock
from portal.accounts.models import User
from portal.events.models import Event
from portal.events.outbox import queue


@transaction.atomic
def join(user: User, institution: Institution) -> Membership:
    """Joins at once as researcher: a verified address of `user` is in a verified mail domain of
    the institution. Raises Refused when no such domain is exactly equal."""
    held = lock(institution.pk)
    offered = {found.pk for found in selectors.offers(user)}
    if held.pk not in offered:
        raise Refused(_("You cannot join at once. Ask the institution instead."))
    now = clock.now()
    membership = Membership.objects.create(
        institution=held,
        user=user,
        roles=[MemberRole.RESEARCHER],
        status=MembershipStatus.ACTIVE,
        basis=Basis.DOMAIN,
        requested_at=now,
        started_at=now,
    )
    joined = note(held, "membership.joined", user, facts(membership))
    mails.joined(membership, list(selectors.administrators(held)), joined)
    return membership


@transaction.atomic
def ask(user: User, institution: Institution, message: str) -> Membership:
    """Asks to join. The administrators decide; where there are none, those of the agencies.

    Raises Refused when a membership is open already or the institution is not confirmed.
    """
    held = lock(institution.pk)
    if held.status != InstitutionStatus.CONFIRMED:
        raise Refused(_("This institution is not confirmed yet."))
    if Membership.objects.filter(institution=held, user=user, status__in=OPEN).exists():
        raise Refused(_("You have asked already, or belong to the institution."))
    membership = Membership.objects.create(
        institution=held, user=user, roles=[], message=message, requested_at=clock.now()
    )
    asked = note(held, "membership.requested", user, facts(membership), personal(membership))
    mails.asked(membership, selectors.deciders(held), asked)
    return membership


@transaction.atomic
def decide(membership: Membership, by: User, approve: bool) -> None:
    """Approves a request (as researcher) or declines it. Raises Forbidden, Refused."""
    institution = lock(membership.institution_id)
    if not policy.may_manage(by, institution) or membership.user_id == by.pk:
        raise Forbidden
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.status != MembershipStatus.PENDING:
        raise Refused(_("Somebody has decided this already."))
    if approve and not held.roles:
        held.roles = [MemberRole.RESEARCHER]
    mails.decided(held, approve, settle(held, by, approve))


def settle(held: Membership, by: User, approve: bool) -> Event:
    """Approves or declines a membership that is locked; who may has been asked already."""
    now = clock.now()
    held.status = MembershipStatus.ACTIVE if approve else MembershipStatus.REJECTED
    held.started_at = now if approve else None
    held.decided_by, held.decided_at = by, now
    held.save()
    what = "membership.approved" if approve else "membership.rejected"
    event = note(held.institution, what, by, facts(held))
    if approve and MemberRole.SIGNATORY in held.roles:
        _appointed(held, event)
    return event


def _appointed(held: Membership, event: Event) -> None:
    """Somebody may bind the institution from now on. What waits for that is told by the apps above
    (`signatory.mail`)."""
    payload = {"institution": str(held.institution_id), "user": str(held.user_id)}
    queue("signatory.mail", {**payload, "event": event.pk}, str(event.pk))


@transaction.atomic
def change(
    membership: Membership, by: User, roles: list[str], title: str = "", authority: str = ""
) -> None:
    """Sets what a member may do. Nobody gives themselves a role.

    Raises Forbidden; Refused when the last administrator would go, no role is left, or a
    signatory lacks title or authority.
    """
    institution = lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if not policy.may_manage(by, institution) or held.status != MembershipStatus.ACTIVE:
        raise Forbidden
    wanted = [role for role in MemberRole.values if role in roles]
    if not wanted:
        raise Refused(_("Choose at least one role, or end the membership."))
    if held.user_id == by.pk and not set(wanted) <= set(held.roles):
        raise Refused(_("Nobody can give themselves a role. Ask another administrator."))
    if MemberRole.SIGNATORY in wanted and not (title.strip() and authority.strip()):
        raise Refused(_("A signatory needs a title and what the authority rests on."))
    if MemberRole.ADMINISTRATOR not in wanted:
        _keep_an_administrator(institution, held)
    before = list(held.roles)
    held.roles, held.title, held.authority = wanted, title.strip(), authority.strip()
    held.save()
    told = {**facts(held), "before": before}
    event = note(institution, "membership.changed", by, told, personal(held))
    if MemberRole.SIGNATORY in set(wanted) - set(before):
        _appointed(held, event)
    if held.user_id != by.pk:
        mails.changed(held, event)


@transaction.atomic
def end(membership: Membership, by: User) -> None:
    """Ends a membership or takes a request back: the person leaves, or an administrator ends it.

    Access bites at the next request. Raises Forbidden; Refused for the last administrator.
    """
    institution = lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.user_id != by.pk and not policy.may_manage(by, institution):
        raise Forbidden
    if held.status not in OPEN:
        return
    _keep_an_administrator(institution, held)
    held.status = MembershipStatus.ENDED
    held.ended_by, held.ended_at = by, clock.now()
    held.save()
    event = note(institution, "membership.ended", by, facts(held))
    if held.user_id != by.pk:
        mails.changed(held, event)


def _keep_an_administrator(institution: Institution, leaving: Membership) -> None:
    """Raises Refused when `leaving` is the only administrator of the institution."""
    if leaving.status != MembershipStatus.ACTIVE or MemberRole.ADMINISTRATOR not in leaving.roles:
        return
    others = selectors.administrators(institution).exclude(pk=leaving.user_id)
    if institution.status == InstitutionStatus.CONFIRMED and not others.exists():
        raise Refused(_("The institution needs an administrator. Make somebody else one first."))
