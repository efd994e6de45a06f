"""Reads about people."""

from allauth.account.models import EmailAddress

from portal.accounts.models import StaffRole, User


def people_with_role(agency: str, *roles: str) -> list[User]:
    """Active people who hold one of `roles` at `agency` now, by name."""
    held = StaffRole.objects.filter(agency=agency, role__in=roles, revoked_at__isnull=True)
    return list(
        User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")
    )


def by_email(email: str) -> User | None:
    """The person with this address, whatever its case; None when there is none."""
    return User.objects.filter(email=email.strip().lower()).first()


def verified_addresses(user: User) -> list[str]:
    """The mail addresses that `user` has shown to be their own, in small letters."""
    held = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return sorted(address.lower() for address in held.values_list("email", flat=True))


def people_with_role_anywhere(role: str) -> list[User]:
    """Active people who hold `role` at any agency now, by name."""
    held = StaffRole.objects.filter(role=role, revoked_at__isnull=True)
    return list(
        User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")
    )
