"""What a rule and a finding are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any, Protocol, TypeVar

from applications.completeness.document import Doc


class Severity(StrEnum):
    """What a finding does (rules.md, head). None of them is a decision."""

    BLOCK = "BLOCK"  # submission is refused until it is mended
    FLAG = "FLAG"  # submission allowed; notice to the applicant, task for the officer
    INFO = "INFO"  # shown to the applicant, kept for the officer


BLOCK, FLAG, INFO = Severity.BLOCK, Severity.FLAG, Severity.INFO

# True, or the rows that are wrong: the rule is broken.
Verdict = bool | list[str]
Condition = Callable[[Doc], Verdict]
F = TypeVar("F", bound=Condition)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of rules.md. `condition` is its violation; `fields` are where people mend it.

    With `shows_at_rows` the finding stands beside the fields that its rows name. `rests_on`: the
    answers that the message takes for granted; while one of them is open it says so instead.
    """

    id: str
    severity: Severity
    source: str
    fields: tuple[str, ...]
    condition: Condition
    shows_at_rows: bool = False
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: its id, the rows that break it ("variables[3]"), the fields to mend.

    `open`: an answer that its message rests on is not given; `Scheme.message` has other words then.
    """

    id: str
    severity: Severity
    rows: tuple[str, ...]
    fields: tuple[str, ...]
    source: str
    open: bool = False


class HasRules(Protocol):
    """What `check` needs of a scheme: its own rules and the agency's settings."""

    @property
    def rules(self) -> Mapping[str, Rule]: ...

    @property
    def config(self) -> Mapping[str, Any]: ...


def rule(
    id: str,
    severity: Severity,
    *,
    source: str,
    fields: tuple[str, ...] = (),
    shows_at_rows: bool = False,
    rests_on: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Marks a function as the condition of rule `id`. `source`: the paragraph in rules.md's marks."""

    def mark(condition: F) -> F:
        condition.rule = Rule(id, severity, source, fields, condition, shows_at_rows, rests_on)  # type: ignore[attr-defined]
        return condition

    return mark


def collect(*modules: ModuleType) -> dict[str, Rule]:
    """The rules written in these modules, by id, in their order. Raises ValueError on an id used twice."""
    rules: dict[str, Rule] = {}
    for module in modules:
        for value in vars(module).values():
            found = getattr(value, "rule", None)
            if not isinstance(found, Rule) or value.__module__ != module.__name__:
                continue
            if found.id in rules:
                raise ValueError(f"two rules have the id {found.id}")
            rules[found.id] = found
    return rules
