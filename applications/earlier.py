"""What is in force of a case and of the changes that followed it.

Decisions are known to a higher app, which registers here (`register`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from applications.models import Application


@dataclass(frozen=True)
class DecidedRow:
    """What was decided on one row. `data`: the row as it was sent, or `filename` and `digest` of a
    list that came as a file (`file`). `reason`: why it was refused, or how a granted one is limited.
    """

    data: Any
    name: str
    years: str
    granted: bool
    reason: str
    file: bool = False


@dataclass(frozen=True)
class InForce:
    """A decision that gives access and was accepted, and that no later one has changed.

    `case`: the case that it was made in; `until`: its last day; `path`: the list of the document
    whose rows it decides on; `load` reads these rows.
    """

    case: Application
    letter_id: str
    decided_on: date
    until: date | None
    path: str
    load: Callable[[], list[DecidedRow]]

    @cached_property
    def rows(self) -> list[DecidedRow]:
        """The rows as they were decided, in their order."""
        return self.load()

    @property
    def refused(self) -> list[DecidedRow]:
        """Those that were asked for and refused."""
        return [row for row in self.rows if not row.granted]

    @property
    def limited(self) -> list[DecidedRow]:
        """Those that were granted with a limit."""
        return [row for row in self.rows if row.granted and row.reason]


SOURCES: list[Callable[[Application], InForce | None]] = []


def register(source: Callable[[Application], InForce | None]) -> None:
    """`source` tells what is in force of a case. Twice is once."""
    if source not in SOURCES:
        SOURCES.append(source)


def in_force(application: Application) -> InForce | None:
    """What is in force of `application` and of all changes that followed it or that it follows."""
    return next((found for source in SOURCES if (found := source(application))), None)
