"""What goes with an institution that is merged into another: every table that names one.

Apps above add theirs (`register`). A test holds that each foreign key to an institution stands here
or in STAYS.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from institutions.enums import InstitutionStatus
from institutions.models import Institution
from portal.accounts.models import User


@dataclass(frozen=True)
class Merging:
    """One merge that is under way; both institutions are locked."""

    kept: Institution
    gone: Institution
    by: User
    at: datetime


def _nothing(*_institutions: Institution) -> list[str]:
    return []


@dataclass(frozen=True)
class Move:
    """One foreign key to an institution.

    `relation`: "app.Model.field". `label` and `rule`: what it is and what becomes of it, in the
    reader's language. `count`: how many an institution has. `carry`: moves them, answers how many.
    `refusals`: why it cannot be, of (kept, gone). `hold`: locks of `gone`'s rows that others lock
    before they lock the institution.
    """

    relation: str
    label: Callable[[], str]
    rule: Callable[[], str]
    count: Callable[[Institution], int]
    carry: Callable[[Merging], int]
    refusals: Callable[[Institution, Institution], list[str]] = _nothing
    hold: Callable[[Institution], Any] = _nothing


# Foreign keys whose rows stay where they are, and why.
STAYS = {
    "institutions.InstitutionMerge.kept": "says what was merged",
    "institutions.InstitutionMerge.gone": "says what was merged",
}
_moves: list[Move] = []


def register(move: Move) -> None:
    """Adds what goes with an institution; call it in AppConfig.ready(). In the order of adding."""
    if move.relation not in {held.relation for held in _moves}:
        _moves.append(move)


def all_moves() -> list[Move]:
    """Everything that goes with an institution, in the order in which it is moved."""
    return list(_moves)


@dataclass(frozen=True)
class Line:
    """One line of what is told beforehand."""

    label: str
    rule: str
    kept: int
    gone: int


def plan(kept: Institution, gone: Institution) -> list[Line]:
    """What each has, and what becomes of it."""
    return [Line(m.label(), m.rule(), m.count(kept), m.count(gone)) for m in _moves]


def digest(kept: Institution, gone: Institution) -> str:
    """Stands for what the page shows of both: another one means that something has changed."""
    told = [
        (str(i.pk), i.name, i.country, i.kind, i.org_number, str(i.status)) for i in (kept, gone)
    ]
    counted = [(m.relation, m.count(kept), m.count(gone)) for m in _moves]
    return hashlib.sha256(repr((told, counted)).encode()).hexdigest()


def refusals(kept: Institution, gone: Institution) -> list[str]:
    """Everything that stands in the way of merging `gone` into `kept`, in the reader's words."""
    names = {"kept": kept.name, "gone": gone.name}
    found = []
    if kept.status != InstitutionStatus.CONFIRMED:
        found.append(
            _("%(kept)s is not confirmed. Confirm it first, or merge the other way round.") % names
        )
    if gone.status not in (InstitutionStatus.CONFIRMED, InstitutionStatus.PENDING):
        found.append(_("%(gone)s is not confirmed and does not wait either.") % names)
    if kept.country != gone.country:
        found.append(
            _("They are registered in two countries. Correct the country first if it is wrong.")
        )
    if gone.org_number and not kept.org_number:
        found.append(
            _("Only %(gone)s has an organisation number. Merge the other way round.") % names
        )
    for move in _moves:
        found += move.refusals(kept, gone)
    return found
