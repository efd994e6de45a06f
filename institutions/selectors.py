"""Reads about institutions, their members and approvals."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import Institution, InstitutionApproval, MailDomain, Membership
from institutions.policy import in_force, is_member, roles_at
from portal.accounts.models import User

__all__ = [
    "active_institutions",
    "administrators",
    "approval",
    "facts",
    "institutions_with_role",
    "is_member",
    "members",
    "memberships",
    "roles_at",
    "signatories",
]


def memberships(user: Any) -> QuerySet[Membership]:
    """All memberships of `user` that are open (pending or active), with the institution."""
    if not user.is_authenticated:
        return Membership.objects.none()
    return (
        Membership.objects.filter(
            user_id=user.pk, status__in=[MembershipStatus.PENDING, MembershipStatus.ACTIVE]
        )
        .select_related("institution")
        .order_by("institution__name", "pk")
    )


def _mine(user: Any) -> QuerySet[Membership]:
    if not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.filter(in_force(), user_id=user.pk)


def active_institutions(user: Any) -> QuerySet[Institution]:
    """The confirmed institutions where `user` is a member now, by name."""
    return Institution.objects.filter(pk__in=_mine(user).values("institution_id")).order_by(
        "name", "pk"
    )


def institutions_with_role(user: Any, role: str) -> QuerySet[Membership, UUID]:
    """Ids of the institutions where `user` holds `role` now, for use in `__in`."""
    return _mine(user).filter(roles__contains=[role]).values_list("institution_id", flat=True)


def _people(institution: Institution | UUID | str, role: str | None = None) -> QuerySet[User]:
    key = institution.pk if isinstance(institution, Institution) else institution
    held = Membership.objects.filter(in_force(), institution_id=key)
    if role:
        held = held.filter(roles__contains=[role])
    return User.objects.filter(pk__in=held.values("user_id")).order_by("name", "pk")


def members(institution: Institution | UUID | str) -> QuerySet[User]:
    """The people who belong to the institution (or its id) now, by name."""
    return _people(institution)


def administrators(institution: Institution | UUID | str) -> QuerySet[User]:
    """The institution's administrators now, by name."""
    return _people(institution, MemberRole.ADMINISTRATOR)


def signatories(institution: Institution | UUID | str) -> QuerySet[User]:
    """The people who may bind the institution now, by name."""
    return _people(institution, MemberRole.SIGNATORY)


def membership(user: Any, institution_id: Any) -> Membership | None:
    """The membership of `user` at the institution that is in force now, or None.

    A signatory's `title` and `authority` stand on it.
    """
    return _mine(user).filter(institution_id=institution_id).first()


def approval(institution: Institution, agency: str, day: date) -> InstitutionApproval | None:
    """The approval that `agency` relies on on `day` (in the agency's zone), or None.

    Of several the one that runs longest; both ends of the validity are included.
    """
    current = InstitutionApproval.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        institution=institution,
        agency=agency,
        valid_from__lte=day,
        withdrawn_at__isnull=True,
    )
    forever = current.filter(valid_until__isnull=True).order_by("valid_from", "pk").first()
    return forever or current.order_by("-valid_until", "pk").first()


def facts(institution: Institution, agency: str, day: date) -> dict[str, Any]:
    """What the portal knows of the institution for `agency` on `day`, by plain names.

    `approval_source` is rcn, eurostat, ssb or dst, `pending` while the institution itself waits
    for confirmation, else `none` (rules.md 2.1.4).
    """
    found = approval(institution, agency, day)
    if found:
        source = found.source
    elif institution.status == InstitutionStatus.PENDING:
        source = "pending"
    else:
        source = "none"
    return {
        "name": institution.name,
        "names": institution.names,
        "country": institution.country,
        "kind": institution.kind,
        "org_number": institution.org_number,
        "approval_source": source,
        "approval_number": found.number if found else "",
        "approval_valid_until": found.valid_until if found else None,
        "authorised": found is not None,
    }


def verified_domains(institution: Institution) -> list[str]:
    """The mail domains that let people join, sorted."""
    return list(
        MailDomain.objects.filter(institution=institution, verified_at__isnull=False)
        .order_by("domain")
        .values_list("domain", flat=True)
    )
