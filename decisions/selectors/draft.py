"""Reads of a draft: its conditions and its variables as the officer's pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from applications.schemes import Scheme
from decisions import terms
from decisions.digests import row_digest, rows_digest
from decisions.models import Decision, DecisionVariable
from decisions.typed import one_line
from portal.given import number

PAGE = 50
SOURCES_SHOWN = 200
SHOWS = ("all", "undecided", "granted", "refused", "limited")
# Of a change: as the decision in force granted it, other than that, asked for again after a refusal.
CHANGE_SHOWS = ("as_before", "new", "again")
SAME = Q(earlier_same=True, earlier__granted=True)
AGAIN = Q(earlier__granted=False)


@dataclass(frozen=True)
class Filter:
    """Which rows of a draft a page is about."""

    show: str = "all"
    source: str | None = None
    after: int = -1

    @classmethod
    def of(cls, given: Any) -> "Filter":
        """From a query string or a posted form; what makes no sense is ignored."""
        show = given.get("show", "all")
        after = number(given.get("after"))
        return cls(
            show if show in (*SHOWS, *CHANGE_SHOWS) else "all",
            one_line(given.get("source")) or None,
            -1 if after is None else after,
        )

    def query(self, **changes: Any) -> dict[str, str]:
        """As a query string, without what is the default."""
        given = {"show": self.show, "source": self.source, "after": self.after, **changes}
        usual = {"show": "all", "source": None, "after": -1}
        return {name: str(value) for name, value in given.items() if value != usual[name]}

    def rows(self, decision: Decision) -> QuerySet[DecisionVariable]:
        """The rows of `decision` that it lets through, in order."""
        rows = decision.variables.all()
        if self.source is not None:
            rows = rows.filter(source=self.source)
        if self.show == "refused":
            rows = rows.filter(granted=False)
        elif self.show == "granted":
            rows = rows.filter(granted=True, reason="")
        elif self.show == "limited":
            rows = rows.filter(granted=True).exclude(reason="")
        elif self.show == "undecided":
            rows = rows.filter(granted__isnull=True)
        elif self.show == "as_before":
            rows = rows.filter(SAME)
        elif self.show == "again":
            rows = rows.filter(AGAIN)
        elif self.show == "new":
            rows = rows.exclude(SAME).exclude(AGAIN)
        return rows.order_by("position")

    def digest(self, decision: Decision) -> str:
        """Names what is decided on all the rows that it lets through, on whichever page."""
        return rows_digest(self.rows(decision).values_list("position", "granted", "reason"))


def counts(decision: Decision) -> dict[str, Any]:
    """How many rows there are, and of each kind, and the first that is not decided on (or None):
    one query."""
    undecided, granted, plain = Q(granted__isnull=True), Q(granted=True), Q(reason="")
    counted = decision.variables.aggregate(
        all=Count("pk"),
        whole=Count("pk", filter=granted & plain),
        refused=Count("pk", filter=Q(granted=False)),
        limited=Count("pk", filter=granted & ~plain),
        undecided=Count("pk", filter=undecided),
        first_undecided=Min("position", filter=undecided),
        unreasoned=Count("pk", filter=Q(granted=False) & plain),
        # The limits of the decision in force, as they were: the applicant asks for no more.
        kept_limits=Count("pk", filter=granted & ~plain & SAME & Q(reason=F("earlier__reason"))),
        as_before=Count("pk", filter=SAME),
        again=Count("pk", filter=AGAIN),
    )
    counted["new"] = counted["all"] - counted["as_before"] - counted["again"]
    # "granted" is the name of a column, which the other counts ask for.
    return counted | {"granted": counted.pop("whole")}


def variables(decision: Decision, chosen: Filter) -> dict[str, Any]:
    """One page of rows, with where the next page begins."""
    rows = chosen.rows(decision).filter(position__gt=chosen.after).select_related("earlier")
    found = list(rows[: PAGE + 1])
    lines = [
        {
            "position": row.position,
            "number": row.position + 1,
            "source": row.source,
            "name": row.name,
            "years": row.years,
            "granted": row.granted,
            "kind": row.kind,
            "reason": row.reason,
            "earlier": row.earlier,
            "same": row.earlier_same,
            "was": row_digest(row.granted, row.reason),
        }
        for row in found[:PAGE]
    ]
    return {
        "lines": lines,
        "next": lines[-1]["position"] if len(found) > PAGE else None,
        "first": chosen.after >= 0,
    }


def sources(decision: Decision) -> list[str]:
    """The sources that the rows name, for the filter."""
    found = (
        decision.variables.exclude(source="").order_by("source").values_list("source", flat=True)
    )
    return list(found.distinct()[:SOURCES_SHOWN])


def conditions(decision: Decision, scheme: Scheme, language: str) -> list[dict[str, Any]]:
    """The conditions in order, each as the letter would have it, with its brackets in `language`."""
    known = terms.catalogue(scheme)
    told = []
    for row in decision.conditions.all():
        condition = known.get(row.catalogue_id)
        values = terms.values_of(decision, condition, row)
        holders = condition.placeholders if condition else ()
        told.append(
            {
                "pk": row.pk,
                "number": row.number,
                "catalogue_id": row.catalogue_id,
                "text": terms.words(decision, condition, row),
                "added": row.added,
                "dropped": row.dropped,
                "reason": row.reason,
                "brackets": [
                    {
                        "id": holder.id,
                        "label": holder.label(language),
                        "value": values.get(holder.id) or holder.default(decision.language),
                        "own": bool(holder.fact),
                    }
                    for holder in holders
                ],
            }
        )
    return told


def free_conditions(decision: Decision, scheme: Scheme) -> list[tuple[str, str]]:
    """Conditions of the catalogue that are not in the draft: id, and id with the text's beginning."""
    used = set(decision.conditions.values_list("catalogue_id", flat=True))
    return [
        (c.id, f"{c.id}: {c.fill(decision.language)[:90]}")
        for c in scheme.conditions
        if c.id not in used and not c.free
    ]
