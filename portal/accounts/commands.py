"""Writes about people. Each one records an event in the same transaction."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from portal import clock
from portal.accounts.enums import StaffRoleName
from portal.accounts.models import RoleProposal, StaffRole, User
from portal.events.log import record
from portal.text import line


class UnknownRole(ValueError):
    """The agency or the role does not exist."""


def stream(user: Any) -> str:
    """The event stream of a person."""
    return f"user:{user.pk}"


def note(user: Any, what: str, data: dict | None = None, personal: dict | None = None) -> None:
    """Records that `user` did `what` (user.signed_in) with their own account."""
    with transaction.atomic():
        record(stream(user), what, f"user:{user.pk}", data or {}, personal)


def agencies() -> list[str]:
    """Codes of the agencies that this installation serves."""
    return [scheme.upper() for scheme in settings.SCHEMES]


@transaction.atomic
def change_details(user: User, name: str, language: str) -> None:
    """Stores name and language of `user`. Nothing is recorded when nothing changes."""
    name = line(name)
    held = User.objects.select_for_update().get(pk=user.pk)
    if (held.name, held.language) == (name, language):
        return
    changed = [f for f, v in (("name", name), ("language", language)) if getattr(held, f) != v]
    held.name = user.name = name
    held.language = user.language = language
    held.save(update_fields=["name", "language"])
    note(held, "user.details_changed", {"fields": changed}, {"name": name, "language": language})


@transaction.atomic
def end_sessions(user: User, actor: str) -> None:
    """Ends every session of `user` at their next request, wherever they are signed in."""
    user.sessions_ended_at = clock.now()
    User.objects.filter(pk=user.pk).update(sessions_ended_at=user.sessions_ended_at)
    record(stream(user), "user.sessions_ended", actor, {})


@transaction.atomic
def set_active(user: User, active: bool, actor: str) -> None:
    """Closes or opens an account. A closed one is signed out at its next request."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.is_active == active:
        return
    held.is_active = user.is_active = active
    held.save(update_fields=["is_active"])
    record(stream(held), "user.opened" if active else "user.closed", actor, {})


@transaction.atomic
def grant_role(
    user: User,
    agency: str,
    role: str,
    by: User,
    actor: str = "",
    proposal: RoleProposal | None = None,
) -> StaffRole:
    """Gives `user` a role at `agency`; the one held already when there is one.

    `actor` overrides who the event names (system:manage.py). `proposal`: the confirmed one that it
    rests on; the database takes no decision maker without. Raises UnknownRole.
    """
    if agency not in agencies() or role not in StaffRoleName.values:
        raise UnknownRole(f"{agency} {role}")
    User.objects.select_for_update().get(pk=user.pk)
    held = StaffRole.objects.filter(
        user=user, agency=agency, role=role, revoked_at__isnull=True
    ).first()
    if held:
        return held
    given = StaffRole.objects.create(
        user=user,
        agency=agency,
        role=role,
        granted_by=by,
        granted_at=clock.now(),
        proposal=proposal,
    )
    data = {"agency": agency, "role": role, "staff_role": str(given.pk)}
    record(stream(user), "staff_role.granted", actor or by.reference, data)
    return given


@transaction.atomic
def revoke_role(given: StaffRole, by: User, actor: str = "") -> None:
    """Takes a role away; it bites at the person's next request. Twice is once."""
    held = StaffRole.objects.select_for_update().get(pk=given.pk)
    if held.revoked_at is not None:
        return
    held.revoked_by, held.revoked_at = by, clock.now()
    held.save(update_fields=["revoked_by", "revoked_at"])
    data = {"agency": held.agency, "role": held.role, "staff_role": str(held.pk)}
    record(f"user:{held.user_id}", "staff_role.revoked", actor or by.reference, data)


@transaction.atomic
def reset_second_factor(user: User, actor: str) -> int:
    """Removes every second factor of `user` and ends their sessions: for somebody who lost theirs.

    Staff set a new one up at the next sign-in. Returns how many were removed.
    """
    removed, _ = Authenticator.objects.filter(user=user).delete()
    record(stream(user), "user.second_factor_reset", actor, {"removed": removed})
    end_sessions(user, actor)
    return removed
