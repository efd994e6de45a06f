"""Approvals of the demo's institutions, by two administrators as everywhere."""

from datetime import date, timedelta

from institutions import commands
from institutions.models import Institution, InstitutionApproval
from institutions.policy import AGENCY_ADMIN
from portal import clock
from portal.accounts.selectors import people_with_role

GROUNDS = {"DST": "Autorisationsaftale af 12. januar 2026 (opdigtet)"}
USUAL = "Brev av 12. januar 2026 (oppdiktet)"


def approve(
    place: Institution,
    agency: str,
    source: str,
    valid_from: date,
    number: str = "",
    valid_until: date | None = None,
) -> InstitutionApproval:
    """One administrator of the agency proposes, the next one confirms."""
    first, second = people_with_role(agency, AGENCY_ADMIN)[:2]
    grounds = GROUNDS.get(agency, USUAL)
    held = commands.propose_approval(
        place, agency, source, first, valid_from, valid_until, number, grounds
    )
    made = commands.settle_approval(held.pk, second, confirm=True).approval
    assert made is not None
    return made


def stories(places: list[Institution], agency: str, source: str) -> None:
    """What waits and what has ended: a proposal for the first place, an approval of the second that
    ends soon, one of the third that was withdrawn."""
    proposed, ending, ended = places
    today = clock.today("Europe/Oslo")
    first, second = people_with_role(agency, AGENCY_ADMIN)[:2]
    commands.propose_approval(
        proposed, agency, source, first, today, today + timedelta(days=730), "", USUAL
    )
    approve(ending, agency, source, today - timedelta(days=900), "", today + timedelta(days=40))
    held = approve(ended, agency, source, today - timedelta(days=400))
    commands.withdraw_approval(
        held.pk, second, "Forskningsavdelingen er lagt ned, og oppgavene er flyttet (oppdiktet)."
    )
