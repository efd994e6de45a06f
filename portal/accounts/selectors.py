"""Reads about people."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from portal.accounts.models import StaffRole, User


def people_with_role(agency: str, *roles: str) -> list[User]:
    """Active people who hold one of `roles` at `agency` now, by name."""
    held = StaffRole.objects.filter(agency=agency, role__in=roles, revoked_at__isnull=True)
    return list(
        User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")
    )


def people_and_roles(agency: str, ids: Iterable[Any]) -> list[Any]:
    """The people with these ids and those who hold a role at `agency` now, by name.

    Each has `held`: the roles in force there, none for somebody who is not active.
    """
    roles = StaffRole.objects.filter(
        agency=agency, revoked_at__isnull=True, user=OuterRef("pk"), user__is_active=True
    )
    found = User.objects.filter(Q(pk__in=list(ids)) | Q(Exists(roles)))
    return list(found.annotate(held=ArraySubquery(roles.values("role"))).order_by("name", "pk"))


def by_email(email: str) -> User | None:
    """The person with this address, whatever its case; None when there is none."""
    return User.objects.filter(email=email.strip().lower()).first()


def verified_addresses(user: User) -> list[str]:
    """The mail addresses that `user` has shown to be their own, in small letters."""
    held = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return sorted(address.lower() for address in held.values_list("email", flat=True))


def verified_addresses_of(ids: Iterable[Any]) -> dict[Any, list[str]]:
    """The same for several people, by id, in one query."""
    found: dict[Any, list[str]] = {}
    held = EmailAddress.objects.filter(user_id__in=list(ids), verified=True).order_by("email")
    for user_id, address in held.values_list("user_id", "email"):
        found.setdefault(user_id, []).append(address.lower())
    return found


def people_with_role_anywhere(role: str) -> list[User]:
    """Active people who hold `role` at any agency now, by name."""
    held = StaffRole.objects.filter(role=role, revoked_at__isnull=True)
    return list(
        User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")
    )
