"""What the portal holds of a person in applications, for that person (portal.accounts.exporting)."""

from typing import Any

from django.db.models import Q

from applications.models import (
    Application,
    Colleague,
    ColleagueInvitation,
    ConfidentialityConfirmation,
    Interest,
    Message,
)


def applications_of(user: Any) -> dict[str, Any]:
    """The person's applications, where they were let in, what they wrote, what they declared."""
    mine = Application.objects.filter(
        Q(owner=user) | Q(colleagues__user=user, colleagues__ended_at__isnull=True)
    )
    columns = ("id", "agency", "type", "number", "title", "state", "created_at", "submitted_at")
    messages = Message.objects.filter(author=user).order_by("sent_at")
    return {
        "cases": list(mine.distinct().order_by("created_at").values(*columns)),
        "let_in": list(
            Colleague.objects.filter(user=user)
            .order_by("added_at")
            .values("application_id", "role", "added_at", "ended_at")
        ),
        "invitations_answered": list(
            ColleagueInvitation.objects.filter(answered_by=user)
            .order_by("answered_at")
            .values("application_id", "role", "accepted", "answered_at")
        ),
        "confidentiality_confirmed": list(
            ConfidentialityConfirmation.objects.filter(person=user)
            .order_by("confirmed_at")
            .values("application_id", "email", "language", "text_digest", "confirmed_at")
        ),
        "messages": list(messages.values("application_id", "sent_at", "body")),
        "interests": list(
            Interest.objects.filter(user=user).values("application_id", "reason", "declared_at")
        ),
    }
