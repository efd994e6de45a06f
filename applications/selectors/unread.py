"""Answers that cannot be read: typed as something else, or a day outside the bounds of days."""

from typing import Any

from applications.schemes import Scheme
from applications.selectors.tree import pick
from portal import days

# What was typed and could not be read as the field's type, by path: shown again, never checked.
TYPED = "_typed"


def unread(scheme: Scheme, type: str, answers: dict, document: dict) -> dict[str, str]:
    """What stops a submission because nobody can read it: path (of a column without its row) -> the
    text. `answers` as stored, `document` as the rules read it."""
    found = {path: str(text) for path, text in (answers.get(TYPED) or {}).items()}
    for field in scheme.fields(type):
        if not field.asked:
            continue
        if field.type == "date":
            found |= _wrong(field.path, [pick(document, field.path)])
        for column in field.columns:
            if column.type == "date" and column.asked:
                rows = pick(document, field.path) or []
                path = f"{field.path}.{column.path}"
                found |= _wrong(path, [pick(row, column.path) for row in rows])
    return found


def _wrong(path: str, values: list[Any]) -> dict[str, str]:
    wrong = [str(v) for v in values if v not in (None, "") and not days.good_iso(v)]
    return {path: ", ".join(dict.fromkeys(wrong))} if wrong else {}
