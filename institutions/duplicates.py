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


class Register:
    """The institutions of one country, to look for names like another.

    Confirmed ones, found by the names of those merged into them too; with `waiting` also those
    that nobody has confirmed yet. One query.
    """

    def __init__(self, country: str, waiting: bool = False) -> None:
        wanted = [InstitutionStatus.CONFIRMED, *([InstitutionStatus.PENDING] if waiting else [])]
        known = Institution.objects.filter(
            Q(status__in=wanted) | Q(merged_into__status__in=wanted), country=country
        ).select_related("merged_into")
        self._named = [
            (held.merged_into or held, told)
            for held in known.order_by("name", "pk")
            for told in names_of(held)
        ]
        self._names = Names((key, told) for key, (_held, told) in enumerate(self._named))

    def like(self, name: str, but: Iterable[Institution] = ()) -> list[Alike]:
        """Institutions with a name like `name`, the likeliest first, at most five; none of `but`."""
        left_out = {institution.pk for institution in but}
        found: dict[object, Alike] = {}
        # More than shown: one institution may be found by several of its names.
        for key in self._names.like(name, most=MOST * 4):
            place, told = self._named[int(str(key))]
            if place.pk not in left_out and _share(name, told) >= ALIKE:
                found.setdefault(place.pk, Alike(place, told))
        return list(found.values())[:MOST]


def like(
    name: str, country: str, waiting: bool = False, but: Iterable[Institution] = ()
) -> list[Alike]:
    """The institutions of `country` with a name like `name` (see Register)."""
    return Register(country, waiting).like(name, but)


def beside(
    institutions: Iterable[Institution],
) -> list[tuple[Institution, list[Alike]]]:
    """Each of these with the others that it may be; one query for each country."""
    registers: dict[str, Register] = {}
    found = []
    for one in institutions:
        register = registers.get(one.country) or Register(one.country, waiting=True)
        registers[one.country] = register
        alike = {a.institution.pk: a for name in names_of(one) for a in register.like(name, [one])}
        found.append((one, list(alike.values())[:MOST]))
    return found


def _share(one: str, other: str) -> float:
    """How much of two names is the same, 0 to 1."""
    a, b = pieces(fold(one)), pieces(fold(other))
    return len(a & b) / len(a | b) if a | b else float(one == other)


def names_of(institution: Institution) -> list[str]:
    """All names of an institution, the main one first."""
    others = [n for n in institution.names.values() if isinstance(n, str) and n]
    return list(dict.fromkeys([institution.name, *others]))
