"""Lines of cells out of a workbook or a text: CSV, or what was pasted. Pure.

Runs in the child: `examine` gives {"lines": …} some hundreds at a time, or {"heads": {sheet: first
lines}} when several sheets hold something and none is named; at last {"wrong": code of Unreadable},
or {"refusal": code} when the file is no honest one.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from . import signs
from .inspection import inspect, text_alone
from .refusals import Refused

MOST_LINES = 20_000
MOST_CELLS = 60
LONGEST_CELL = 10_000
HEAD = 20  # filled lines by which one sees what a sheet holds
AT_ONCE = 500
BOOKS = ("xls", "xlsx")

Lines = list[list[str]]


class Unreadable(Exception):
    """The input is no table that we can read. The argument is the code of the reason."""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    lines = (" ".join(part.split()) for part in signs.text(str(value)).split("\n"))
    return "\n".join(part for part in lines if part)[:LONGEST_CELL]


def each_line(rows: Any, most: int = MOST_LINES) -> Iterator[list[str]]:
    """Rows of values as lines of cells, up to the last that holds any. Raises Unreadable when none
    does, or when they are more than `most`."""
    held = 0  # empty lines that may be followed by a filled one
    filled = False
    for at, row in enumerate(rows):
        if at >= most:
            raise Unreadable("long")
        cells = [_cell(value) for value in list(row)[:MOST_CELLS]]
        if any(cells):
            yield from ([] for _line in range(held))
            held, filled = 0, True
            yield cells
        else:
            held += 1
    if not filled:
        raise Unreadable("empty")


def lines_of(rows: Any, most: int = MOST_LINES) -> Lines:
    """The same as a list."""
    return list(each_line(rows, most))


def head_of(rows: Any) -> Lines:
    """The first filled lines. Raises Unreadable when there is none."""
    return lines_of(islice((row for row in trimmed(rows) if any(row)), HEAD))


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
    return list(each_row(decode(content), most, is_ours(content)))


def is_ours(content: bytes) -> bool:
    """Whether the file looks like one that the portal wrote (portal.files.writing): only then an
    apostrophe inside of a cell is a mark and no text."""
    first = content.partition(b"\r\n")[0]
    return first.startswith(b'\xef\xbb\xbf"') and first.endswith(b'"') and b"," not in first


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


def each_row(text: str, most: int = MOST_LINES, ours: bool = False) -> Iterator[list[str]]:
    """The lines of `read_text`, one by one; `ours`: of a file that the portal wrote. Raises
    Unreadable."""
    plain = signs.unmarked if ours else signs.unmarked_whole
    if not text.strip():
        raise Unreadable("empty")
    csv.field_size_limit(LONGEST_CELL * 50)
    try:
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter=";" if ours else _separator(text)
        )
        yield from each_line(([plain(cell) for cell in row] for row in rows), most)
    except csv.Error:
        raise Unreadable("unreadable") from None


def read_text(text: str, most: int = MOST_LINES) -> Lines:
    """Pasted text: one line a row; tabs (from a spreadsheet), semicolons, commas or bars."""
    return list(each_row(text, most))


def _rows(sheet: Any) -> Iterator[list[Any]]:
    """The rows of a sheet, one by one. What is merged downwards, such as a register beside its
    variables, stands in each of its rows: a workbook keeps it in the first alone."""
    if sheet is None or sheet.start is None:
        return
    margin = [""] * sheet.start[1]
    starting: dict[int, list[tuple[int, int]]] = {}  # row -> (column, last row)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            starting.setdefault(top, []).append((left, bottom))
    carried: dict[int, tuple[int, Any]] = {}  # column -> (last row, value)
    for at, cells in enumerate(sheet.iter_rows()):
        row = margin + cells
        if carried and any(row):
            for left, (bottom, value) in list(carried.items()):
                if at > bottom:
                    del carried[left]
                else:
                    row[left] = value
        for left, bottom in starting.get(at, ()):
            if left < len(row):
                carried[left] = (bottom, row[left])
        yield row


def read_workbook(
    file: BinaryIO, most: int = MOST_LINES, sheet: str = ""
) -> Iterator[dict[str, Any]]:
    """Lines of `sheet`, or without a name of the only one that holds anything; where several do,
    their heads, of which the caller chooses. Raises Unreadable."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        # By its number, not through Python: the reader takes the pieces that it needs.
        with CalamineWorkbook.from_path(f"/dev/fd/{file.fileno()}") as book:
            heads: dict[str, Lines] = {}
            only = book.get_sheet_by_name(sheet) if sheet else None
            for name in [] if sheet else book.sheet_names:
                looked_at = book.get_sheet_by_name(name)
                with suppress(Unreadable):
                    heads[name] = head_of(_rows(looked_at))
                    only = looked_at if len(heads) == 1 else None
            if len(heads) > 1:
                yield {"heads": heads}
            else:
                yield from _parts(each_line(trimmed(_rows(only)), most))
    except (CalamineError, OSError, ValueError):
        raise Unreadable("unreadable") from None


def _parts(lines: Iterator[list[str]]) -> Iterator[dict[str, Any]]:
    """Some lines at a time: a whole list and all its JSON at once take too much room."""
    while part := list(islice(lines, AT_ONCE)):
        yield {"lines": part}


def examine(file: BinaryIO, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The table in the file, after a look at whether it is an honest one."""
    ext, most = arguments["ext"], arguments["most"]
    try:
        if ext in BOOKS:
            inspect(file, ext)
            file.seek(0)
            yield from read_workbook(file, most, arguments["sheet"])
        else:
            content = file.read()
            text_alone(content)
            yield from _parts(each_row(decode(content), most, is_ours(content)))
    except Refused as refused:
        yield {"refusal": str(refused)}
    except Unreadable as wrong:
        yield {"wrong": str(wrong)}
