"""What a file would change in a catalogue: new, changed field by field, here again, gone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalogue.enums import Fate

REGISTER_FIELDS = ("name", "description", "holder", "statistics_area")
VARIABLE_FIELDS = (
    "name", "code", "description", "first_year", "last_year", "published_through", "timeless",
    "in_variable_list", "identifying", "special_category", "health_register", "open_data",
    "development_only", "grunndata", "collection", "unit_type", "origin_authority", "source",
)  # fmt: skip


@dataclass
class Change:
    """One register or variable: what becomes of it, and field -> (before, after)."""

    fate: Fate
    key: Any
    title: str
    register: str
    line: int | None = None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass
class Difference:
    """All changes, without what stays the same."""

    registers: list[Change] = field(default_factory=list)
    variables: list[Change] = field(default_factory=list)
    same: dict[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int]]:
        """registers, variables: fate -> how many."""
        told = {}
        for what in ("registers", "variables"):
            fates = [change.fate for change in getattr(self, what)]
            told[what] = {fate.value: fates.count(fate) for fate in Fate if fate != Fate.SAME}
            told[what][Fate.SAME.value] = self.same.get(what, 0)
        return told

    @property
    def empty(self) -> bool:
        """Whether the file says what is there already."""
        return not self.registers and not self.variables


def compare(
    kept: dict[Any, dict[str, Any]], told: dict[Any, tuple[int, dict[str, Any]]],
    fields: Iterable[str], register_of: Any,
) -> tuple[list[Change], int]:  # fmt: skip
    """(changes, how many are the same). `kept`: key -> fields with `retired`; `told`: key ->
    (line, fields); `register_of(key)` names the register."""
    changes, same, fields = [], 0, tuple(fields)
    for key, (line, values) in told.items():
        before = kept.get(key)
        if before is None:
            changes.append(Change(Fate.NEW, key, values["name"], register_of(key), line))
            continue
        differing = {
            name: (before[name], values[name]) for name in fields if before[name] != values[name]
        }
        if before["retired"] is not None:
            fate = Fate.BACK
        elif differing:
            fate = Fate.CHANGED
        else:
            same += 1
            continue
        changes.append(Change(fate, key, values["name"], register_of(key), line, differing))
    for key, before in kept.items():
        if key not in told and before["retired"] is None:
            changes.append(Change(Fate.GONE, key, before["name"], register_of(key)))
    return changes, same
