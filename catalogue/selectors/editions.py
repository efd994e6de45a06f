"""Editions, registers and single variables."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from catalogue import agencies
from catalogue.models import Catalogue, Register, Variable


def edition(agency: str) -> Catalogue | None:
    """The edition in force; None when nothing was ever taken in."""
    return editions(agency).first()


def editions(agency: str) -> QuerySet[Catalogue]:
    """All editions, the newest first."""
    held = Catalogue.objects.filter(agency=agencies.code_of(agency))
    return held.select_related("imported_by").order_by("-number")


@dataclass
class Line:
    """An agency on the page of all catalogues."""

    agency: str
    edition: Catalogue | None
    registers: int
    variables: int


def overview() -> list[Line]:
    """Every agency with its edition and how much there is in it: three queries."""
    newest = Catalogue.objects.order_by("agency", "-number").distinct("agency")
    by_agency = {held.agency: held for held in newest}
    live = {"retired__isnull": True}
    registers = dict(_counted(Register.objects.filter(**live)))
    variables = dict(_counted(Variable.objects.filter(**live)))
    return [
        Line(code, by_agency.get(code), registers.get(code, 0), variables.get(code, 0))
        for code in agencies.codes()
    ]


def _counted(rows: Any) -> Any:
    return rows.order_by().values_list("agency").annotate(Count("pk"))


def registers(agency: str, retired: bool = False) -> QuerySet[Register]:
    """Registers by name, with `count` variables each."""
    held = Register.objects.filter(agency=agencies.code_of(agency))
    if not retired:
        held = held.filter(retired__isnull=True)
    live = Count("variables", filter=Q(variables__retired__isnull=True))
    return held.annotate(count=live).order_by("name", "code")


def areas(agency: str) -> list[str]:
    """The statistics areas of the registers that are there, by name."""
    held = Register.objects.filter(agency=agencies.code_of(agency), retired__isnull=True)
    named = held.exclude(statistics_area="").order_by("statistics_area")
    return list(named.values_list("statistics_area", flat=True).distinct())


def register(agency: str, pk: Any) -> Register | None:
    """One register, retired or not."""
    return Register.objects.filter(agency=agencies.code_of(agency), pk=pk).first()


def variable(agency: str, pk: Any) -> Variable | None:
    """One variable with its register, retired or not."""
    held = Variable.objects.filter(agency=agencies.code_of(agency), pk=pk)
    return held.select_related("register").first()


def variables_of(register: Register) -> QuerySet[Variable]:
    """The variables of a register; of a retired one those that it had at last."""
    held = Variable.objects.filter(register=register)
    if register.retired is None:
        held = held.filter(retired__isnull=True)
    return held.order_by("folded_name", "pk")
