"""Completeness checks: document + scheme -> findings. Pure, see docs/architecture.md."""

from applications.completeness.document import Doc, Row, at_most, empty, less, number, values
from applications.completeness.rules import (
    BLOCK,
    FLAG,
    INFO,
    Finding,
    Rule,
    Severity,
    check,
    collect,
    rule,
)

__all__ = [
    "BLOCK",
    "FLAG",
    "INFO",
    "Doc",
    "Finding",
    "Row",
    "Rule",
    "Severity",
    "at_most",
    "check",
    "collect",
    "empty",
    "less",
    "number",
    "rule",
    "values",
]
