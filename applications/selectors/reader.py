"""What a reader may see of a case: title, document and files come from here and from nowhere else.

The applicant's side reads what is being written now. The agency reads what was sent last: what is
written meanwhile in a returned case is not theirs. Who is barred from a case reads nothing of it.
"""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from applications import policy
from applications.models import Application, Attachment, Submission
from applications.policy import Side
from applications.selectors.document import document, live_attachments
from applications.selectors.tree import copy


class Seen:
    """One case as one side reads it. `document` and `attachments` are read when asked for, once."""

    def __init__(self, application: Application, side: Side) -> None:
        self.application = application
        self.side = side

    @property
    def own_side(self) -> bool:
        """Whether this is how the applicant's side reads it."""
        return self.side == Side.OWN

    @property
    def title(self) -> str:
        return self.application.title if self.own_side else self.application.sent_title

    @cached_property
    def submissions(self) -> list[Submission]:
        """The newest submission and the one before it, the newest first."""
        found = self.application.submissions.select_related("submitted_by").order_by("-sequence")
        return list(found[:2])

    @property
    def submission(self) -> Submission | None:
        """What was sent last; None for a draft."""
        return self.submissions[0] if self.submissions else None

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole document in the field paths of rules.md 2; empty when there is none to read."""
        if self.own_side:
            return document(self.application)
        return copy(self.submission.document) if self.submission else {}

    @cached_property
    def attachments(self) -> list[Attachment]:
        """The files that belong to `document`, the oldest first."""
        if self.own_side:
            return live_attachments(self.application)
        ids = [each["id"] for each in self.submission.attachments] if self.submission else []
        return list(_files(self.application).filter(pk__in=ids))

    def attachment(self, pk: Any) -> Attachment | None:
        """The file with this key, when this side may have it: the agency every file that was ever
        sent, the applicant's side those that are there now."""
        found = _files(self.application).filter(pk=pk).first()
        if found is None:
            return None
        if self.own_side:
            return found if found.removed_at is None else None
        sent = self.application.submissions.filter(attachments__contains=[{"id": str(found.pk)}])
        return found if sent.exists() else None


def _files(application: Application) -> QuerySet[Attachment]:
    return Attachment.objects.filter(application=application).order_by("uploaded_at", "id")


def of_side(application: Application, side: Side) -> Application:
    """The same object, as `side` reads it: for the agency with the title that was sent and without
    the answers. It is for reading only; the gate reads an object of its own."""
    if side == Side.AGENCY:
        application.title = application.sent_title
        application.answers = {}
    return application


def get(user: Any, application_id: UUID | str) -> Application | None:
    """The application as `user` may see it, else None (foreign and absent are alike)."""
    if not user.is_authenticated:
        return None
    found = (
        Application.objects.select_related("owner", "institution", "assignee", "follows")
        .filter(policy.visible(user), pk=application_id)
        .annotate(**policy.columns(user))
        .first()
    )
    if found is None:
        return None
    side = policy.side(user, policy.remember(user, found))
    return of_side(found, side) if side else None


def seen(user: Any, application: Application) -> Seen | None:
    """The case as `user` may read it; None for whom it is not there, and for who is barred."""
    side = policy.side(user, application)
    return Seen(application, side) if side else None


def as_sent(application: Application) -> Seen:
    """The case as the agency reads it, whoever asks."""
    return Seen(application, Side.AGENCY)
