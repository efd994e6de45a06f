"""Reads of decisions."""

from decisions.selectors.decision import (
    Trouble,
    current,
    get,
    issued_revision,
    last_day,
    panel,
    trouble,
    waiting_for_approval,
)

__all__ = [
    "Trouble",
    "current",
    "get",
    "issued_revision",
    "last_day",
    "panel",
    "trouble",
    "waiting_for_approval",
]
