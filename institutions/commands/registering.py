"""An institution that is not in the list registers, and an agency administrator decides."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import claims, domains, mails, policy
from institutions.commands.common import Forbidden, Refused, facts, lock, note, personal
from institutions.commands.memberships import settle
from institutions.enums import Basis, InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import Institution, MailDomain, Membership
from portal import clock
from portal.accounts.models import User
from portal.accounts.selectors import people_with_role_anywhere, verified_addresses
from portal.text import line


@transaction.atomic
def register(
    by: User,
    name: str,
    country: str,
    kind: str,
    org_number: str = "",
) -> Institution:
    """Registers an institution that is not in the list; it waits for an agency administrator.

    `by` becomes its administrator when it is confirmed. Raises Refused when the organisation number
    is registered already.
    """
    now = clock.now()
    try:
        with transaction.atomic():
            made = Institution.objects.create(
                name=line(name),
                country=country,
                kind=kind,
                org_number=org_number,
                registered_by=by,
                registered_at=now,
            )
    except IntegrityError as twice:
        raise Refused(
            _("This organisation number is registered already. Find it in the list, ask to join.")
        ) from twice
    membership = Membership.objects.create(
        institution=made,
        user=by,
        roles=[MemberRole.ADMINISTRATOR, MemberRole.RESEARCHER],
        basis=Basis.REGISTRATION,
        requested_at=now,
    )
    own = {domains.of_address(a) for a in verified_addresses(by)} - {""} - domains.PUBLIC
    for domain in sorted(own):
        MailDomain.objects.create(institution=made, domain=domain, added_by=by, added_at=now)
    known = {"country": country, "kind": kind, "org_number": org_number, "domains": sorted(own)}
    registered = note(made, "institution.registered", by, {"name": name, **known})
    note(made, "membership.requested", by, facts(membership), personal(membership))
    mails.registered(made, people_with_role_anywhere(policy.AGENCY_ADMIN), registered)
    return made


@transaction.atomic
def decide_institution(institution: Institution, by: User, confirm: bool) -> None:
    """An agency administrator confirms or declines a registered institution and its first
    administrator with it; a claim to sign for it is decided apart. Raises Forbidden, and Refused
    when it was decided or is `by`'s own."""
    if not policy.may_confirm(by):
        raise Forbidden
    held = lock(institution.pk)
    if held.status != InstitutionStatus.PENDING:
        raise Refused(_("Somebody has decided this already."))
    if confirm and held.registered_by_id == by.pk:
        raise Refused(_("You registered this institution. Another administrator must confirm it."))
    now = clock.now()
    held.status = InstitutionStatus.CONFIRMED if confirm else InstitutionStatus.REJECTED
    held.decided_by, held.decided_at = by, now
    held.save()
    what = "institution.confirmed" if confirm else "institution.rejected"
    decided = note(held, what, by, {})
    for membership in Membership.objects.filter(
        institution=held, basis=Basis.REGISTRATION, status=MembershipStatus.PENDING
    ):
        settle(membership, by, confirm)
    mails.institution_decided(held, confirm, decided)
    for claim in claims.waiting(held):
        mails.claimed(claim, claims.deciders(claim), decided)
