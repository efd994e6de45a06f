"""Memberships of two institutions that become one. Nobody gets a role that nobody gave them."""

from datetime import date

from institutions.commands.common import OPEN, facts, note
from institutions.commands.memberships import announce_end
from institutions.enums import MemberRole, MembershipStatus
from institutions.models import Membership
from institutions.moves import Merging
from portal import clock

AUTHORITY = ("title", "authority", "authority_from", "authority_until")


def memberships(merging: Merging) -> int:
    """Moves all memberships to the institution that is kept; how many."""
    held = Membership.objects.select_for_update().filter(status__in=OPEN).order_by("pk")
    mine = {m.user_id: m for m in held.filter(institution=merging.kept)}
    for membership in held.filter(institution=merging.gone):
        if membership.status == MembershipStatus.PENDING:
            # Nobody has looked at it: the roles that somebody wished for themselves do not come.
            membership.roles = []
            membership.save()
        same = mine.get(membership.user_id)
        if same is not None:
            _unite(same, membership, merging)
    moved = Membership.objects.filter(institution=merging.gone)
    return moved.update(institution=merging.kept)


def _unite(one: Membership, other: Membership, merging: Merging) -> None:
    """Two open memberships of a person become the one that gives most, or the older."""
    stays, goes = sorted((one, other), key=_order)
    before = list(stays.roles)
    if _rank(stays) == _rank(goes) == 0:
        _add(stays, goes)
    goes.status = MembershipStatus.ENDED
    goes.ended_by, goes.ended_at = merging.by, merging.at
    goes.save()
    _claims(stays, goes, merging)
    if _rank(stays) == 0:
        goes.database_managers.filter(ended_at__isnull=True).update(membership=stays)
    stays.save()
    told = {**facts(stays), "before": before, "ended": str(goes.pk)}
    note(merging.kept, "membership.united", merging.by, told)
    announce_end(stays)


def _claims(stays: Membership, goes: Membership, merging: Merging) -> None:
    """A claim to sign that waits goes along, unless the same person has one there already."""
    waiting = goes.authority_claims.filter(ended_at__isnull=True)
    if stays.authority_claims.filter(ended_at__isnull=True).exists():
        waiting.update(ended_by=merging.by, ended_at=merging.at)
        return
    for claim in waiting.select_related("document"):
        claim.membership = claim.document.membership = stays
        claim.document.save()
        claim.save()


def _rank(membership: Membership) -> int:
    """0 gives rights now, 1 waits, 2 is past its last day."""
    if membership.status == MembershipStatus.PENDING:
        return 1
    over = membership.valid_until is not None and membership.valid_until < clock.today("UTC")
    return 2 if over else 0


def _order(membership: Membership) -> tuple:
    since = membership.started_at or membership.requested_at
    return _rank(membership), since, str(membership.pk)


def _add(stays: Membership, goes: Membership) -> None:
    """The roles of both, until the earlier last day: nobody's right grows longer by a merge."""
    if MemberRole.SIGNATORY in goes.roles and MemberRole.SIGNATORY not in stays.roles:
        for name in AUTHORITY:
            setattr(stays, name, getattr(goes, name))
        goes.authority_documents.update(membership=stays)
    both = {*stays.roles, *goes.roles}
    stays.roles = [str(role) for role in MemberRole if role in both]
    stays.valid_until = _earlier(stays.valid_until, goes.valid_until)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
