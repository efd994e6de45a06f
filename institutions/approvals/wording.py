"""Approvals in words, for pages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from institutions import sources
from institutions.lists.wording import day, language
from institutions.models import ApprovalProposal, InstitutionApproval


def validity(valid_from: date, valid_until: date | None) -> str:
    """From when to when, in one phrase."""
    if valid_until is None:
        return _("from %(first)s until it is withdrawn") % {"first": day(valid_from)}
    return f"{day(valid_from)} – {day(valid_until)}"


def source(agency: str, name: str) -> str:
    """What a source is called in the reader's language."""
    return sources.label(agency, name, language())


def line(held: InstitutionApproval, today: date) -> dict[str, Any]:
    """One approval for a table of the history. `state`: over, withdrawn, coming or in force."""
    state = "in force"
    if held.withdrawn_at:
        state = "withdrawn"
    elif held.valid_until and held.valid_until < today:
        state = "over"
    elif held.valid_from > today:
        state = "coming"
    names = {
        "in force": (_("in force"), "success"),
        "withdrawn": (_("withdrawn"), "danger"),
        "over": (_("over"), "neutral"),
        "coming": (_("not begun"), "info"),
    }
    label, colour = names[state]
    return {
        "approval": held,
        "source": source(held.agency, held.source),
        "validity": validity(held.valid_from, held.valid_until),
        "basis": str(held.get_basis_display()),
        "state": state,
        "label": label,
        "colour": colour,
        "recorded": day(held.recorded_at),
        "withdrawn": day(held.withdrawn_at),
    }


def lines(found: Iterable[InstitutionApproval], today: date) -> list[dict[str, Any]]:
    """The history for a table."""
    return [line(held, today) for held in found]


def proposal(held: ApprovalProposal, reader: Any) -> dict[str, Any]:
    """A proposal for a card; `own` when the reader made it."""
    return {
        "proposal": held,
        "institution": held.institution,
        "source": source(held.agency, held.source),
        "validity": validity(held.valid_from, held.valid_until),
        "by": held.proposed_by.name,
        "day": day(held.proposed_at),
        "own": held.proposed_by_id == reader.pk,
    }


def facts(held: ApprovalProposal | InstitutionApproval) -> list[dict[str, str]]:
    """What is approved, as rows of a summary list."""
    rows = [
        (_("Institution"), held.institution.name_in(language())),
        (_("Organisation number"), held.institution.org_number or _("none")),
        (_("Approved by"), source(held.agency, held.source)),
        (_("Number of the approval"), held.number or _("none")),
        (_("Holds"), validity(held.valid_from, held.valid_until)),
    ]
    if held.grounds:
        rows.append((_("What it rests on"), held.grounds))
    return [{"label": label, "value": value} for label, value in rows]
