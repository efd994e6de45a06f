"""What is read of a file with a table: its lines of cells (texts)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.files.child.tables import (
    MOST_LINES,
    Lines,
    Unreadable,
    decode,
    read_csv,
    read_text,
)

__all__ = ["MOST_LINES", "Lines", "Unreadable", "decode", "read_csv", "read_text"]

# How well the first lines of a sheet are what is wanted; a higher number is better.
Score = Callable[[Lines], int]


@dataclass(frozen=True)
class Table:
    """Lines of cells. Of a workbook with several sheets that hold anything: which of them it is
    (`sheet`), and all their names in order."""

    lines: Lines
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def not_read(self) -> list[str]:
        """The other sheets that hold something."""
        return [name for name in self.sheets if name != self.sheet]


def choose(heads: Mapping[str, Lines], score: Score, wanted: str = "") -> str:
    """The sheet that is `wanted`, else the one with the best score, the first of equal ones."""
    return wanted if wanted in heads else max(heads, key=lambda name: score(heads[name]))
