"""Writes about institutions and memberships. Each locks the institution, checks who may, and
records an event in the same transaction."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import domains, mails, policy, selectors
from institutions.enums import Basis, InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import Institution, InstitutionApproval, MailDomain, Membership
from portal import clock
from portal.accounts import policy as accounts
from portal.accounts.models import User
from portal.accounts.selectors import people_with_role_anywhere, verified_addresses
from portal.events.log import record
from portal.events.models import Event
from portal.events.outbox import queue

OPEN = (MembershipStatus.PENDING, MembershipStatus.ACTIVE)


class Refused(Exception):
    """What was asked cannot be done; the text says why, in the reader's language."""


class Forbidden(Exception):
    """This person may not do it."""


def _lock(pk: Any) -> Institution:
    return Institution.objects.select_for_update().get(pk=pk)


def _note(
    institution: Institution, what: str, by: User, data: dict, personal: dict | None = None
) -> Event:
    return record(f"institution:{institution.pk}", what, by.reference, data, personal)


def _facts(membership: Membership) -> dict[str, Any]:
    return {
        "membership": str(membership.pk),
        "user": str(membership.user_id),
        "roles": list(membership.roles),
        "basis": membership.basis,
    }


def _personal(membership: Membership) -> dict | None:
    told = {n: getattr(membership, n) for n in ("title", "authority", "message")}
    return {n: v for n, v in told.items() if v} or None


@transaction.atomic
def register(
    by: User,
    name: str,
    country: str,
    kind: str,
    org_number: str = "",
    title: str = "",
    authority: str = "",
) -> Institution:
    """Registers an institution that is not in the list; it waits for an agency administrator.

    `by` becomes its administrator when it is confirmed, and its signatory too when `title` and
    `authority` are given. Raises Refused when the organisation number is registered already.
    """
    now = clock.now()
    try:
        with transaction.atomic():
            made = Institution.objects.create(
                name=name,
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
    roles = [MemberRole.ADMINISTRATOR, MemberRole.RESEARCHER]
    if title and authority:
        roles.append(MemberRole.SIGNATORY)
    membership = Membership.objects.create(
        institution=made,
        user=by,
        roles=roles,
        basis=Basis.REGISTRATION,
        title=title,
        authority=authority,
        requested_at=now,
    )
    own = {domains.of_address(a) for a in verified_addresses(by)} - {""} - domains.PUBLIC
    for domain in sorted(own):
        MailDomain.objects.create(institution=made, domain=domain, added_by=by, added_at=now)
    facts = {"country": country, "kind": kind, "org_number": org_number, "domains": sorted(own)}
    registered = _note(made, "institution.registered", by, {"name": name, **facts})
    _note(made, "membership.requested", by, _facts(membership), _personal(membership))
    mails.registered(made, people_with_role_anywhere(policy.AGENCY_ADMIN), registered)
    return made


@transaction.atomic
def decide_institution(institution: Institution, by: User, confirm: bool) -> None:
    """An agency administrator confirms or declines a registered institution and its first
    administrator with it. Raises Forbidden, and Refused when it was decided or is `by`'s own."""
    if not policy.may_confirm(by):
        raise Forbidden
    held = _lock(institution.pk)
    if held.status != InstitutionStatus.PENDING:
        raise Refused(_("Somebody has decided this already."))
    if confirm and held.registered_by_id == by.pk:
        raise Refused(_("You registered this institution. Another administrator must confirm it."))
    now = clock.now()
    held.status = InstitutionStatus.CONFIRMED if confirm else InstitutionStatus.REJECTED
    held.decided_by, held.decided_at = by, now
    held.save()
    what = "institution.confirmed" if confirm else "institution.rejected"
    decided = _note(held, what, by, {})
    for membership in Membership.objects.filter(
        institution=held, basis=Basis.REGISTRATION, status=MembershipStatus.PENDING
    ):
        _decide(membership, by, confirm)
    mails.institution_decided(held, confirm, decided)


@transaction.atomic
def join(user: User, institution: Institution) -> Membership:
    """Joins at once as researcher: a verified address of `user` is in a verified mail domain of
    the institution. Raises Refused when no such domain is exactly equal."""
    held = _lock(institution.pk)
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
    joined = _note(held, "membership.joined", user, _facts(membership))
    mails.joined(membership, list(selectors.administrators(held)), joined)
    return membership


@transaction.atomic
def ask(user: User, institution: Institution, message: str) -> Membership:
    """Asks to join. The administrators decide; where there are none, those of the agencies.

    Raises Refused when a membership is open already or the institution is not confirmed.
    """
    held = _lock(institution.pk)
    if held.status != InstitutionStatus.CONFIRMED:
        raise Refused(_("This institution is not confirmed yet."))
    if Membership.objects.filter(institution=held, user=user, status__in=OPEN).exists():
        raise Refused(_("You have asked already, or belong to the institution."))
    membership = Membership.objects.create(
        institution=held, user=user, roles=[], message=message, requested_at=clock.now()
    )
    asked = _note(held, "membership.requested", user, _facts(membership), _personal(membership))
    mails.asked(membership, selectors.deciders(held), asked)
    return membership


@transaction.atomic
def decide(membership: Membership, by: User, approve: bool) -> None:
    """Approves a request (as researcher) or declines it. Raises Forbidden, Refused."""
    institution = _lock(membership.institution_id)
    if not policy.may_manage(by, institution) or membership.user_id == by.pk:
        raise Forbidden
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.status != MembershipStatus.PENDING:
        raise Refused(_("Somebody has decided this already."))
    if approve and not held.roles:
        held.roles = [MemberRole.RESEARCHER]
    mails.decided(held, approve, _decide(held, by, approve))


def _decide(held: Membership, by: User, approve: bool) -> Event:
    now = clock.now()
    held.status = MembershipStatus.ACTIVE if approve else MembershipStatus.REJECTED
    held.started_at = now if approve else None
    held.decided_by, held.decided_at = by, now
    held.save()
    what = "membership.approved" if approve else "membership.rejected"
    event = _note(held.institution, what, by, _facts(held))
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
    institution = _lock(membership.institution_id)
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
    facts = {**_facts(held), "before": before}
    event = _note(institution, "membership.changed", by, facts, _personal(held))
    if MemberRole.SIGNATORY in set(wanted) - set(before):
        _appointed(held, event)
    if held.user_id != by.pk:
        mails.changed(held, event)


@transaction.atomic
def end(membership: Membership, by: User) -> None:
    """Ends a membership or takes a request back: the person leaves, or an administrator ends it.

    Access bites at the next request. Raises Forbidden; Refused for the last administrator.
    """
    institution = _lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.user_id != by.pk and not policy.may_manage(by, institution):
        raise Forbidden
    if held.status not in OPEN:
        return
    _keep_an_administrator(institution, held)
    held.status = MembershipStatus.ENDED
    held.ended_by, held.ended_at = by, clock.now()
    held.save()
    event = _note(institution, "membership.ended", by, _facts(held))
    if held.user_id != by.pk:
        mails.changed(held, event)


def _keep_an_administrator(institution: Institution, leaving: Membership) -> None:
    """Raises Refused when `leaving` is the only administrator of the institution."""
    if leaving.status != MembershipStatus.ACTIVE or MemberRole.ADMINISTRATOR not in leaving.roles:
        return
    others = selectors.administrators(institution).exclude(pk=leaving.user_id)
    if institution.status == InstitutionStatus.CONFIRMED and not others.exists():
        raise Refused(_("The institution needs an administrator. Make somebody else one first."))


@transaction.atomic
def add_domain(institution: Institution, by: User, domain: str) -> MailDomain:
    """Names a mail domain of the institution; an agency administrator verifies it.

    Raises Forbidden; Refused for a public mail host, an unreadable domain or one named already.
    """
    held = _lock(institution.pk)
    if not policy.may_manage(by, held):
        raise Forbidden
    try:
        plain = domains.plain(domain)
    except ValueError as wrong:
        raise Refused(_("This is not a mail domain. Write it like university.example.")) from wrong
    if plain in domains.PUBLIC:
        raise Refused(_("Anybody can have an address there. Name a domain of your own."))
    if MailDomain.objects.filter(institution=held, domain=plain).exists():
        raise Refused(_("This domain is in the list already."))
    added = MailDomain.objects.create(
        institution=held, domain=plain, added_by=by, added_at=clock.now()
    )
    _note(held, "institution.domain_added", by, {"domain": plain})
    return added


@transaction.atomic
def verify_domain(domain: MailDomain, by: User) -> None:
    """An agency administrator has seen that the domain is the institution's.

    Raises Forbidden; Refused when `by` named it or another institution has it.
    """
    if not policy.may_confirm(by):
        raise Forbidden
    institution = _lock(domain.institution_id)
    held = MailDomain.objects.select_for_update().get(pk=domain.pk)
    if held.verified_at is not None:
        return
    if held.added_by_id == by.pk:
        raise Refused(_("You named this domain. Another administrator must verify it."))
    held.verified_by, held.verified_at = by, clock.now()
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as taken:
        raise Refused(_("This domain belongs to another institution already.")) from taken
    _note(institution, "institution.domain_verified", by, {"domain": held.domain})


@transaction.atomic
def record_approval(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None = None,
    number: str = "",
) -> InstitutionApproval:
    """Records that the institution is approved for `agency`, by an administrator of that agency.

    Raises Forbidden; Refused when the approval stands there already.
    """
    if policy.AGENCY_ADMIN not in accounts.staff_roles(by, agency):
        raise Forbidden
    return _approved(institution, agency, source, by, valid_from, valid_until, number)


@transaction.atomic
def approve_by_decision(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None,
    number: str,
) -> InstitutionApproval:
    """Records an approval that `agency` decided by letter; `number` is that of the case.

    `by`: the decision maker, who was allowed to decide. The same again changes nothing.
    """
    held = _lock(institution.pk)
    present = held.approvals.filter(
        agency=agency, source=source, valid_from=valid_from, withdrawn_at__isnull=True
    ).first()
    return present or _approved(held, agency, source, by, valid_from, valid_until, number)


def _approved(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None,
    number: str,
) -> InstitutionApproval:
    held = _lock(institution.pk)
    try:
        with transaction.atomic():
            made = InstitutionApproval.objects.create(
                institution=held,
                agency=agency,
                source=source,
                number=number,
                valid_from=valid_from,
                valid_until=valid_until,
                recorded_by=by,
                recorded_at=clock.now(),
            )
    except IntegrityError as twice:
        raise Refused(_("This approval is recorded already.")) from twice
    facts = {
        "approval": str(made.pk),
        "agency": agency,
        "source": source,
        "number": number,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    _note(held, "institution.approved", by, facts)
    return made
