"""Invitations to an institution: by mail, once, for fourteen days, for one address."""

from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import mails, policy
from institutions.commands.common import OPEN, Forbidden, Refused, facts, lock, note
from institutions.commands.memberships import announce_end, close_if_over
from institutions.enums import Basis, MemberRole, MembershipStatus
from institutions.models import Institution, Invitation, Membership
from portal import clock, days
from portal.accounts.models import User
from portal.accounts.selectors import verified_addresses
from portal.text import line

LASTS = timedelta(days=14)
SECRET_BYTES = 32  # 256 random bits
MOST_OPEN = 200
ROLES = (MemberRole.RESEARCHER, MemberRole.ADMINISTRATOR)


class NoSuchInvitation(Exception):
    """The link opens nothing: unknown, used, revoked or too old. All are answered alike."""


class AnotherAddress(Exception):
    """The person has not shown that the address of the invitation is theirs."""


def digest_of(secret: str) -> str:
    """What is stored of the secret in a link."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(
    institution: Institution,
    by: User,
    email: str,
    roles: list[str],
    valid_until: date | None = None,
) -> Invitation:
    """Sends somebody a link to join. What is answered does not depend on whether the address is
    known here. An earlier invitation of the address no longer counts.

    `valid_until`: last day of the membership (UTC). Raises Forbidden; Refused for roles that a link
    cannot give, one's own address, a day that is over, or too many open invitations.
    """
    held = lock(institution.pk)
    if not policy.may_manage(by, held):
        raise Forbidden
    wanted = [str(role) for role in ROLES if role in roles]
    if not wanted or set(roles) - set(wanted):
        raise Refused(_("Choose what the person may do: researcher or administrator."))
    if not days.within(valid_until):
        raise Refused(str(days.BETWEEN))
    if valid_until is not None and valid_until < clock.today("UTC"):
        raise Refused(_("This day is over. Choose today or a later day."))
    address, now = line(email).lower(), clock.now()
    if address in verified_addresses(by):
        raise Refused(_("This is your own address."))
    still = Invitation.objects.filter(
        institution=held, used_at__isnull=True, revoked_at__isnull=True
    )
    still.filter(email=address).update(revoked_by=by, revoked_at=now)
    if still.filter(expires_at__gt=now).count() >= MOST_OPEN:
        raise Refused(_("Too many invitations are open. Revoke some, or wait."))
    secret = token_urlsafe(SECRET_BYTES)
    made = Invitation.objects.create(
        institution=held,
        email=address,
        roles=wanted,
        valid_until=valid_until,
        link_digest=digest_of(secret),
        created_by=by,
        created_at=now,
        expires_at=now + LASTS,
    )
    data = {"invitation": str(made.pk), "roles": wanted}
    event = note(held, "invitation.sent", by, data, {"email": address})
    mails.invited(made, by, secret, event)
    return made


@transaction.atomic
def revoke(invitation: Invitation, by: User) -> None:
    """The link opens nothing any more. Raises Forbidden; Refused when it was used already."""
    institution = lock(invitation.institution_id)
    if not policy.may_manage(by, institution):
        raise Forbidden
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.revoked_at is not None:
        return
    if held.used_at is not None:
        raise Refused(_("The invitation was used already. End the membership instead."))
    held.revoked_by, held.revoked_at = by, clock.now()
    held.save()
    note(institution, "invitation.revoked", by, {"invitation": str(held.pk)})


def find(secret: str) -> Invitation:
    """The invitation that this secret opens now. Raises NoSuchInvitation.

    An invitation counts while who sent it may still let people in: a right that was taken away
    does not live on in a link.
    """
    found = (
        Invitation.objects.select_related("institution", "created_by")
        .filter(
            link_digest=digest_of(secret),
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=clock.now(),
        )
        .first()
    )
    if found is None or not policy.may_manage(found.created_by, found.institution):
        raise NoSuchInvitation
    return found


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether `user` has shown that the address of the invitation is theirs."""
    return invitation.email in verified_addresses(user)


@transaction.atomic
def accept(secret: str, user: User) -> Membership:
    """Joins by an invitation, which is then used up.

    Raises NoSuchInvitation, AnotherAddress; Refused when the person belongs there already.
    """
    institution = lock(find(secret).institution_id)
    invitation = Invitation.objects.select_for_update().get(pk=find(secret).pk)
    if not is_for(invitation, user) or invitation.created_by_id == user.pk:
        raise AnotherAddress
    close_if_over(institution, user)
    now = clock.now()
    held = (
        Membership.objects.select_for_update()
        .filter(institution=institution, user=user, status__in=OPEN)
        .first()
    )
    if held is not None and held.status == MembershipStatus.ACTIVE:
        raise Refused(_("You belong to the institution already."))
    held = held or Membership(institution=institution, user=user, requested_at=now)
    held.roles, held.basis = list(invitation.roles), Basis.INVITATION
    held.status, held.started_at = MembershipStatus.ACTIVE, now
    held.decided_by, held.decided_at = invitation.created_by, now
    held.valid_until = invitation.valid_until
    held.save()
    invitation.used_by, invitation.used_at = user, now
    invitation.save()
    told = {**facts(held), "invitation": str(invitation.pk)}
    event = note(institution, "membership.joined", user, told)
    mails.joined(held, [invitation.created_by], event)
    announce_end(held)
    return held
