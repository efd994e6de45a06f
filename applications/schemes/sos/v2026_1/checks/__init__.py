"""Socialstyrelsen's rules (rules.md 2.3.3 and 3.4), one function each."""

from applications.completeness import collect
from applications.schemes.sos.v2026_1.checks import attachments, consistency, fields

RULES = collect(fields, attachments, consistency)
