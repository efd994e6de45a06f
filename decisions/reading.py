"""A letter's content as a page shows it: the same sentences as on paper, in the letter's language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from decisions.letters.content import LetterContent
from decisions.letters.draft import Draft

ROWS_SHOWN = 100


@dataclass(frozen=True)
class Reading:
    """`d` prints what templates/decisions/_letter.html asks for; long tables are cut with a note."""

    d: Draft
    rows: list[dict[str, Any]]
    left_out: int

    @property
    def language(self) -> str:
        """For the `lang` attribute around it."""
        return self.d.content.language


def reading(content: LetterContent, most: int = ROWS_SHOWN) -> Reading:
    """`content` ready for a page, with at most `most` variables."""
    total = len(content.variables)
    draft = Draft(content)
    rows: list[dict[str, Any]] = []
    for source, run in draft.variables_by_source:
        for row in run[: most - len(rows)]:
            rows.append({**row, "source": source})
        if len(rows) == most:
            break
    return Reading(draft, rows, total - len(rows))


def local_day(moment: datetime | None, zone: str) -> date | None:
    """The calendar day of `moment` in `zone`; None for none."""
    return moment.astimezone(ZoneInfo(zone)).date() if moment else None
