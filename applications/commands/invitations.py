"""Invitations to a case by mail: to any address, once, for fourteen days."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from applications import links, people_mails
from applications.commands.colleagues import let_in, tell, wanted_role
from applications.commands.errors import Invalid, NotFound
from applications.commands.gate import Act, Done, handles
from applications.enums import ColleagueBasis, ColleagueRole
from applications.models import ColleagueInvitation
from institutions import selectors as institutions
from portal.accounts.selectors import verified_addresses

# Mails to strangers: enough for every project, too few to be a nuisance.
MOST_A_DAY = 40


def _address(act: Act) -> str:
    address = str(act.payload.get("email") or "").strip().lower()
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise Invalid({"email": ["no mail address"]}) from wrong
    if len(address) > 254:
        raise Invalid({"email": ["no mail address"]})
    if address in verified_addresses(act.by.user):
        raise Invalid({"email": ["your own address"]})
    return address


@handles("invite_by_mail")
def invite_by_mail(act: Act) -> Done:
    """Sends a link to an address, known here or not; an earlier one to it counts no more.
    Payload: `email`, `role`."""
    role, address = wanted_role(act.payload), _address(act)
    mine = ColleagueInvitation.objects.filter(application=act.application)
    if mine.filter(created_at__gt=act.now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Invalid({"": ["too many a day"]})
    mine.filter(email=address, answered_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=act.now
    )
    secret, digest = links.new_secret()
    made = ColleagueInvitation.objects.create(
        application=act.application,
        email=address,
        role=role,
        link_digest=digest,
        created_by=act.by.user,
        created_at=act.now,
        expires_at=act.now + links.LASTS,
    )
    people_mails.invited(made, act.by.user, secret)
    return Done({"invitation": str(made.pk), "role": role}, {"email": address}, value=made)


@handles("revoke_invitation")
def revoke_invitation(act: Act) -> Done:
    """The link opens nothing any more. Payload: `invitation` (id)."""
    held = ColleagueInvitation.objects.filter(
        pk=act.payload["invitation"], application=act.application
    ).first()
    if held is None:
        raise NotFound
    if held.answered_at or held.revoked_at:
        return Done(nothing=True)
    held.revoked_at = act.now
    held.save()
    return Done({"invitation": str(held.pk)})


def _answer(act: Act, accepted: bool) -> ColleagueInvitation:
    held: Any = links.invitation(act.by.secret)  # the gate asked it already, under the same lock
    held.answered_by, held.answered_at = act.by.user, act.now
    held.accepted = accepted
    held.save()
    return held


def _at_least(act: Act, user: Any, role: str) -> str:
    """An invitation takes nothing from who may do more already."""
    now = act.application.colleagues.filter(user=user, ended_at__isnull=True).first()
    ranks = list(ColleagueRole)
    return str(
        max(ColleagueRole(role), ColleagueRole(now.role) if now else ranks[0], key=ranks.index)
    )


@handles("accept_invitation")
def accept_invitation(act: Act) -> Done:
    """Whoever has the address becomes a colleague. The link is used up."""
    user, application = act.by.user, act.application
    if user.pk == application.owner_id:
        raise Invalid({"": ["it is your own"]})
    held = _answer(act, True)
    at = application.institution_id
    here = at is not None and institutions.is_member(user, at)
    basis = ColleagueBasis.MEMBER if here else ColleagueBasis.INVITATION
    role = _at_least(act, user, held.role)
    let_in(act, user, role, basis, held.created_by)
    data = {"invitation": str(held.pk), "user": str(user.pk), "role": role}
    effects = [tell(act, held.created_by, "joined")]
    return Done({**data, "basis": str(basis)}, effects=effects, value=application)


@handles("decline_invitation")
def decline_invitation(act: Act) -> Done:
    """Whoever has the address does not want to. The link is used up."""
    if act.by.user.pk == act.application.owner_id:
        raise Invalid({"": ["it is your own"]})
    held = _answer(act, False)
    return Done({"invitation": str(held.pk)}, effects=[tell(act, held.created_by, "declined")])
