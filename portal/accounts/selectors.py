"""Reads about people."""

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
