"""Reads of decisions."""

from decisions.selectors.decision import (
    Trouble,
    cases_of,
    current,
    ended_at,
    get,
    is_issued,
    issued_annex,
    issued_revision,
    panel,
    trouble,
    waiting_for_approval,
)
from decisions.selectors.in_force import in_force

__all__ = [
    "Trouble",
    "cases_of",
    "current",
    "ended_at",
    "get",
    "in_force",
    "is_issued",
    "issued_annex",
    "issued_revision",
    "panel",
    "trouble",
    "waiting_for_approval",
]
