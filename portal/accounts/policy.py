"""Who holds which staff role now. Read from the database at every call: a lost role bites at once.

Staff who signed in without a second factor are nobody, and a role whose level of assurance the
sign-in does not reach is not held: the session marks them (backends.py), and every function here
but `is_staff_anywhere`, `withheld` and `level_needed` heeds it.
"""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from portal.accounts.enums import StaffRoleName
from portal.accounts.models import StaffRole
from portal.accounts.oidc.config import Level


def _given(user: Any) -> QuerySet[StaffRole]:
    """The roles that were given and not taken, whatever the session has shown."""
    return StaffRole.objects.filter(
        user_id=user.pk, user__is_active=True, revoked_at__isnull=True
    ).order_by("agency", "role")


def _out_of_reach(user: Any) -> list[str]:
    """The roles that need a higher level than this sign-in has."""
    level = getattr(user, "sign_in_level", None)
    if level is None:
        return []
    return [role for role in StaffRoleName.values if settings.SIGN_IN.level_for(role) > level]


def withheld(user: Any) -> list[StaffRole]:
    """The roles that `user` was given and does not hold now because the sign-in is too weak."""
    if not user.is_authenticated or not (beyond := _out_of_reach(user)):
        return []
    return list(_given(user).filter(role__in=beyond))


def level_needed(user: Any) -> Level:
    """The level at which `user` holds everything they were given."""
    roles = {"applicant", *_given(user).values_list("role", flat=True)}
    return max(settings.SIGN_IN.level_for(role) for role in roles)


def roles_in_force(user: Any) -> QuerySet[StaffRole]:
    """The staff roles of `user` that count now, by agency."""
    if not user.is_authenticated or getattr(user, "lacks_second_factor", False):
        return StaffRole.objects.none()
    return _given(user).exclude(role__in=_out_of_reach(user))


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
