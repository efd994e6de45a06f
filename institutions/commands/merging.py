"""Two institutions that are one: proposed by an agency administrator, confirmed by another."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from institutions import details_mails, moves, policy, selectors
from institutions.commands.common import OPEN, Forbidden, Refused, note
from institutions.enums import InstitutionStatus
from institutions.models import Institution, InstitutionMerge, Membership
from portal import clock
from portal.accounts.models import User
from portal.accounts.selectors import people_with_role_anywhere
from portal.events.models import Event
from portal.events.outbox import queue
from portal.links import absolute
from portal.text import text

LONGEST_REASON = 2000


def _lock(*pks: UUID) -> list[Institution]:
    """Both, held until the transaction ends; always in the same order, so that two merges wait for
    each other."""
    held = Institution.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    found = {institution.pk: institution for institution in held}
    return [found[pk] for pk in pks]


def _permit(by: User, *institutions: Institution) -> None:
    """Who belongs to one of them, or registered it, has no part in it. Raises Forbidden."""
    if not all(policy.may_identify(by, institution) for institution in institutions):
        raise Forbidden


def open_merges(*institutions: Institution) -> list[InstitutionMerge]:
    """Proposals about any of these (all, when none is named) that nobody has ended, the oldest
    first."""
    concerned = Q(kept__in=institutions) | Q(gone__in=institutions) if institutions else Q()
    found = InstitutionMerge.objects.filter(concerned, ended_at__isnull=True)
    return list(found.select_related("kept", "gone", "proposed_by").order_by("proposed_at"))


@transaction.atomic
def propose_merge(
    kept: Institution, gone: Institution, by: User, reason: str, seen: str
) -> InstitutionMerge:
    """Proposes that `gone` becomes part of `kept`. Nothing changes before another administrator has
    confirmed it.

    `seen`: `moves.digest` of what the page showed. Raises Forbidden; Refused with all that stands
    in the way, without a reason, or when something has changed since.
    """
    kept, gone = _lock(kept.pk, gone.pk)
    _permit(by, kept, gone)
    reason = text(reason).strip()[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say how you know that they are the same: the other one reads it."))
    _possible(kept, gone, seen)
    if open_merges(kept, gone):
        raise Refused(_("A merge with one of them is proposed already. End that one first."))
    made = InstitutionMerge.objects.create(
        kept=kept, gone=gone, reason=reason, proposed_by=by, proposed_at=clock.now()
    )
    event = _both(made, "institution.merge_proposed", by)
    others = [p for p in people_with_role_anywhere(policy.AGENCY_ADMIN) if p.pk != by.pk]
    link = absolute("institutions:merge_proposal", made.pk)
    details_mails.merge_proposed(kept, gone, others, link, event)
    return made


def _possible(kept: Institution, gone: Institution, seen: str) -> None:
    if kept.pk == gone.pk:
        raise Refused(_("Choose two institutions."))
    if found := moves.refusals(kept, gone):
        raise Refused(" ".join(found))
    if moves.digest(kept, gone) != seen:
        raise Refused(_("Something of them has changed since you opened the page. Look again."))


def _both(merge: InstitutionMerge, what: str, by: User, more: dict | None = None) -> Event:
    """One event on each of the two; the one of `kept`."""
    told = {"merge": str(merge.pk), "kept": str(merge.kept_id), "gone": str(merge.gone_id)}
    note(merge.gone, what, by, {**told, **(more or {})})
    return note(merge.kept, what, by, {**told, **(more or {})})


@transaction.atomic
def confirm_merge(merge: InstitutionMerge, by: User, seen: str) -> Institution:
    """Merges, by another administrator than who proposed it. What was sent and decided stays as it
    was written; members and administrators are told by mail.

    Raises Forbidden; Refused when it is ended, is their own proposal, or cannot be any more.
    """
    for move in moves.all_moves():
        move.hold(merge.gone)
    kept, gone = _lock(merge.kept_id, merge.gone_id)
    held = InstitutionMerge.objects.select_for_update().get(pk=merge.pk)
    if held.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    _permit(by, kept, gone)
    if held.proposed_by_id == by.pk:
        raise Refused(_("You proposed this. Another administrator must confirm it."))
    _possible(kept, gone, seen)
    now = clock.now()
    concerned = Membership.objects.filter(institution=gone, status__in=OPEN)
    told = {user.pk: user for user in User.objects.filter(pk__in=concerned.values("user_id"))}
    merging = moves.Merging(kept, gone, by, now)
    moved = {move.relation: move.carry(merging) for move in moves.all_moves()}
    gone.status, gone.merged_into = InstitutionStatus.MERGED, kept
    if gone.decided_at is None:
        gone.decided_by, gone.decided_at = by, now
    gone.save()
    held.ended_by, held.ended_at, held.done, held.moved = by, now, True, moved
    held.save()
    held.kept, held.gone = kept, gone
    event = _both(held, "institution.merged", by, {"moved": moved})
    told |= {user.pk: user for user in selectors.administrators(kept)}
    details_mails.merged(kept, gone.name, told.values(), event)
    for user in selectors.signatories(kept):
        payload = {"institution": str(kept.pk), "user": str(user.pk), "event": event.pk}
        queue("signatory.mail", payload, f"{event.pk}:{user.pk}")
    return kept


@transaction.atomic
def drop_merge(merge: InstitutionMerge, by: User) -> None:
    """They are two after all, or the proposal is taken back. Raises Forbidden, Refused."""
    kept, gone = _lock(merge.kept_id, merge.gone_id)
    held = InstitutionMerge.objects.select_for_update().get(pk=merge.pk)
    if held.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    tied = any(policy.is_member(by, institution.pk) for institution in (kept, gone))
    if not policy.may_confirm(by) or (tied and held.proposed_by_id != by.pk):
        raise Forbidden
    held.ended_by, held.ended_at = by, clock.now()
    held.save()
    _both(held, "institution.merge_dropped", by)
