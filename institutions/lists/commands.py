"""Writes of lists: an edition is taken in, a waiting line is matched, what dropped off is settled.

Each holds the list until the transaction ends, checks who may, and records events.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from institutions import policy
from institutions.commands.approvals import withdraw_approval
from institutions.commands.common import Forbidden, Refused, lock, note
from institutions.lists import selectors
from institutions.lists.approving import approve
from institutions.lists.difference import Change, Terms, compare
from institutions.lists.enums import Fate
from institutions.lists.kinds import Kind, find
from institutions.lists.reading import Sheet
from institutions.models import Institution, InstitutionApproval, ListEdition, ListLine
from portal import clock, days
from portal.accounts import policy as accounts
from portal.accounts.models import User
from portal.events.log import record

_LOCK_SEED = 0x6C69737473  # keeps our advisory locks apart from others'


class Stale(Exception):
    """What the preview showed is no longer so: look at it again."""


class Faulty(Exception):
    """The file has faults: nothing of it is taken in. The argument is the list of them."""


class WrongDay(Exception):
    """A day of validity. The argument is `future`, `before` the edition that is there, or
    `order`."""


@dataclass
class Preview:
    """What a file would do to the edition `base` (0: there is none yet). `seen` stands for all that
    was shown."""

    base: int
    changes: list[Change]
    seen: str

    def counts(self) -> dict[str, int]:
        """fate -> how many."""
        fates = [change.fate for change in self.changes]
        return {fate.value: fates.count(fate) for fate in Fate}


def may(user: Any, agency: str) -> bool:
    """Whether `user` keeps the lists of the agency: its administrators."""
    return policy.AGENCY_ADMIN in accounts.staff_roles(user, agency)


def preview(kind: Kind, sheet: Sheet, terms: Terms, by: User) -> Preview:
    """What the file would change now. Changes nothing. Raises Faulty."""
    if sheet.faults:
        raise Faulty(sheet.faults)
    edition = selectors.latest(kind)
    base = edition.number if edition else 0
    changes = compare(selectors.lines(kind), sheet, terms)
    selectors.offer(changes, kind.agency, kind.source, by)
    told = hashlib.sha256(repr((base, terms)).encode())
    for change in changes:
        told.update(change.mark.encode())
    return Preview(base, changes, told.hexdigest())


def check_days(kind: Kind, terms: Terms) -> None:
    """Raises WrongDay when an edition may not hold for these days."""
    if not days.within(terms.valid_from, terms.valid_until):
        raise WrongDay("bounds")
    if terms.valid_from > clock.today(kind.zone):
        raise WrongDay("future")
    edition = selectors.latest(kind)
    if edition and terms.valid_from < edition.valid_from:
        raise WrongDay("before")
    if terms.valid_until is not None and terms.valid_until < terms.valid_from:
        raise WrongDay("order")


@transaction.atomic
def take(
    kind: Kind, sheet: Sheet, terms: Terms, by: User, seen: str, choices: Mapping[str, str],
    digest: str, filename: str = "",
) -> ListEdition:  # fmt: skip
    """Takes a file in as the next edition: all of it or, when anything is raised, nothing.

    `choices`: name of a line's question -> key of the institution that it is; a line without one
    waits. `seen` is what the preview gave. Raises Forbidden, Faulty, WrongDay, Stale; Refused when
    a choice was not offered or two lines are said to be the same institution.
    """
    if not may(by, kind.agency):
        raise Forbidden
    _lock(kind)
    told = preview(kind, sheet, terms, by)
    if told.seen != seen:
        raise Stale
    check_days(kind, terms)
    chosen = _chosen(told.changes, choices)
    made = ListEdition.objects.create(
        agency=kind.agency,
        source=kind.source,
        number=told.base + 1,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        imported_by=by,
        imported_at=clock.now(),
        digest=digest,
        filename=filename[:200],
        counts=told.counts(),
    )
    # First what goes: its institution may be another line's now.
    _drop([change.line for change in told.changes if change.fate == Fate.GONE], made, by)
    approved = _write(kind, told.changes, chosen, made, by)
    made.counts["approved"] = approved
    made.save(update_fields=["counts"])
    facts = {
        "edition": made.number,
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until,
        "digest": digest,
        "counts": made.counts,
    }
    record(_stream(kind), "approval_list.imported", by.reference, facts)
    return made


def _chosen(changes: list[Change], choices: Mapping[str, str]) -> dict[str, Institution]:
    """question -> institution. Raises Refused."""
    found: dict[str, Institution] = {}
    whose: dict[Any, str] = {}
    for change in changes:
        wanted = choices.get(change.choice, "")
        if not (change.asks and wanted):
            continue
        place = next(
            (o.institution for o in change.offers if str(o.institution.pk) == wanted), None
        )
        if place is None:
            raise Refused(_("Choose one of the institutions that are offered for each line."))
        if other := whose.get(place.pk):
            names = {"one": other, "other": change.name, "institution": place.name}
            text = _(
                "“%(one)s” and “%(other)s” cannot both be %(institution)s. Choose one of them."
            )
            raise Refused(text % names)
        whose[place.pk] = change.name
        found[change.choice] = place
    return found


def _write(
    kind: Kind, changes: list[Change], chosen: dict[str, Institution], edition: ListEdition, by: User
) -> int:  # fmt: skip
    """Writes every line that the file has; gives how many approvals were made or renewed."""
    new, approved = [], 0
    for change in changes:
        place = chosen.get(change.choice) if change.asks else None
        if change.row is None or (change.fate == Fate.SAME and place is None):
            continue
        line = change.line or ListLine(agency=kind.agency, source=kind.source)
        for name, value in change.values.items():
            setattr(line, name, value)
        line.key, line.folded = change.row.key, change.row.folded
        if change.fate == Fate.BACK:
            line.dropped = line.settled_by = line.settled_at = None
            line.settled = line.settled_reason = ""
            line.institution = line.matched_by = line.matched_at = None
            line.approval = line.approval if place and _was(line, place) else None
        if place:
            line.institution, line.matched_by, line.matched_at = place, by, edition.imported_at
        if line.institution_id is None and change.line is None:
            new.append(line)
            continue
        line.save()
        approved += line.institution_id is not None and _approve(
            kind, line, change.fate, edition, by
        )
    ListLine.objects.bulk_create(new, batch_size=500)
    return approved


def _was(line: ListLine, place: Institution) -> bool:
    return line.approval is not None and line.approval.institution_id == place.pk


def _approve(kind: Kind, line: ListLine, fate: Fate, edition: ListEdition, by: User) -> bool:
    """Whether an approval was made or renewed. One that somebody withdrew is not made again by a
    line that was there all the time."""
    withdrawn = line.approval is not None and line.approval.withdrawn_at is not None
    if withdrawn and fate != Fate.BACK:
        return False
    made = approve(kind, line, by, edition.valid_from)
    _keep(line, made)
    return made is not None


def _keep(line: ListLine, made: InstitutionApproval | None) -> None:
    if made is None:
        return
    if made.pk != line.approval_id:
        line.approval = made
        line.save(update_fields=["approval"])


def _drop(lines: Iterable[ListLine | None], edition: ListEdition, by: User) -> None:
    for line in lines:
        assert line is not None
        line.dropped = edition.valid_from
        line.save(update_fields=["dropped"])
        if line.institution_id is not None:
            facts = {"agency": line.agency, "source": line.source, "edition": edition.number}
            note(lock(line.institution_id), "institution.dropped_off_list", by, facts)


@transaction.atomic
def match(line: ListLine, institution: Institution, by: User) -> None:
    """Says which institution a waiting line is; it is approved as the list says.

    Raises Forbidden; Refused when the line waits no longer, the institution is not one that it may
    be, or stands on the list already.
    """
    kind, held = _held(line, by)
    if held.dropped is not None or held.institution_id is not None:
        raise Refused(_("Somebody has settled this line already."))
    if policy.is_member(by, institution.pk):
        raise Refused(_("You belong to this institution. Another administrator must confirm it."))
    offered = [offer.institution.pk for offer in selectors.offers_of([held], by)[held.pk]]
    if institution.pk not in offered:
        raise Refused(_("This institution does not fit the line, or stands on the list already."))
    held.institution, held.matched_by, held.matched_at = institution, by, clock.now()
    held.save()
    _keep(held, approve(kind, held, by, clock.today(kind.zone)))
    facts = {"line": str(held.pk), "institution": str(institution.pk)}
    record(_stream(kind), "approval_list.matched", by.reference, facts)


@transaction.atomic
def settle(line: ListLine, by: User, withdraw: bool, reason: str) -> None:
    """Says what becomes of the approval of an institution that dropped off: it ends today, or it
    stays as it is. Raises Forbidden; Refused when that is settled, or without a reason."""
    _kind, held = _held(line, by)
    if held.dropped is None or held.institution_id is None or held.settled:
        raise Refused(_("Somebody has settled this line already."))
    if policy.is_member(by, held.institution_id):
        raise Refused(_("You belong to this institution. Another administrator must decide."))
    if not reason.strip():
        raise Refused(_("Write why."))
    place, now = lock(held.institution_id), clock.now()
    at_stake = selectors.approvals_at_stake(held) if withdraw else []
    ended = [str(withdraw_approval(each.pk, by, reason).pk) for each in at_stake]
    held.settled = "withdrawn" if withdraw else "kept"
    held.settled_by, held.settled_at, held.settled_reason = by, now, reason.strip()
    held.save()
    what = "institution.left_list" if withdraw else "institution.approval_kept"
    facts = {
        "agency": held.agency,
        "source": held.source,
        "approvals": ended,
        "list_line": str(held.pk),
    }
    note(place, what, by, {**facts, "reason": held.settled_reason})


def _held(line: ListLine, by: User) -> tuple[Kind, ListLine]:
    """The list of a line and the line, held until the transaction ends. Raises Forbidden."""
    kind = find(line.agency, line.source)
    if kind is None or not may(by, line.agency):
        raise Forbidden
    _lock(kind)
    return kind, ListLine.objects.select_for_update().get(pk=line.pk)


def _stream(kind: Kind) -> str:
    return f"approval_list:{kind.agency}:{kind.source}"


def _lock(kind: Kind) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [_stream(kind), _LOCK_SEED]
        )
