"""What is decided on each row of a draft, singly and many at once. Called by drafting alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from applications.commands import Invalid, Stale
from applications.models import Submission
from applications.schemes import Field, Scheme
from applications.selectors.followed import identity
from decisions.digests import row_digest
from decisions.models import Decision, DecisionVariable
from decisions.rows import Kind, list_path, wanted
from decisions.selectors.draft import Filter
from decisions.typed import lines

LONGEST_REASON = 2_000
AT_ONCE = 1_000  # rows of one statement


def snapshot(decision: Decision, scheme: Scheme, submission: Submission) -> None:
    """Takes over what was applied for in `submission`; what was decided on a row alike is kept.

    Of rows that are the same and were decided differently, each gives its decision to one. A row of
    a change is put beside what `decision.changes` says of it: of the same row, else of one that
    was granted or refused by the same name.
    """
    field = scheme.field(list_path(submission.document))
    kept: dict[str, list[DecisionVariable]] = {}
    for old in decision.variables.all():
        kept.setdefault(identity(old.data, field), []).append(old)
    decision.variables.all().delete()
    lists = {kind.kind for kind in scheme.attachment_kinds if kind.lists}
    files = [facts for facts in submission.attachments if facts["kind"] in lists]
    before = Before(decision.changes, field)
    rows = [
        DecisionVariable(
            decision=decision,
            position=position,
            data=row.data,
            source=row.source,
            name=row.name,
            years=row.years,
            kind=row.kind,
        )
        for position, row in enumerate(wanted(submission.document, files))
    ]
    for new in rows:
        if alike := kept.get(identity(new.data, field)):
            former = alike.pop(0)
            new.granted, new.reason = former.granted, former.reason
    before.put_beside(rows)
    DecisionVariable.objects.bulk_create(rows, batch_size=AT_ONCE)


class Before:
    """What the decision that is to be changed says of each row."""

    def __init__(self, changes: Decision | None, field: Field | None) -> None:
        self.field = field
        self.same: dict[str, list[DecisionVariable]] = {}
        # What was granted first: of rows alike it is the granted one that the change began with.
        rows = changes.variables.filter(granted__isnull=False) if changes else []
        for row in sorted(rows, key=lambda row: (not row.granted, row.position)):
            self.same.setdefault(identity(row.data, field), []).append(row)

    def put_beside(self, rows: list[DecisionVariable]) -> None:
        """Sets `earlier` of each row that has a counterpart; each counterpart is used once."""
        left = []
        for row in rows:
            if alike := self.same.get(identity(row.data, self.field)):
                row.earlier, row.earlier_same = alike.pop(0), True
            else:
                left.append(row)
        named: dict[tuple[str, str], list[DecisionVariable]] = {}
        for alike in self.same.values():
            for old in alike:
                if old.kind == Kind.ROW:
                    named.setdefault((old.source, old.name), []).append(old)
        for row in left:
            if row.kind == Kind.ROW and (by_name := named.get((row.source, row.name))):
                row.earlier = by_name.pop(0)


def unchanged(decision: Decision, given: Mapping[str, Any]) -> None:
    """Raises Stale when rows that `many` is to decide are not as the page showed them.

    `given["base"]`: {position: row_digest} for chosen rows, `Filter.digest` for all of a filter.
    """
    base = given.get("base")
    if base is None:
        return
    if given.get("positions") is None:
        if _filter(given).digest(decision) != base:
            raise Stale
        return
    found = decision.variables.filter(position__in=_positions(given["positions"]))
    theirs: dict[Any, Any] = {
        position: (granted, reason)
        for position, granted, reason in found.values_list("position", "granted", "reason")
        if base.get(position, "") != row_digest(granted, reason)
    }
    if theirs:
        yours = (_decided(given.get("granted")), _reason(given.get("reason")))
        raise Stale(theirs, dict.fromkeys(theirs, yours))


def single(decision: Decision, given: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """Single rows: {position: {granted: true, false or None, reason, base: row_digest of what the
    page showed}}. Returns what changed. Raises Stale with both, Invalid."""
    found = {v.position: v for v in decision.variables.filter(position__in=_positions(given))}
    changed, theirs, yours = [], {}, {}
    for position, row in given.items():
        variable = found.get(int(position))
        if variable is None:
            raise Invalid({"rows": [f"no row {position}"]})
        wanted_now = (_decided(row.get("granted")), _reason(row.get("reason")))
        present = row_digest(variable.granted, variable.reason)
        if row_digest(*wanted_now) == present:
            continue
        if row.get("base", present) != present:
            theirs[position] = (variable.granted, variable.reason)
            yours[position] = wanted_now
            continue
        variable.granted, variable.reason = wanted_now
        changed.append(variable)
    if theirs:
        raise Stale(theirs, yours)
    DecisionVariable.objects.bulk_update(changed, ["granted", "reason"], batch_size=AT_ONCE)
    return ["variables"] if changed else []


def many(decision: Decision, given: Mapping[str, Any]) -> list[str]:
    """Many rows alike: `positions`, or all that a filter (`source`, `show`) lets through, by one
    statement.

    Granting takes reasons away; refusing without a text keeps theirs. `as_before` grants those that
    the decision in force granted just so, with their limits, and leaves the others alone.
    """
    if given.get("positions") is not None:
        rows = decision.variables.filter(position__in=_positions(given["positions"]))
    else:
        rows = _filter(given).rows(decision)
    granted, reason = _decided(given.get("granted")), _reason(given.get("reason"))
    if given.get("as_before"):
        return _as_before(rows)
    if granted is None:
        raise Invalid({"bulk": ["granted or refused"]})
    changes: dict[str, Any] = {"granted": granted}
    if granted or reason:
        changes["reason"] = reason
    # Without an order: PostgreSQL has none for an update.
    rows = DecisionVariable.objects.filter(pk__in=rows.order_by().values("pk"))
    return ["variables"] if rows.update(**changes) else []


def _as_before(rows: QuerySet[DecisionVariable]) -> list[str]:
    same = rows.filter(earlier_same=True, earlier__granted=True).order_by()
    limit = DecisionVariable.objects.filter(pk=OuterRef("earlier")).values("reason")
    found = DecisionVariable.objects.filter(pk__in=same.values("pk"))
    return ["variables"] if found.update(granted=True, reason=Subquery(limit)) else []


def _filter(given: Mapping[str, Any]) -> Filter:
    return Filter(given.get("show", "all"), given.get("source"))


def _positions(given: Iterable[Any]) -> list[int]:
    return [int(position) for position in given]


def _decided(granted: Any) -> bool | None:
    # No guess: "no" is true in Python, and nothing at all must not become a refusal.
    if granted is not None and not isinstance(granted, bool):
        raise Invalid({"granted": ["true, false, or nothing yet"]})
    return granted


def _reason(given: Any) -> str:
    text = lines(given).strip()
    if len(text) > LONGEST_REASON:
        raise Invalid({"reason": [f"longer than {LONGEST_REASON} characters"]})
    return text
