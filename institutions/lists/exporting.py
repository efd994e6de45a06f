"""An agency's own list of approved institutions as a file."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from institutions.models import Institution, InstitutionApproval

# The headings that a list is read with (institutions.lists.reading): what goes out comes in again.
COLUMNS = ("name", "country", "org_number", "number", "valid_from", "valid_until")
FORMULA = re.compile(r"\s*[=+\-@]")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rows(approved: Iterable[tuple[Institution, InstitutionApproval]]) -> list[list[str]]:
    """One line of texts each, below no headings."""
    return [
        [
            *(place.name, place.country, place.org_number, approval.number),
            approval.valid_from.isoformat(),
            approval.valid_until.isoformat() if approval.valid_until else "",
        ]
        for place, approval in approved
    ]


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """The lines below their headings, with a mark by which Excel knows UTF-8. What a spreadsheet
    would calculate is quoted."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in line])
    return file.getvalue().encode("utf-8-sig")


def as_workbook(lines: Iterable[Sequence[str]]) -> bytes:
    """The same as .xlsx; every cell is a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Institutions")
    sheet.freeze_panes = "A2"
    for at, width in enumerate((60, 10, 20, 20, 14, 14)):
        sheet.column_dimensions["ABCDEF"[at]].width = width
    for number, line in enumerate([COLUMNS, *lines]):
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cell.quotePrefix = bool(FORMULA.match(text))
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def exported(kind: str, approved: Iterable[tuple[Institution, InstitutionApproval]]) -> bytes:
    """A file of this kind: csv or xlsx."""
    lines = rows(approved)
    return as_csv(lines) if kind == "csv" else as_workbook(lines)
