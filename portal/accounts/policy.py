"""Who holds which staff role now. Read from the database at every call: a lost role bites at once.

Staff who signed in without a second factor are nobody: the session marks them (backends.py) and
every function here but `is_staff_anywhere` then answers with nothing.
"""

from typing import Any

from django.db.models import QuerySet

from portal.accounts.models import StaffRole


def _given(user: Any) -> QuerySet[StaffRole]:
    """The roles that were given and not taken, whatever the session has shown."""
    return StaffRole.objects.filter(
        user_id=user.pk, user__is_active=True, revoked_at__isnull=True
    ).order_by("agency", "role")


def roles_in_force(user: Any) -> QuerySet[StaffRole]:
    """The staff roles of `user` that count now, by agency."""
    if not user.is_authenticated or getattr(user, "lacks_second_factor", False):
        return StaffRole.objects.none()
    return _given(user)


def staff_roles(user: Any, agency: str) -> frozenset[str]:
    """The roles that `user` holds at `agency` now; empty for a visitor who is not signed in."""
    return frozenset(roles_in_force(user).filter(agency=agency).values_list("role", flat=True))


def agencies(user: Any) -> list[str]:
    """Codes of the agencies where `user` holds any staff role now, sorted."""
    return sorted(set(roles_in_force(user).values_list("agency", flat=True)))


def agencies_with_role(user: Any, role: str) -> list[str]:
    """Codes of the agencies where `user` holds `role` now, sorted."""
    return list(roles_in_force(user).filter(role=role).values_list("agency", flat=True))


def is_staff_anywhere(user: Any) -> bool:
    """Whether `user` holds any staff role now: then a second factor is required."""
    return bool(user.is_authenticated and _given(user).exists())
