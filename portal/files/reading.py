"""From a file or pasted text to lines of cells (texts)."""

import csv
import io
from datetime import date, datetime
from typing import IO, Any

MOST_LINES = 20_000
MOST_CELLS = 60
LONGEST_CELL = 10_000


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


def lines_of(rows: Any, most: int = MOST_LINES) -> list[list[str]]:
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


def read_xlsx(file: IO[bytes], most: int = MOST_LINES) -> list[list[str]]:
    """The first sheet that holds anything. Raises Unreadable. Inspect the file for traps first."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception:  # openpyxl raises whatever the parts of a damaged file provoke
        raise Unreadable("unreadable") from None
    try:
        for sheet in book.worksheets:
            # The size a sheet claims can be wrong (Excel writes whole columns): count ourselves.
            sheet.reset_dimensions()
            try:
                return lines_of(trimmed(sheet.iter_rows(values_only=True)), most)
            except Unreadable as wrong:
                if str(wrong) != "empty":
                    raise
    finally:
        book.close()
    raise Unreadable("empty")


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


def read_csv(content: bytes, most: int = MOST_LINES) -> list[list[str]]:
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


def read_text(text: str, most: int = MOST_LINES) -> list[list[str]]:
    """Pasted text: one line a row; tabs (from a spreadsheet), semicolons, commas or bars."""
    if not text.strip():
        raise Unreadable("empty")
    csv.field_size_limit(LONGEST_CELL * 50)
    try:
        return lines_of(csv.reader(io.StringIO(text), delimiter=_separator(text)), most)
    except csv.Error:
        raise Unreadable("unreadable") from None
