"""Who belongs to an institution, until when, and what they may do for it."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import mails, policy, selectors
from institutions.commands.common import OPEN, Forbidden, Refused, facts, lock, note, personal
from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import DocumentStatus, Institution, Membership
from portal import clock, days
from portal.accounts.models import User
from portal.events.models import Event
from portal.events.outbox import queue
from portal.text import line

TOLD = timedelta(days=14)  # before a membership ends by its date


@transaction.atomic
def ask(user: User, institution: Institution, message: str) -> Membership:
    """Asks to join. The administrators decide; where there are none, those of the agencies. An
    address at a verified mail domain is shown to them and decides nothing.

    Raises Refused when a membership is open already or the institution is not confirmed.
    """
    held = lock(institution.pk)
    if held.status != InstitutionStatus.CONFIRMED:
        raise Refused(_("This institution is not confirmed yet."))
    close_if_over(held, user)
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
    """Approves or declines a membership that is locked; who may has been asked already. Nobody
    becomes a signatory by it: that is claimed and decided apart (commands.authority)."""
    now = clock.now()
    held.status = MembershipStatus.ACTIVE if approve else MembershipStatus.REJECTED
    held.started_at = now if approve else None
    held.decided_by, held.decided_at = by, now
    held.save()
    what = "membership.approved" if approve else "membership.rejected"
    if not approve:
        _end_claims(held, by)
    return note(held.institution, what, by, facts(held))


def _end_claims(held: Membership, by: User) -> None:
    """A claim to sign that waits ends with the membership."""
    waiting = held.authority_claims.filter(ended_at__isnull=True)
    waiting.update(ended_by=by, ended_at=clock.now())


def appointed(held: Membership, event: Event) -> None:
    """Somebody may bind the institution from now on. What waits for that is told by the apps above
    (`signatory.mail`)."""
    payload = {"institution": str(held.institution_id), "user": str(held.user_id)}
    queue("signatory.mail", {**payload, "event": event.pk}, str(event.pk))


@transaction.atomic
def change(
    membership: Membership,
    by: User,
    roles: list[str],
    title: str = "",
    authority: str = "",
    authority_from: date | None = None,
    authority_until: date | None = None,
) -> None:
    """Sets what a member may do. Nobody gives themselves a role, or longer authority to sign.

    `authority_from`, `authority_until`: first and last day on which a signatory may sign (UTC).
    Raises Forbidden; Refused when the last administrator would go, no role is left, or a
    signatory lacks title, authority or, when new, a document that was not refused, or when its
    last day comes before its first.
    """
    institution = lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if not policy.may_manage(by, institution) or held.status != MembershipStatus.ACTIVE:
        raise Forbidden
    wanted = [role for role in MemberRole.values if role in roles]
    signs = MemberRole.SIGNATORY in wanted
    given = (line(title), line(authority), authority_from, authority_until)
    stood = (held.title, held.authority, held.authority_from, held.authority_until)
    if not wanted:
        raise Refused(_("Choose at least one role, or end the membership."))
    if held.user_id == by.pk and not set(wanted) <= set(held.roles):
        raise Refused(_("Nobody can give themselves a role. Ask another administrator."))
    if held.user_id == by.pk and signs and given != stood:
        raise Refused(_("Another administrator must change your authority to sign."))
    if signs and not (given[0] and given[1]):
        raise Refused(_("A signatory needs a title and what the authority rests on."))
    if not days.within(authority_from, authority_until):
        raise Refused(str(days.BETWEEN))
    if authority_from and authority_until and authority_until < authority_from:
        raise Refused(_("The authority to sign ends before it begins. Change one of the days."))
    if signs and MemberRole.SIGNATORY not in held.roles and not _documented(held):
        raise Refused(_("A signatory needs a document of the authority."))
    if MemberRole.ADMINISTRATOR not in wanted:
        _keep_an_administrator(institution, held)
    before = list(held.roles)
    held.roles = wanted
    held.title, held.authority, held.authority_from, held.authority_until = given
    held.save()
    span = {"authority_from": _iso(authority_from), "authority_until": _iso(authority_until)}
    told = {**facts(held), "before": before, **(span if signs else {})}
    event = note(institution, "membership.changed", by, told, personal(held))
    if MemberRole.SIGNATORY in set(wanted) - set(before):
        appointed(held, event)
    if held.user_id != by.pk:
        mails.changed(held, event)


def _documented(held: Membership) -> bool:
    newest = held.authority_documents.order_by("-uploaded_at", "pk").first()
    return newest is not None and newest.status != DocumentStatus.REFUSED


@transaction.atomic
def set_end(membership: Membership, by: User, last_day: date | None) -> None:
    """Sets the last day of a membership (UTC, included), or takes it away. Access ends after it by
    itself; the member is told 14 days before.

    Raises Forbidden; Refused for a day that is over, or when somebody prolongs their own.
    """
    institution = lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if not policy.may_manage(by, institution) or held.status != MembershipStatus.ACTIVE:
        raise Forbidden
    before = held.valid_until
    if before == last_day:
        return
    if not days.within(last_day):
        raise Refused(str(days.BETWEEN))
    if last_day is not None and last_day < clock.today("UTC"):
        raise Refused(_("This day is over. Choose today or a later day, or end the membership."))
    longer = before is not None and (last_day is None or last_day > before)
    if held.user_id == by.pk and longer:
        raise Refused(_("Nobody can prolong their own membership. Ask another administrator."))
    held.valid_until = last_day
    held.save()
    told = {**facts(held), "last_day": _iso(last_day), "before": _iso(before)}
    event = note(institution, "membership.end_date", by, told)
    if held.user_id != by.pk:
        mails.changed(held, event)
    announce_end(held)


def announce_end(held: Membership) -> None:
    """Queues the mail that goes out 14 days before the last day, or now when that is nearer."""
    if held.valid_until is None:
        return
    day = held.valid_until
    at = datetime.combine(day - TOLD, time(), UTC)
    payload = {"membership": str(held.pk), "last_day": day.isoformat()}
    queue("membership.ending", payload, f"{held.pk}:{day}", max(at, clock.now()))


def close_if_over(institution: Institution, user: User) -> None:
    """Writes the end of a membership whose last day has passed: the person comes again."""
    over = Membership.objects.select_for_update().filter(
        institution=institution,
        user=user,
        status=MembershipStatus.ACTIVE,
        valid_until__lt=clock.today("UTC"),
    )
    for held in over:
        _end(held, user, "last day passed")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _end(held: Membership, by: User, why: str = "") -> Event:
    """Ends a membership that is locked, and what hangs on it."""
    now = clock.now()
    held.status = MembershipStatus.ENDED
    held.ended_by, held.ended_at = by, now
    held.save()
    held.database_managers.filter(ended_at__isnull=True).update(ended_by=by, ended_at=now)
    _end_claims(held, by)
    told = {**facts(held), **({"because": why} if why else {})}
    return note(held.institution, "membership.ended", by, told)


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
    event = _end(held, by)
    if held.user_id != by.pk:
        mails.changed(held, event)


def _keep_an_administrator(institution: Institution, leaving: Membership) -> None:
    """Raises Refused when `leaving` is the only administrator of the institution."""
    if leaving.status != MembershipStatus.ACTIVE or MemberRole.ADMINISTRATOR not in leaving.roles:
        return
    others = selectors.administrators(institution).exclude(pk=leaving.user_id)
    if institution.status == InstitutionStatus.CONFIRMED and not others.exists():
        raise Refused(_("The institution needs an administrator. Make somebody else one first."))
