"""A document as people read it: sections with questions and answers, and how two documents differ."""

from typing import Any

from applications.schemes import Field, Section
from applications.selectors.document import pick
from applications.selectors.words import in_words

ROWS_SHOWN = 100


def _table(field: Field, rows: Any, language: str, most: int | None) -> dict:
    rows = rows if isinstance(rows, list) else []
    columns = [c for c in field.columns if any(_filled(r, c) for r in rows)]
    shown = rows if most is None else rows[:most]
    return {
        "headings": [c.label(language) for c in columns],
        "lines": [[in_words(c, pick(row, c.path), language) for c in columns] for row in shown],
        "total": len(rows),
        "left_out": len(rows) - len(shown),
    }


def _filled(row: Any, column: Field) -> bool:
    return isinstance(row, dict) and pick(row, column.path) not in (None, "", [])


def summary(
    sections: list[Section], document: dict, language: str, most: int | None = ROWS_SHOWN
) -> list[dict]:
    """Sections with the answers in words; questions that do not apply are left out.

    `most` is how many rows of a table are shown; None shows all.
    """
    told = []
    for section in sections:
        lines = []
        for field in section.fields:
            if field.at != "draft" or not field.shown(document):
                continue
            value = pick(document, field.path)
            if field.disputes and not value:
                continue  # nobody says that the fact is wrong
            line: dict[str, Any] = {"label": field.label(language), "text": "", "table": None}
            line["path"] = field.path
            if field.type == "rows":
                line["table"] = _table(field, value, language, most)
            else:
                line["text"] = in_words(field, value, language)
            lines.append(line)
        told.append({"id": section.id, "title": section.title(language), "lines": lines})
    return told


def disputed(sections: list[Section], document: dict, language: str) -> list[dict[str, str]]:
    """What the applicant says is wrong of what the portal knows: the fact's label, its value in
    words, and their words."""
    told = []
    fields = {f.path: f for section in sections for f in section.fields}
    for field in fields.values():
        text = pick(document, field.path) if field.disputes else None
        if text:
            known = fields[field.disputes]
            value = in_words(known, pick(document, known.path), language)
            told.append({"label": known.label(language), "value": value, "text": str(text)})
    return told


def _key(field: Field, row: Any) -> str:
    """What a row is called: its first four texts and choices, which hold names, not years."""
    named = [c for c in field.columns if c.type in ("text", "enum")][:4]
    values = (pick(row, c.path) for c in named)
    return " · ".join(str(value) for value in values if value not in (None, ""))


def _row_changes(field: Field, before: Any, after: Any, language: str) -> list[dict]:
    """Rows added, removed and changed. Rows are paired by content, then by position."""
    old = [r for r in before or [] if isinstance(r, dict)]
    new = [r for r in after or [] if isinstance(r, dict)]
    gone = _without(old, new)
    come = _without(new, old)
    changes: list[dict[str, Any]] = []
    by_key: dict[str, list[dict]] = {}
    for row in gone:
        by_key.setdefault(_key(field, row), []).append(row)
    for row in come:
        same = by_key.get(_key(field, row))
        former = same.pop(0) if same else None
        if former is None:
            changes.append({"what": "added", "name": _key(field, row), "cells": []})
            continue
        cells = [
            {
                "label": c.label(language),
                "before": in_words(c, pick(former, c.path), language),
                "after": in_words(c, pick(row, c.path), language),
            }
            for c in field.columns
            if pick(former, c.path) != pick(row, c.path)
        ]
        changes.append({"what": "changed", "name": _key(field, row), "cells": cells})
    left = [name for name, rows in by_key.items() for _row in rows]
    changes += [{"what": "removed", "name": name, "cells": []} for name in left]
    return changes


def _without(rows: list[dict], others: list[dict]) -> list[dict]:
    """The rows that `others` does not hold, counting doubles."""
    left: dict[str, int] = {}
    for row in others:
        left[_content(row)] = left.get(_content(row), 0) + 1
    kept = []
    for row in rows:
        content = _content(row)
        if left.get(content, 0):
            left[content] -= 1
        else:
            kept.append(row)
    return kept


def _content(row: dict) -> str:
    return repr(sorted((k, v) for k, v in row.items() if v not in (None, "", [])))


def differences(sections: list[Section], before: dict, after: dict, language: str) -> list[dict]:
    """What changed between two frozen documents, per field, in words."""
    told = []
    for section in sections:
        for field in section.fields:
            old, new = pick(before, field.path), pick(after, field.path)
            if old == new or (old in (None, "", []) and new in (None, "", [])):
                continue
            change: dict[str, Any] = {
                "section": section.title(language),
                "label": field.label(language),
                "path": field.path,
                "rows": None,
                "before": "",
                "after": "",
            }
            if field.type == "rows":
                change["rows"] = _row_changes(field, old, new, language)
                if not change["rows"]:
                    continue
            else:
                change["before"] = in_words(field, old, language)
                change["after"] = in_words(field, new, language)
            told.append(change)
    return told


def attachment_differences(before: list[dict], after: list[dict]) -> list[dict]:
    """Attachments added and removed between two submissions (lists of frozen facts)."""
    old = {a["id"]: a for a in before}
    new = {a["id"]: a for a in after}
    added = [{"what": "added", **a} for pk, a in new.items() if pk not in old]
    removed = [{"what": "removed", **a} for pk, a in old.items() if pk not in new]
    return added + removed
