"""What an application that began as a copy of an earlier case asks to have different.

A change is compared with what was granted, not with what had been asked for: a row that was refused
and stands there again is a new wish, and is said to be one.
"""

import json
from collections import Counter
from copy import deepcopy
from typing import Any

from applications import schemes
from applications.earlier import InForce, in_force
from applications.models import Application
from applications.schemes import Field, Section
from applications.selectors.document import scheme_of
from applications.selectors.reader import Seen
from applications.selectors.review import differences
from applications.selectors.tree import pick, put

ROWS_SHOWN = 50


def identity(data: Any, field: Field | None) -> str:
    """Names a row by what a person answered in it: what the catalogue fills in may change meanwhile."""
    if isinstance(data, dict):
        computed = {c.path for c in field.columns if not c.asked} if field else set()
        data = {k: v for k, v in data.items() if k not in computed and v not in (None, "", [])}
    return json.dumps(data, sort_keys=True)


def granted_rows(decided: InForce) -> list[Any]:
    """The rows of the list that were granted, wholly or with a limit."""
    return [row.data for row in decided.rows if row.granted and not row.file]


def granted_only(document: dict, decided: InForce) -> dict:
    """A copy of `document` in which the list that was decided on holds what was granted. A list that
    the document does not hold stays away."""
    told = deepcopy(document)
    if pick(told, decided.path):
        put(told, decided.path, granted_rows(decided))
    return told


def changed(application: Application) -> InForce | None:
    """What is in force of the case that `application` asks to have changed; None when it is no
    change."""
    kind = scheme_of(application).type(application.type)
    if application.follows is None or kind is None or kind.follows != schemes.DECIDED:
        return None
    return in_force(application.follows)


def changes(seen: Seen, sections: list[Section], language: str) -> dict[str, Any]:
    """The differences between what was sent, or granted, in the earlier case and this one as `seen`,
    per field, row and file; and for a change what had been refused (`refused`, the first ones, with
    `again` when it is asked for again) and granted with a limit (`limited`).

    A file that was carried over is the same by its digest and purpose.
    """
    application, document = seen.application, seen.document
    decided = changed(application)
    earlier = decided.case if decided else application.follows
    sent = earlier.submissions.order_by("-sequence").first() if earlier else None
    if sent is None:
        return {}
    before = granted_only(sent.document, decided) if decided else sent.document
    asked = {f.path for s in sections for f in s.fields if f.asked}
    found = differences(sections, before, document, language)
    refused = {row.data["digest"] for row in decided.refused if row.file} if decided else set()
    was = {
        (a["kind"], a["digest"]): a["filename"]
        for a in sent.attachments
        if a["digest"] not in refused
    }
    now = {(a.kind, a.digest): a.filename for a in seen.attachments}
    files = [{"what": "added", "filename": name} for key, name in now.items() if key not in was]
    files += [{"what": "removed", "filename": name} for key, name in was.items() if key not in now]
    told = {"fields": [f for f in found if f["path"] in asked], "attachments": files}
    return told | (
        _decided(decided, document, {d for _kind, d in now}, sections) if decided else {}
    )


def _decided(
    decided: InForce, document: dict, digests: set[str], sections: list[Section]
) -> dict[str, Any]:
    fields = {f.path: f for s in sections for f in s.fields}
    field = fields.get(decided.path)
    rows = pick(document, decided.path) or []
    asked = Counter(identity(row, field) for row in rows)
    # Of rows alike the granted ones are there first.
    asked.subtract(identity(row, field) for row in granted_rows(decided))

    def again(row: Any) -> bool:
        return row.data["digest"] in digests if row.file else asked[identity(row.data, field)] > 0

    return {
        "refused": [
            {"name": r.name, "years": r.years, "reason": r.reason, "again": again(r)}
            for r in decided.refused[:ROWS_SHOWN]
        ],
        "refused_count": len(decided.refused),
        "limited": [
            {"name": r.name, "years": r.years, "reason": r.reason}
            for r in decided.limited[:ROWS_SHOWN]
        ],
        "limited_count": len(decided.limited),
        "letter_id": decided.letter_id,
        "decided_on": decided.decided_on,
    }
