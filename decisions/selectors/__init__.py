"""Reads of decisions."""

from decisions.selectors.decision import (
    Trouble,
    cases_of,
    current,
    ended_at,
    get,
    is_issued,
    issued_revision,
    last_day,
    panel,
    trouble,
    waiting_for_approval,
)

__all__ = [
    "Trouble",
    "cases_of",
    "current",
    "ended_at",
    "get",
    "is_issued",
    "issued_revision",
    "last_day",
    "panel",
    "trouble",
    "waiting_for_approval",
]
