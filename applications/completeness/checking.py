"""The one function that runs the rules over a document."""

import logging
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.completeness.common import RULES
from applications.completeness.document import Doc, unanswered
from applications.completeness.rules import Finding, HasRules, Severity

log = logging.getLogger(__name__)


def check(
    document: Any, scheme: HasRules, today: date, severities: Mapping[str, str] | None = None
) -> list[Finding]:
    """All findings of `document` on the day `today`: the common rules, then the agency's, by order.

    `severities`: rule id -> severity, laid over those of the scheme (what an agency's
    administrators have changed). Pure: no database, no clock. Takes any JSON value. A rule that
    fails on a document is logged (without the document's content) and does not silence the others.
    """
    doc = Doc(document, today, scheme.config.get("checks"))
    severities = {**scheme.config.get("severities", {}), **(severities or {})}
    findings = []
    for found in {**RULES, **scheme.rules}.values():
        try:
            verdict = found.condition(doc)
        except Exception as error:
            log.error("rule %s failed: %s", found.id, type(error).__name__)
            continue
        if verdict:
            rows = tuple(verdict) if isinstance(verdict, list) else ()
            fields = _fields(rows, doc) if found.shows_at_rows else found.fields
            severity = Severity(severities.get(found.id, found.severity))
            left_open = any(unanswered(doc[path]) for path in found.rests_on)
            findings.append(Finding(found.id, severity, rows, fields, found.source, left_open))
    return findings


def _fields(rows: tuple[str, ...], doc: Doc) -> tuple[str, ...]:
    """The fields that rows name: "variables[3].name" is in `variables.name`, a file at its purpose."""
    paths = []
    for row in rows:
        path = re.sub(r"\[\d+\]", "", row)
        if path == "attachments":
            kind = doc.rows(path)[int(row[len("attachments[") : -1])].kind
            path = f"attachments.{kind}" if isinstance(kind, str) else path
        paths.append(path)
    return tuple(dict.fromkeys(paths))
