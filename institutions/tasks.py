"""What the worker does for institutions."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from institutions import approval_mails, documents, mails, policy, selectors
from institutions.commands.authority import checked
from institutions.models import (
    AuthorityDocument,
    DocumentStatus,
    InstitutionApproval,
    Membership,
)
from portal.events.outbox import Lane, NotYet, effect, finish


@effect("membership.ending", lane=Lane.MAIL, atomic=True)
def tell_of_the_end(payload: dict) -> None:
    """Fourteen days before: tells the member and the administrators, if the day is still that."""
    held = (
        Membership.objects.filter(policy.in_force(), pk=payload["membership"])
        .select_related("user", "institution")
        .first()
    )
    if held is not None and held.valid_until == date.fromisoformat(payload["last_day"]):
        mails.ending(held, list(selectors.administrators(held.institution_id)))


@effect("authority.check", lane=Lane.SCANS, seconds=180)
def check_authority(payload: dict) -> None:
    """Looks at a signatory's document as at an attachment: inspected apart, then scanned."""
    document = AuthorityDocument.objects.filter(pk=payload["document"]).first()
    if document is None or document.status != DocumentStatus.WAITING:
        return
    found = documents.examine(document.digest, "pdf")
    away = found["status"] == "unscanned" and settings.SCANNER != "none"
    with transaction.atomic():
        checked(document, found)
        if not away:
            finish()
    if away:
        raise NotYet("the scanner does not answer")


@effect("approval.ending", lane=Lane.MAIL, atomic=True)
def tell_that_an_approval_ends(payload: dict) -> None:
    """Ninety days before: tells the administrators of institution and agency, if the day is still
    that and no longer approval has come."""
    held = InstitutionApproval.objects.select_related("institution").get(pk=payload["approval"])
    last = date.fromisoformat(payload["last_day"])
    if held.withdrawn_at is not None or held.valid_until != last:
        return
    after = selectors.approval(held.institution, held.agency, last + timedelta(days=1))
    if after is None:
        approval_mails.ending(held, last)
