"""The document that says why a signatory may bind the institution."""

from django.db import transaction

from institutions import policy
from institutions.commands.common import Forbidden, lock, note
from institutions.enums import MembershipStatus
from institutions.models import AuthorityDocument, DocumentStatus, Membership
from portal import clock
from portal.accounts.models import User
from portal.events.outbox import queue


@transaction.atomic
def add_document(
    membership: Membership, by: User, digest: str, filename: str, size: int
) -> AuthorityDocument:
    """Keeps a PDF that lies in the store already; the worker looks at it. `size` in bytes.

    Raises Forbidden: also for one's own authority, which another administrator documents.
    """
    institution = lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if not policy.may_manage(by, institution) or held.status != MembershipStatus.ACTIVE:
        raise Forbidden
    if held.user_id == by.pk:
        raise Forbidden
    made = AuthorityDocument.objects.create(
        membership=held,
        digest=digest,
        filename=filename,
        size=size,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    data = {"membership": str(held.pk), "document": str(made.pk), "digest": digest}
    note(institution, "membership.authority_document", by, data)
    queue("authority.check", {"document": str(made.pk)}, str(made.pk))
    return made


def checked(document: AuthorityDocument, found: dict[str, str]) -> None:
    """Writes what the worker found. An unscanned file goes on waiting."""
    if found["status"] not in (DocumentStatus.CLEAN, DocumentStatus.REFUSED):
        return
    document.status = found["status"]
    document.refusal = found["refusal"][:20]
    document.scanner = found["scanner"][:200]
    document.checked_at = clock.now()
    document.save()
