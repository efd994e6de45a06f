"""Statistics Denmark's rules (rules.md 2.2.3 and 3.3), one function each."""

from applications.completeness import collect
from applications.schemes.dst.v2026_1.checks import attachments, consistency, fields

RULES = collect(fields, attachments, consistency)
