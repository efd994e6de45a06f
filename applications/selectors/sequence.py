"""The steps of an agency's sequence in a case, in words: what is passed, what is next."""

from datetime import date
from typing import Any

from applications.models import Application
from applications.schemes import Scheme
from applications.schemes.steps import RECORD, recordable
from applications.selectors.words import day_in_words


def told(
    application: Application, scheme: Scheme, records: list[dict[str, Any]], language: str
) -> list[dict[str, Any]]:
    """Every step in order: `passed`, `next` (the first that is not), `open` (a person may record it
    now), and the `records` (dicts with step, day, text, recorded_by_name) that were made of it."""
    steps, passed = scheme.workflow.steps, set(application.passed)
    first = next((s.id for s in steps if s.id not in passed), None)
    now = {s.id for s in recordable(steps, passed)}
    for record in records:
        record["on"] = day_in_words(date.fromisoformat(record["day"]), language)
    return [
        {
            "id": step.id,
            "label": step.label(language),
            "help": step.help(language),
            "passed": step.id in passed,
            "next": step.id == first,
            "open": step.id in now and step.by == RECORD,
            "records": [r for r in records if r["step"] == step.id],
        }
        for step in steps
    ]
