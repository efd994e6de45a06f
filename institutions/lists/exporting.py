"""An agency's own list of approved institutions as a file."""

from collections.abc import Iterable

from institutions.models import Institution, InstitutionApproval
from portal.files.writing import csv_of, workbook

# The headings that a list is read with (institutions.lists.reading): what goes out comes in again.
COLUMNS = ("name", "country", "org_number", "number", "valid_from", "valid_until")
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


def exported(kind: str, approved: Iterable[tuple[Institution, InstitutionApproval]]) -> bytes:
    """A file of this kind: csv or xlsx."""
    lines = rows(approved)
    if kind == "csv":
        return csv_of([COLUMNS, *lines]).encode()
    return workbook("Institutions", COLUMNS, lines)
