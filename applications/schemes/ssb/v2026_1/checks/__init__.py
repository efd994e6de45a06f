"""SSB's rules (rules.md 2.1.7 and 3.2), one function each."""

from applications.completeness import collect
from applications.schemes.ssb.v2026_1.checks import (
    approvals,
    attachments,
    basis,
    consistency,
    fields,
)

RULES = collect(fields, attachments, consistency, approvals, basis)
