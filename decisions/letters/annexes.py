"""The decision on each of many variables, as annexes: files of their own that the letter names by
their SHA-256, so that the letter itself stays one that people read."""

from typing import Any

from portal.pdf.volumes import Listing

from .content import LetterContent
from .draft import LONGEST_TABLE_IN_FILE, Draft


def are_needed(content: LetterContent) -> bool:
    """Whether the letter names annexes in place of its table."""
    return len(content.variables) > LONGEST_TABLE_IN_FILE


def listing(content: LetterContent, draft: str = "") -> Listing:
    """The list to be drawn. `draft`: words that mark it as a draft on every page."""
    letter = Draft(content)
    t, content = letter.t, letter.content
    columns = [
        ("source", t["column_source"], True),
        ("name", t["column_variable"], True),
        ("years", t["column_years"], letter.has_years),
        ("outcome", t["column_outcome"], True),
        ("reason", t["column_reason"], letter.has_reasons),
    ]
    shown = [(name, heading) for name, heading, there in columns if there]
    specimen = [letter.specimen] if letter.specimen else []
    return Listing(
        title=t["annex"],
        agency=content.agency.name,
        reference=content.case_number,
        language=content.language,
        headings=[heading for _name, heading in shown],
        rows=[
            [_cell(name, source, variable) for name, _heading in shown]
            for source, run in letter.variables_by_source
            for variable in run
        ],
        moment=content.decided_at,
        filename=f"{content.letter_id.replace('/', '-')}-annex",
        lead=[
            *specimen,
            f"{letter.title} · {t['letter_number']} {content.letter_id} · {letter.decided_on}",
            content.recipient.institution,
            content.project.title,
        ],
        draft=draft,
    )


def _cell(name: str, source: str, variable: dict[str, Any]) -> str:
    if name in ("source", "outcome"):
        return source if name == "source" else str(variable["outcome"])
    return str(getattr(variable["row"], name))
