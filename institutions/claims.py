"""Reads about claims to sign for an institution: which wait, and for whom."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import AuthorityClaim, Institution, Membership
from institutions.policy import AGENCY_ADMIN, in_force, may_confirm
from institutions.selectors import administrators, institutions_with_role, members
from portal.accounts.models import User
from portal.accounts.selectors import people_with_role_anywhere


def waiting(institution: Institution) -> list[AuthorityClaim]:
    """The claims to sign for the institution that wait for a decision, the oldest first."""
    held = AuthorityClaim.objects.filter(ended_at__isnull=True, membership__institution=institution)
    return list(_with_people(held))


def _with_people(claims: QuerySet[AuthorityClaim]) -> QuerySet[AuthorityClaim]:
    return claims.select_related("membership__institution", "claimed_by", "document").order_by(
        "claimed_at", "pk"
    )


def deciders(claim: AuthorityClaim) -> list[User]:
    """Who is told of a claim: the institution's other administrators; where there are none, the
    administrators of agencies who do not belong to it."""
    at = claim.membership.institution_id
    own = administrators(at).exclude(pk=claim.claimed_by_id)
    if own.exists():
        return list(own)
    here = set(members(at).values_list("pk", flat=True))
    return [user for user in people_with_role_anywhere(AGENCY_ADMIN) if user.pk not in here]


def for_decision_by(user: Any) -> QuerySet[AuthorityClaim]:
    """The claims at confirmed institutions that wait for `user`, the oldest first."""
    other = Membership.objects.filter(
        in_force(),
        institution_id=OuterRef("membership__institution_id"),
        roles__contains=[MemberRole.ADMINISTRATOR],
    ).exclude(user_id=OuterRef("claimed_by_id"))
    mine = Q(membership__institution_id__in=institutions_with_role(user, MemberRole.ADMINISTRATOR))
    waits = mine
    if may_confirm(user):
        belong = Membership.objects.filter(in_force(), user_id=user.pk).values("institution_id")
        waits = mine | (~Q(Exists(other)) & ~Q(membership__institution_id__in=belong))
    held = AuthorityClaim.objects.filter(
        waits,
        ended_at__isnull=True,
        membership__status=MembershipStatus.ACTIVE,
        membership__institution__status=InstitutionStatus.CONFIRMED,
    )
    return _with_people(held.exclude(claimed_by_id=user.pk))


def open_membership(user: Any, institution: Institution) -> Membership | None:
    """The membership of `user` there that waits or is active, or None."""
    held = Membership.objects.filter(institution=institution, user_id=user.pk)
    return held.filter(status__in=[MembershipStatus.PENDING, MembershipStatus.ACTIVE]).first()
