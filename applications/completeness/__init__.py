"""Completeness checks: document + scheme -> findings. Pure, see docs/architecture.md."""

from applications.completeness.checking import check
from applications.completeness.document import (
    Doc,
    Row,
    at_most,
    empty,
    key,
    less,
    number,
    references,
    unanswered,
    values,
)
from applications.completeness.rules import (
    BLOCK,
    FLAG,
    INFO,
    Finding,
    Rule,
    Severity,
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
    "key",
    "less",
    "number",
    "references",
    "rule",
    "unanswered",
    "values",
]
