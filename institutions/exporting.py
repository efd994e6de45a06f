"""What the portal holds of a person in institutions, for that person (portal.accounts.exporting)."""

from typing import Any

from institutions.models import Membership


def memberships_of(user: Any) -> list[dict[str, Any]]:
    """Where the person belongs and belonged, with what they may do and on what it rests."""
    columns = ("institution__name", "roles", "status", "basis", "title", "authority", "message",
               "requested_at", "started_at", "ended_at")  # fmt: skip
    return list(Membership.objects.filter(user=user).order_by("requested_at").values(*columns))
