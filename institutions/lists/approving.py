"""What a line does to the approval of the institution that it is."""

from datetime import date, timedelta

from institutions.commands.approvals import announce_approval_end
from institutions.commands.common import lock, note
from institutions.enums import ApprovalBasis
from institutions.lists.kinds import Kind
from institutions.models import Institution, InstitutionApproval, ListLine
from portal import clock
from portal.accounts.models import User


def approve(kind: Kind, line: ListLine, by: User, day: date) -> InstitutionApproval | None:
    """Makes or renews the approval of the line's institution as the line says, from `day` on at the
    latest; None when nothing is made.

    On somebody else's list what was recorded by hand becomes the list's. On an agency's own list it
    may rest on a decision: it is left as it is, and nothing is made beside it while it holds as long
    as the line says.
    """
    assert line.institution_id is not None
    held = lock(line.institution_id)
    valid = list(
        held.approvals.filter(
            agency=line.agency, source=line.source, withdrawn_at__isnull=True
        ).order_by("valid_from")
    )
    own = next((each for each in valid if each.pk == line.approval_id), None)
    if own is None and not kind.own:
        own = next((each for each in valid if each.valid_from <= day and _covers(each, day)), None)
    if own and _covers(own, day):
        return _renewed(held, own, line, by)
    begins = max(day, line.valid_from) if line.approval_id else line.valid_from
    if any(each.valid_from <= max(day, begins) and _as_long(each, line) for each in valid):
        return None
    taken = {each.valid_from: each for each in valid}
    while begins in taken:
        begins = (taken[begins].valid_until or begins) + timedelta(days=1)
    if line.valid_until is not None and line.valid_until < begins:
        return None
    made = InstitutionApproval.objects.create(
        institution=held,
        agency=line.agency,
        source=line.source,
        number=line.number,
        valid_from=begins,
        valid_until=line.valid_until,
        recorded_by=by,
        recorded_at=clock.now(),
        basis=ApprovalBasis.LIST,
    )
    note(held, "institution.approved", by, _facts(made, line))
    announce_approval_end(made)
    return made


def _covers(approval: InstitutionApproval, day: date) -> bool:
    return approval.valid_until is None or approval.valid_until >= day


def _as_long(approval: InstitutionApproval, line: ListLine) -> bool:
    if approval.valid_until is None:
        return True
    return line.valid_until is not None and approval.valid_until >= line.valid_until


def _renewed(
    held: Institution, approval: InstitutionApproval, line: ListLine, by: User
) -> InstitutionApproval:
    ends = line.valid_until
    if ends is not None and ends < approval.valid_from:
        ends = approval.valid_from
    if (approval.number, approval.valid_until) == (line.number, ends):
        return approval
    before = {"number": approval.number, "valid_until": approval.valid_until}
    approval.number, approval.valid_until = line.number, ends
    approval.basis, approval.confirmed_by = ApprovalBasis.LIST, None
    approval.save(update_fields=["number", "valid_until", "basis", "confirmed_by"])
    announce_approval_end(approval)
    note(held, "institution.approval_renewed", by, _facts(approval, line) | {"before": before})
    return approval


def _facts(approval: InstitutionApproval, line: ListLine) -> dict:
    return {
        "approval": str(approval.pk),
        "agency": approval.agency,
        "source": approval.source,
        "number": approval.number,
        "valid_from": approval.valid_from,
        "valid_until": approval.valid_until,
        "list_line": str(line.pk),
    }
