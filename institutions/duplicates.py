"""Whether an institution is here already: by its number, or by a name like it in its country."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from institutions.enums import InstitutionStatus
from institutions.lists.names import Names, fold, pieces
from institutions.models import Institution

MOST = 5
# From which share of the letters on a person is asked: higher than where a list's line is matched,
# because "Institute of ..." begins many names.
ALIKE = 0.55


@dataclass(frozen=True)
class Alike:
    """An institution that may be the same one. `name` is the one that is alike: perhaps in another
    language, or that of an institution that has been merged into it."""

    institution: Institution
    name: str


def with_number(country: str, org_number: str) -> Institution | None:
    """The institution that has this number (as `numbers.compact` gives it), or whose merged one had
    it; a rejected registration has none."""
    if not org_number:
        return None
    found = (
        Institution.objects.filter(country=country, org_number=org_number)
        .exclude(status=InstitutionStatus.REJECTED)
        .select_related("merged_into")
        .first()
    )
    return (found.merged_into or found) if found else None


def like(
    name: str, country: str, waiting: bool = False, but: Iterable[Institution] = ()
) -> list[Alike]:
    """Institutions of `country` with a name like `name`, the likeliest first, at most five.

    Confirmed ones, found by the names of those merged into them too; with `waiting` also those
    that nobody has confirmed yet. None of `but`.
    """
    left_out = {institution.pk for institution in but}
    wanted = [InstitutionStatus.CONFIRMED, *([InstitutionStatus.PENDING] if waiting else [])]
    known = Institution.objects.filter(
        Q(status__in=wanted) | Q(merged_into__status__in=wanted), country=country
    ).select_related("merged_into")
    named = [(held, told) for held in known.order_by("name", "pk") for told in names_of(held)]
    by_key = dict(enumerate(named))
    # More than shown: one institution may be found by several of its names.
    keys = Names((key, told) for key, (_held, told) in by_key.items()).like(name, most=MOST * 4)
    found: dict[object, Alike] = {}
    for key in keys:
        held, told = by_key[int(str(key))]
        if _share(name, told) < ALIKE:
            continue
        place = held.merged_into or held
        if place.pk not in left_out:
            found.setdefault(place.pk, Alike(place, told))
    return list(found.values())[:MOST]


def _share(one: str, other: str) -> float:
    """How much of two names is the same, 0 to 1."""
    a, b = pieces(fold(one)), pieces(fold(other))
    return len(a & b) / len(a | b) if a | b else float(one == other)


def names_of(institution: Institution) -> list[str]:
    """All names of an institution, the main one first."""
    others = [n for n in institution.names.values() if isinstance(n, str) and n]
    return list(dict.fromkeys([institution.name, *others]))
