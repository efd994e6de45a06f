"""That an institution is approved for an agency's data."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import policy, sources
from institutions.commands.common import Forbidden, Refused, lock, note
from institutions.models import Institution, InstitutionApproval
from portal import clock
from portal.accounts import policy as accounts
from portal.accounts.models import User


@transaction.atomic
def record_approval(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None = None,
    number: str = "",
) -> InstitutionApproval:
    """Records that the institution is approved for `agency`, by an administrator of that agency.

    Raises Forbidden; Refused when the approval stands there already, or the agency names no such
    source.
    """
    if source not in sources.known(agency):
        raise Refused(_("The agency does not know this source of approvals."))
    if policy.AGENCY_ADMIN not in accounts.staff_roles(by, agency):
        raise Forbidden
    return _approved(institution, agency, source, by, valid_from, valid_until, number)


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
    present = held.approvals.filter(
        agency=agency, source=source, valid_from=valid_from, withdrawn_at__isnull=True
    ).first()
    return present or _approved(held, agency, source, by, valid_from, valid_until, number)


def _approved(
    institution: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None,
    number: str,
) -> InstitutionApproval:
    held = lock(institution.pk)
    try:
        with transaction.atomic():
            made = InstitutionApproval.objects.create(
                institution=held,
                agency=agency,
                source=source,
                number=number,
                valid_from=valid_from,
                valid_until=valid_until,
                recorded_by=by,
                recorded_at=clock.now(),
            )
    except IntegrityError as twice:
        raise Refused(_("This approval is recorded already.")) from twice
    facts = {
        "approval": str(made.pk),
        "agency": agency,
        "source": source,
        "number": number,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    note(held, "institution.approved", by, facts)
    return made
