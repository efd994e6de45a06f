"""That an institution is approved for an agency's data: by decision, by two people, and its end."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import approval_mails as mails
from institutions import policy, sources
from institutions.commands.common import Forbidden, Refused, lock, note
from institutions.enums import ApprovalBasis, InstitutionStatus
from institutions.models import ApprovalProposal, Institution, InstitutionApproval
from portal import clock, days
from portal.accounts.models import User
from portal.events.outbox import queue
from portal.text import line, text

WARNED = timedelta(days=90)  # before an approval ends
FAR = timedelta(days=366)  # an approval begins within a year


@transaction.atomic
def propose_approval(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None = None,
    number: str = "",
    grounds: str = "",
) -> ApprovalProposal:
    """An administrator of `agency` proposes an approval that rests on neither list nor case.
    Nothing holds before another administrator has confirmed it.

    `valid_from`, `valid_until`: days in the agency's zone, both included. Raises Forbidden; Refused
    when the days, the number or the grounds do not do, or something stands there already.
    """
    held = lock(institution.pk)
    known = sources.known(agency).get(source)
    if not policy.keeps_approvals(by, agency, held):
        raise Forbidden
    if known is None:
        raise Refused(_("The agency does not know this source of approvals."))
    if held.status != InstitutionStatus.CONFIRMED:
        raise Refused(_("The institution itself waits for confirmation. Confirm it first."))
    if not days.within(valid_from, valid_until):
        raise Refused(str(days.BETWEEN))
    today = clock.today(known.zone)
    number, grounds = line(number), text(grounds).strip()
    if valid_until is not None and valid_until < max(valid_from, today):
        raise Refused(_("The last day is over, or before the first. Choose a later day."))
    if valid_from > today + FAR:
        raise Refused(_("An approval begins within a year. Choose an earlier day."))
    if not grounds:
        raise Refused(_("Write what the approval rests on."))
    _free(held, agency, source, valid_from, valid_until)
    _number(held, agency, source, number, known.numbered)
    try:
        with transaction.atomic():
            made = ApprovalProposal.objects.create(
                institution=held,
                agency=agency,
                source=source,
                number=number,
                valid_from=valid_from,
                valid_until=valid_until,
                grounds=grounds,
                proposed_by=by,
                proposed_at=clock.now(),
            )
    except IntegrityError as twice:
        raise Refused(
            _(
                "An approval from this source is proposed already. Another administrator confirms it."
            )
        ) from twice
    event = note(held, "institution.approval_proposed", by, _facts(made) | {"grounds": grounds})
    mails.proposed(made, event)
    return made


@transaction.atomic
def settle_approval(proposal_id: Any, by: User, confirm: bool) -> ApprovalProposal:
    """Another administrator confirms a proposed approval, or any of them declines it; who proposed
    it may take it back.

    Raises Forbidden; Refused when somebody was first, for the proposer's own confirmation, or when
    what it rests on has changed meanwhile.
    """
    found = ApprovalProposal.objects.filter(pk=proposal_id).first()
    if found is None:
        raise Forbidden
    institution = lock(found.institution_id)
    held = ApprovalProposal.objects.select_for_update().get(pk=found.pk)
    if not policy.keeps_approvals(by, held.agency, institution):
        raise Forbidden
    if held.ended_at is not None:
        raise Refused(_("Somebody has decided this already."))
    if confirm and by.pk == held.proposed_by_id:
        raise Refused(_("You proposed this approval. Another administrator confirms it."))
    now = clock.now()
    if confirm:
        known = sources.known(held.agency).get(held.source)
        if known is None or institution.status != InstitutionStatus.CONFIRMED:
            raise Refused(_("What this rests on has changed. Decline it and propose anew."))
        _free(institution, held.agency, held.source, held.valid_from, held.valid_until)
        _number(institution, held.agency, held.source, held.number, known.numbered)
        held.approval = _approved(
            institution,
            ApprovalBasis.PEOPLE,
            held.proposed_by,
            _terms(held),
            grounds=held.grounds,
            confirmed_by=by,
        )
    held.ended_by, held.ended_at = by, now
    held.save()
    if not confirm:
        note(institution, "institution.approval_declined", by, _facts(held))
    return held


@transaction.atomic
def approve_by_decision(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None,
    number: str,
) -> InstitutionApproval:
    """Records an approval that `agency` decided by letter; `number` is that of the case.

    `by`: the decision maker, who was allowed to decide. The same again changes nothing.
    """
    held = lock(institution.pk)
    terms = {
        "agency": agency,
        "source": source,
        "number": number,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    present = held.approvals.filter(
        agency=agency, source=source, valid_from=valid_from, withdrawn_at__isnull=True
    ).first()
    return present or _approved(held, ApprovalBasis.CASE, by, terms)


@transaction.atomic
def withdraw_approval(approval_id: Any, by: User, reason: str) -> InstitutionApproval:
    """Ends an approval from now on, with a reason that the institution reads. It ends no access
    that was decided: people see to the running cases, and are told of them.

    Raises Forbidden; Refused without a reason, or when it has ended.
    """
    found = InstitutionApproval.objects.filter(pk=approval_id).first()
    if found is None:
        raise Forbidden
    institution = lock(found.institution_id)
    held = InstitutionApproval.objects.select_for_update().get(pk=found.pk)
    if not policy.keeps_approvals(by, held.agency, institution):
        raise Forbidden
    if held.withdrawn_at is not None:
        raise Refused(_("Somebody has withdrawn this approval already."))
    if not reason.strip():
        raise Refused(_("Write why."))
    known = sources.known(held.agency).get(held.source)
    today = clock.today(known.zone if known else "UTC")
    if held.valid_until is not None and held.valid_until < today:
        raise Refused(_("This approval is over already. There is nothing to withdraw."))
    held.withdrawn_by, held.withdrawn_at = by, clock.now()
    held.withdrawal_reason = text(reason).strip()
    held.save()
    told = _facts(held) | {"approval": str(held.pk), "reason": held.withdrawal_reason}
    event = note(institution, "institution.approval_withdrawn", by, told)
    mails.withdrawn(held, event)
    queue("approval.withdrawn", {"approval": str(held.pk)}, str(held.pk))
    return held


def announce_approval_end(approval: InstitutionApproval) -> None:
    """Queues the mail of 90 days before the last day, or now when that is nearer. In a
    transaction; the same day is told once."""
    last = approval.valid_until
    if last is None:
        return
    at = datetime.combine(last - WARNED, time(5), UTC)
    payload = {"approval": str(approval.pk), "last_day": last.isoformat()}
    queue("approval.ending", payload, f"{approval.pk}:{last}", max(at, clock.now()))


def _free(
    held: Institution, agency: str, source: str, valid_from: date, valid_until: date | None
) -> None:
    """Refused when an approval from the same source stands on any of the days."""
    standing = held.approvals.filter(agency=agency, source=source, withdrawn_at__isnull=True)
    if valid_until is not None:
        standing = standing.filter(valid_from__lte=valid_until)
    for each in standing:
        if each.valid_until is None or each.valid_until >= valid_from:
            raise Refused(
                _("An approval from this source holds on these days already. Withdraw it first.")
            )


def _number(held: Institution, agency: str, source: str, number: str, needed: bool) -> None:
    if not needed:
        return
    if not number:
        raise Refused(_("Write the number of the approval."))
    others = InstitutionApproval.objects.filter(
        agency=agency, source=source, number=number, withdrawn_at__isnull=True
    ).exclude(institution=held)
    if other := others.select_related("institution").first():
        named = {"number": number, "institution": other.institution.name}
        raise Refused(_("%(institution)s has the number %(number)s.") % named)


def _terms(held: ApprovalProposal | InstitutionApproval) -> dict[str, Any]:
    return {
        name: getattr(held, name)
        for name in ("agency", "source", "number", "valid_from", "valid_until")
    }


def _facts(held: ApprovalProposal | InstitutionApproval) -> dict[str, Any]:
    name = "proposal" if isinstance(held, ApprovalProposal) else "approval"
    return {name: str(held.pk), **_terms(held)}


def _approved(
    held: Institution, basis: ApprovalBasis, by: User, terms: dict[str, Any], **more: Any
) -> InstitutionApproval:
    try:
        with transaction.atomic():
            made = InstitutionApproval.objects.create(
                institution=held,
                basis=basis,
                recorded_by=by,
                recorded_at=clock.now(),
                **terms,
                **more,
            )
    except IntegrityError as twice:
        raise Refused(_("This approval is recorded already.")) from twice
    confirmed = more.get("confirmed_by")
    told = {"basis": str(basis)} | ({"confirmed_by": confirmed.reference} if confirmed else {})
    note(held, "institution.approved", confirmed or by, _facts(made) | told)
    announce_approval_end(made)
    mails.approved(made)
    return made
