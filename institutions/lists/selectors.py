"""Reads about lists: editions, lines, whom a line may be, who is approved."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from institutions.enums import InstitutionStatus
from institutions.enums import Kind as InstitutionKind
from institutions.lists import kinds
from institutions.lists.difference import Change, Offer, Places
from institutions.lists.enums import Fate
from institutions.lists.kinds import Kind
from institutions.lists.names import fold
from institutions.models import Institution, InstitutionApproval, ListEdition, ListLine
from institutions.policy import in_force
from portal import clock


def latest(kind: Kind) -> ListEdition | None:
    """The edition in force, None before the first."""
    return editions(kind).first()


def editions(kind: Kind) -> QuerySet[ListEdition]:
    """All editions, the newest first."""
    held = ListEdition.objects.filter(agency=kind.agency, source=kind.source)
    return held.select_related("imported_by").order_by("-number")


def lines(kind: Kind) -> QuerySet[ListLine]:
    """Everything that stands or stood on the list, by name."""
    held = ListLine.objects.filter(agency=kind.agency, source=kind.source)
    return held.select_related("institution", "approval", "settled_by").order_by("folded", "pk")


def waiting(kind: Kind) -> QuerySet[ListLine]:
    """Lines that are no institution of the portal yet."""
    return lines(kind).filter(institution__isnull=True, dropped__isnull=True)


def dropped(kind: Kind) -> QuerySet[ListLine]:
    """Institutions that dropped off and wait for an administrator's word."""
    return lines(kind).filter(institution__isnull=False, dropped__isnull=False, settled="")


def counts(kind: Kind) -> dict[str, int]:
    """How many lines stand on the list, are matched, wait, and dropped off unsettled."""
    on = Q(dropped__isnull=True)
    told: dict[str, int] = lines(kind).aggregate(
        listed=Count("pk", filter=on),
        matched=Count("pk", filter=on & Q(institution__isnull=False)),
        waiting=Count("pk", filter=on & Q(institution__isnull=True)),
        dropped=Count("pk", filter=Q(dropped__isnull=False, institution__isnull=False, settled="")),
    )
    return told


def _places(by: Any, agency: str, source: str, countries: set[str]) -> QuerySet[Institution]:
    """Institutions that a line may be: confirmed ones, none where `by` belongs, none that stands on
    the list."""
    own = Institution.objects.filter(
        pk__in=by.memberships.filter(in_force()).values("institution_id")
    )
    listed = ListLine.objects.filter(
        agency=agency, source=source, dropped__isnull=True, institution=OuterRef("pk")
    )
    held = Institution.objects.filter(status=InstitutionStatus.CONFIRMED, country__in=countries)
    return held.exclude(pk__in=own.values("pk")).annotate(listed=Exists(listed)).order_by("pk")


def _offered(found: Iterable[Institution]) -> Places:
    """The same with those that were merged into them: a list may still name those."""
    places = list(found)
    return Places(places, Institution.objects.filter(merged_into__in=places))


def offer(changes: Iterable[Change], agency: str, source: str, by: Any) -> None:
    """Writes into each line that nobody has matched whom it may be."""
    changes = list(changes)
    asking = [c for c in changes if c.row and _unmatched(c)]
    if not asking:
        return
    going = {c.line.institution_id for c in changes if c.fate == Fate.GONE and c.line}
    found = _places(by, agency, source, {c.row.country for c in asking if c.row})
    places = _offered(p for p in found if not p.listed or p.pk in going)  # type: ignore[attr-defined]
    for change in asking:
        assert change.row is not None
        row = change.row
        change.offers = places.offers(row.country, row.org_number, row.name)
        former = change.line.institution_id if change.line else None
        if former in places.by_pk and former not in {o.institution.pk for o in change.offers}:
            change.offers.append(Offer(places.by_pk[former], False))


def _unmatched(change: Change) -> bool:
    return change.line is None or change.fate == Fate.BACK or change.line.institution_id is None


def offers_of(lines: Iterable[ListLine], by: Any) -> dict[Any, list[Offer]]:
    """Waiting lines of one list -> whom they may be."""
    lines = list(lines)
    if not lines:
        return {}
    found = _places(by, lines[0].agency, lines[0].source, {line.country for line in lines})
    places = _offered(p for p in found if not p.listed)  # type: ignore[attr-defined]
    return {line.pk: places.offers(line.country, line.org_number, line.name) for line in lines}


def approvals_at_stake(line: ListLine) -> list[InstitutionApproval]:
    """The approvals that end when the line's institution loses that of this list."""
    kind = kinds.find(line.agency, line.source)
    today = clock.today(kind.zone if kind else "UTC")
    held = InstitutionApproval.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        institution=line.institution,
        agency=line.agency,
        source=line.source,
        withdrawn_at__isnull=True,
    )
    return list(held.order_by("valid_from"))


def hints(institution: Institution, agencies: Iterable[str]) -> list[ListLine]:
    """Waiting lines of these agencies that are this institution, by number or by the same name."""
    if institution.status != InstitutionStatus.CONFIRMED:
        return []
    names = [institution.name, *(n for n in institution.names.values() if isinstance(n, str))]
    same = Q(folded__in=[fold(name)[:300] for name in names if name])
    if institution.org_number:
        same = Q(org_number=institution.org_number) | same & Q(org_number="")
    held = ListLine.objects.filter(
        same, agency__in=list(agencies), country=institution.country,
        institution__isnull=True, dropped__isnull=True,
    )  # fmt: skip
    listed = ListLine.objects.filter(
        institution=institution, agency=OuterRef("agency"), source=OuterRef("source"),
        dropped__isnull=True,
    )  # fmt: skip
    return list(held.exclude(Exists(listed)).order_by("agency", "source", "pk"))


def fitting(kind: Kind) -> int:
    """How many waiting lines have the number or the very name of an institution that is there."""
    there = Institution.objects.filter(
        status=InstitutionStatus.CONFIRMED, country=OuterRef("country")
    )
    by_number = there.exclude(org_number="").filter(org_number=OuterRef("org_number"))
    by_name = there.filter(name__iexact=OuterRef("name"))
    return waiting(kind).filter(Exists(by_number) | Q(Exists(by_name), org_number="")).count()


def approved(
    kind: Kind, day: date, text: str = ""
) -> list[tuple[Institution, InstitutionApproval]]:
    """Institutions whose approval of this source holds on `day`, by name, with the one that runs
    longest. Private persons are left out: the list is public."""
    held = (
        InstitutionApproval.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            agency=kind.agency,
            source=kind.source,
            valid_from__lte=day,
            withdrawn_at__isnull=True,
            institution__status=InstitutionStatus.CONFIRMED,
        )
        .exclude(institution__kind=InstitutionKind.PRIVATE_PERSON)
        .select_related("institution")
        .order_by("valid_from", "pk")
    )
    longest: dict[Any, InstitutionApproval] = {}
    for each in held:
        present = longest.get(each.institution_id)
        if present is None or (present.valid_until and not _before(each, present)):
            longest[each.institution_id] = each
    wanted = fold(text) if text.strip() else ""
    return sorted(
        (
            (each.institution, each)
            for each in longest.values()
            if not wanted or wanted in _searched(each.institution)
        ),
        key=lambda pair: (fold(pair[0].name), str(pair[0].pk)),
    )


def _before(one: InstitutionApproval, other: InstitutionApproval) -> bool:
    """Whether one ends before the other, which has an end."""
    assert other.valid_until is not None
    return one.valid_until is not None and one.valid_until < other.valid_until


def _searched(place: Institution) -> str:
    names = [place.name, *(n for n in place.names.values() if isinstance(n, str))]
    return " ".join([*map(fold, names), place.org_number])


def flags(institution: Institution, agencies: Iterable[str]) -> list[ListLine]:
    """Lines of these agencies on which the institution dropped off, unsettled."""
    held = ListLine.objects.filter(
        institution=institution, agency__in=list(agencies), dropped__isnull=False, settled=""
    )
    return list(held.order_by("agency", "source", "pk"))
