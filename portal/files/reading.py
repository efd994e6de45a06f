"""From a file or pasted text to lines of cells (texts)."""

import csv
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

MOST_LINES = 20_000
MOST_CELLS = 60
LONGEST_CELL = 10_000


HEAD = 20  # filled lines by which one sees what a sheet holds

Lines = list[list[str]]
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


class Unreadable(Exception):
    """The input is no table that we can read. The argument is the code of the reason."""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    text = str(value).replace("\x00", "")  # which no database takes
    return " ".join(text.split())[:LONGEST_CELL]


def lines_of(rows: Any, most: int = MOST_LINES) -> Lines:
    """Rows of values as lines of cells. Raises Unreadable when empty or more than `most`."""
    lines = []
    for row in rows:
        cells = [_cell(value) for value in list(row)[:MOST_CELLS]]
        lines.append(cells)
        if len(lines) > most:
            raise Unreadable("long")
    while lines and not any(lines[-1]):
        lines.pop()
    if not any(any(line) for line in lines):
        raise Unreadable("empty")
    return lines


def head_of(rows: Any) -> Lines:
    """The first filled lines. Raises Unreadable when there is none."""
    return lines_of(islice((row for row in trimmed(rows) if any(row)), HEAD))


def choose(heads: Mapping[str, Lines], score: Score, wanted: str = "") -> str:
    """The sheet that is `wanted`, else the one with the best score, the first of equal ones."""
    return wanted if wanted in heads else max(heads, key=lambda name: score(heads[name]))


def read_xlsx(
    file: IO[bytes], most: int = MOST_LINES, score: Score = len, wanted: str = ""
) -> Table:
    """The chosen one of the sheets that hold anything. Raises Unreadable. Inspect the file for
    traps first."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception:  # openpyxl raises whatever the parts of a damaged file provoke
        raise Unreadable("unreadable") from None
    try:
        heads: dict[str, Lines] = {}
        for sheet in book.worksheets:
            # The size a sheet claims can be wrong (Excel writes whole columns): count ourselves.
            sheet.reset_dimensions()
            with suppress(Unreadable):
                heads[sheet.title] = head_of(sheet.iter_rows(values_only=True))
        if not heads:
            raise Unreadable("empty")
        name = choose(heads, score, wanted)
        lines = lines_of(trimmed(book[name].iter_rows(values_only=True)), most)
        return Table(lines, name, tuple(heads)) if len(heads) > 1 else Table(lines)
    finally:
        book.close()


def trimmed(rows: Any) -> Any:
    """Rows up to the last one with content, at most 200 empty ones in between."""
    held: list[Any] = []
    for row in rows:
        if any(value not in (None, "") for value in row):
            yield from held
            held = []
            yield row
        else:
            held.append(row)
            if len(held) > 200:
                return


def decode(content: bytes) -> str:
    """Text in UTF-8 with or without mark, UTF-16 with one, or else Windows-1252. Raises nothing."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Nordic Excel writes as CSV


def read_csv(content: bytes, most: int = MOST_LINES) -> Lines:
    """A CSV or text file in UTF-8, UTF-16 or Windows-1252; the separator is found out."""
    return read_text(decode(content), most)


def _separator(text: str) -> str:
    head = text.splitlines()[:20]
    best, most = ";", 0
    for candidate in ("\t", ";", ",", "|"):
        per_line = [line.count(candidate) for line in head if line.strip()]
        if per_line and min(per_line) > 0 and sum(per_line) > most:
            best, most = candidate, sum(per_line)
    if most:
        return best
    totals = {c: sum(line.count(c) for line in head) for c in ("\t", ";", "|")}
    return max(totals, key=lambda c: totals[c]) if any(totals.values()) else "\t"


def read_text(text: str, most: int = MOST_LINES) -> Lines:
    """Pasted text: one line a row; tabs (from a spreadsheet), semicolons, commas or bars."""
    if not text.strip():
        raise Unreadable("empty")
    csv.field_size_limit(LONGEST_CELL * 50)
    try:
        return lines_of(csv.reader(io.StringIO(text), delimiter=_separator(text)), most)
    except csv.Error:
        raise Unreadable("unreadable") from None
