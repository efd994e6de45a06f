"""Lists for spreadsheets, CSV and XLSX: there is no other writer in the house. Pure.

What a spreadsheet would calculate stays a text, wherever it splits cells; reading the file back
(`portal.files.reading`) gives what was written.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from portal.files.child.signs import CALCULATED, marked

LONGEST_CELL = 32_767  # of Excel
WIDEST = 60


def csv_of(lines: Iterable[Iterable[Any]]) -> str:
    """CSV as spreadsheets here open it: semicolons, a mark that says UTF-8, every cell in quotes.
    No line says which separator it is: Excel would then forget the encoding."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([marked(str(cell)) for cell in line] for line in lines)
    return "\ufeff" + out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    """A number stays one; every text is a text, also one that a spreadsheet would calculate."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if CALCULATED.match(text):
        cell.quotePrefix = True  # stays a text when somebody edits the cell
    return cell


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """An .xlsx with one sheet: `headings`, bold and always in sight, and `rows` (texts, numbers)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "1")
    sheet.freeze_panes = "A2"
    filled = [list(row) for row in rows]
    for at, heading in enumerate(headings):
        longest = max((len(str(row[at])) for row in filled), default=0)
        width = min(WIDEST, max(len(heading), longest) + 2)
        sheet.column_dimensions[get_column_letter(at + 1)].width = width
    top = [_cell(sheet, heading) for heading in headings]
    for cell in top:
        cell.font = Font(bold=True)
    sheet.append(top)
    for row in filled:
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
