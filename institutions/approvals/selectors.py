"""Reads about approvals: what waits for an agency's administrators, and the register."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from institutions import sources
from institutions.commands.approvals import WARNED
from institutions.enums import InstitutionStatus
from institutions.models import ApprovalProposal, Institution, InstitutionApproval
from portal import clock
from portal.given import cursor, place

PER_PAGE = 25
SHOWN = 50


def today_at(agency: str) -> date:
    """The day at the agency; UTC for one that approves nobody."""
    known = next(iter(sources.known(agency).values()), None)
    return clock.today(known.zone if known else "UTC")


def proposals(agency: str) -> QuerySet[ApprovalProposal]:
    """What waits for a second administrator, the oldest first."""
    return (
        ApprovalProposal.objects.filter(agency=agency, ended_at__isnull=True)
        .select_related("institution", "proposed_by")
        .order_by("proposed_at", "pk")
    )


def history(institution: Institution, agency: str = "") -> QuerySet[InstitutionApproval]:
    """Every approval there was, the newest first; of one agency or of all."""
    held = InstitutionApproval.objects.filter(institution=institution)
    if agency:
        held = held.filter(agency=agency)
    people = ("recorded_by", "confirmed_by", "withdrawn_by")
    return held.select_related(*people).order_by("-valid_from", "-recorded_at")


def declined(institution: Institution, agency: str) -> QuerySet[ApprovalProposal]:
    """Proposals that came to nothing, the newest first."""
    held = ApprovalProposal.objects.filter(
        institution=institution, agency=agency, ended_at__isnull=False, approval__isnull=True
    )
    return held.select_related("proposed_by", "ended_by").order_by("-ended_at")


def standing(agency: str, day: date) -> QuerySet[InstitutionApproval]:
    """The approvals in force at the agency on `day`."""
    return InstitutionApproval.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        agency=agency,
        valid_from__lte=day,
        withdrawn_at__isnull=True,
    )


def ending(agency: str, day: date) -> QuerySet[InstitutionApproval]:
    """Approvals that end within 90 days with none that runs longer, the first to end first."""
    longer = standing(agency, day).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        institution=OuterRef("institution"),
    )
    after = InstitutionApproval.objects.filter(
        institution=OuterRef("institution"),
        agency=agency,
        valid_from__gt=day,
        withdrawn_at__isnull=True,
    )
    found = standing(agency, day).filter(~Exists(longer), ~Exists(after))
    found = found.filter(valid_until__lte=day + WARNED)
    return found.select_related("institution").order_by("valid_until", "pk")


WHICH = ("all", "approved", "none", "ending", "withdrawn")


@dataclass
class Filters:
    """What the address asks for. Unknown values are dropped, never an error."""

    which: str = "all"
    text: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: Any) -> "Filters":
        """Reads the filters from the address."""
        which = query.get("which", "all")
        text = query.get("q", "").replace("\x00", "").strip()[:100]
        return cls(which if which in WHICH else "all", text, query.get("after", ""))


@dataclass
class Page:
    """One page of the register. Each institution has `source`, `until` and `number` of the approval
    in force that runs longest, or None; `next` is the key of the next page, or empty."""

    places: list[Any] = field(default_factory=list)
    next: str = ""


def register(agency: str, filters: Filters) -> Page:
    """One page of the confirmed institutions, by name, with their approval at the agency. One
    query."""
    day = today_at(agency)
    held = standing(agency, day).filter(institution=OuterRef("pk"))
    best = held.order_by(F("valid_until").desc(nulls_first=True), "valid_from", "pk")
    found = Institution.objects.filter(status=InstitutionStatus.CONFIRMED).annotate(
        lower=Lower("name"),
        source=Subquery(best.values("source")[:1]),
        until=Subquery(best.values("valid_until")[:1]),
        approval_number=Subquery(best.values("number")[:1]),
    )
    withdrawn = InstitutionApproval.objects.filter(
        institution=OuterRef("pk"), agency=agency, withdrawn_at__isnull=False
    )
    found = {
        "all": lambda: found,
        "approved": lambda: found.filter(Exists(held)),
        "none": lambda: found.filter(~Exists(held)),
        "ending": lambda: found.filter(until__lte=day + timedelta(days=WARNED.days)),
        "withdrawn": lambda: found.filter(Exists(withdrawn)),
    }[filters.which]()
    if filters.text:
        number = "".join(c for c in filters.text if c.isalnum())
        named = Q(name__icontains=filters.text) | Q(names__icontains=filters.text)
        found = found.filter(named | Q(org_number=number))
    if at := place(filters.after, str, UUID):
        found = found.filter(Q(lower__gt=at[0]) | Q(lower=at[0], pk__gt=at[1]))
    places = list(found.order_by("lower", "pk")[: PER_PAGE + 1])
    more = len(places) > PER_PAGE
    last = places[PER_PAGE - 1] if more else None
    return Page(places[:PER_PAGE], cursor(last.lower, last.pk) if last else "")  # type: ignore[attr-defined]
