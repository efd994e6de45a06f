"""Who may bind the institution: the document that says why, and the claim that somebody decides."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import claims, mails, policy
from institutions.commands.common import OPEN, Forbidden, Refused, facts, lock, note, personal
from institutions.commands.memberships import appointed
from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import AuthorityClaim, AuthorityDocument, DocumentStatus, Membership
from portal import clock, days
from portal.accounts.models import User
from portal.events.outbox import queue
from portal.text import line, text


@dataclass(frozen=True)
class Claim:
    """What somebody says of their authority to sign: title, what it rests on, first and last day
    (UTC, included; no last day: no end), and the PDF, which lies in the store already."""

    title: str
    authority: str
    authority_from: date
    authority_until: date | None
    digest: str
    filename: str
    size: int  # bytes


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
    return _document(held, by, digest, filename, size)


def _document(
    held: Membership, by: User, digest: str, filename: str, size: int
) -> AuthorityDocument:
    made = AuthorityDocument.objects.create(
        membership=held,
        digest=digest,
        filename=filename,
        size=size,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    data = {"membership": str(held.pk), "document": str(made.pk), "digest": digest}
    note(held.institution, "membership.authority_document", by, data)
    queue("authority.check", {"document": str(made.pk)}, str(made.pk))
    return made


@transaction.atomic
def claim_authority(membership: Membership, by: User, claim: Claim) -> AuthorityClaim:
    """Claims the authority to sign for the own institution. It gives no right: somebody else
    decides it (`decide_claim`).

    Raises Forbidden for another's membership; Refused when a claim waits already, the person signs
    already, or something is missing.
    """
    institution = lock(membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    alive = institution.status in (InstitutionStatus.CONFIRMED, InstitutionStatus.PENDING)
    if held.user_id != by.pk or held.status not in OPEN or not alive:
        raise Forbidden
    if MemberRole.SIGNATORY in policy.roles_at(by, institution.pk):
        raise Refused(_("You may sign for the institution already."))
    if held.authority_claims.filter(ended_at__isnull=True).exists():
        raise Refused(_("Your claim waits for a decision already."))
    if not (claim.title.strip() and claim.authority.strip()):
        raise Refused(_("A signatory needs a title and what the authority rests on."))
    if not days.within(claim.authority_from, claim.authority_until):
        raise Refused(str(days.BETWEEN))
    if claim.authority_until and claim.authority_until < claim.authority_from:
        raise Refused(_("The authority to sign ends before it begins. Change one of the days."))
    made = AuthorityClaim.objects.create(
        membership=held,
        document=_document(held, by, claim.digest, claim.filename, claim.size),
        title=line(claim.title),
        authority=line(claim.authority),
        authority_from=claim.authority_from,
        authority_until=claim.authority_until,
        claimed_by=by,
        claimed_at=clock.now(),
    )
    data = {"membership": str(held.pk), "claim": str(made.pk), "document": str(made.document_id)}
    said = {"title": made.title, "authority": made.authority}
    event = note(institution, "membership.authority_claimed", by, data, said)
    if institution.status == InstitutionStatus.CONFIRMED:
        mails.claimed(made, claims.deciders(made), event)
    return made


@transaction.atomic
def decide_claim(claim: AuthorityClaim, by: User, confirm: bool, reason: str = "") -> None:
    """Confirms a claim, which makes the member a signatory, or declines it with a `reason`.

    Raises Forbidden; Refused when it is decided, the institution or the membership is not in force,
    the document is not checked yet or was not accepted, or a reason is missing.
    """
    institution = lock(claim.membership.institution_id)
    held = Membership.objects.select_for_update().get(pk=claim.membership_id)
    made = AuthorityClaim.objects.select_for_update().get(pk=claim.pk)
    if not policy.may_decide_claim(by, held):
        raise Forbidden
    if made.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    if confirm and not Membership.objects.filter(policy.in_force(), pk=held.pk).exists():
        raise Refused(_("Confirm the institution and the membership first."))
    if confirm and made.document.status == DocumentStatus.WAITING:
        raise Refused(_("The document is still being checked. Try again in a moment."))
    if confirm and made.document.status == DocumentStatus.REFUSED:
        raise Refused(_("The document was not accepted. Decline the claim and say why."))
    if not confirm and not reason.strip():
        raise Refused(_("Say why you decline."))
    made.confirmed, made.ended_by, made.ended_at = confirm, by, clock.now()
    made.reason = "" if confirm else text(reason).strip()[:2000]
    made.save()
    data = {"membership": str(held.pk), "claim": str(made.pk)}
    if not confirm:
        event = note(
            institution, "membership.authority_declined", by, data, {"reason": made.reason}
        )
    else:
        held.roles = [str(r) for r in MemberRole if r in {*held.roles, MemberRole.SIGNATORY}]
        held.title, held.authority = made.title, made.authority
        held.authority_from, held.authority_until = made.authority_from, made.authority_until
        held.save()
        told = {**facts(held), **data}
        event = note(institution, "membership.authority_confirmed", by, told, personal(held))
        appointed(held, event)
    mails.claim_decided(made, event)


@transaction.atomic
def take_claim_back(claim: AuthorityClaim, by: User) -> None:
    """The member takes the own claim back before it is decided. Raises Forbidden, Refused."""
    institution = lock(claim.membership.institution_id)
    made = AuthorityClaim.objects.select_for_update().get(pk=claim.pk)
    if made.claimed_by_id != by.pk:
        raise Forbidden
    if made.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    made.ended_by, made.ended_at = by, clock.now()
    made.save()
    data = {"membership": str(made.membership_id), "claim": str(made.pk)}
    note(institution, "membership.authority_claim_withdrawn", by, data)


def checked(document: AuthorityDocument, found: dict[str, str]) -> None:
    """Writes what the worker found. An unscanned file goes on waiting."""
    if found["status"] not in (DocumentStatus.CLEAN, DocumentStatus.REFUSED):
        return
    document.status = found["status"]
    document.refusal = found["refusal"][:20]
    document.scanner = found["scanner"][:200]
    document.checked_at = clock.now()
    document.save()
