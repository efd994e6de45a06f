"""What a line of cells says as a row of the list, and what was not understood in it."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from applications.completeness.numbers import is_email
from applications.schemes import Field
from institutions import countries
from portal import days
from portal.days import FIRST_DATA_YEAR, LAST_DATA_YEAR
from portal.text import line

YES = frozenset({"ja", "yes", "j", "y", "x", "1", "true", "sann", "sant", "sand"})
NO = frozenset({"nei", "nej", "no", "n", "0", "false", "usann", "falsk", "usant"})
BETWEEN = frozenset({"til", "till", "to", "og", "och", "and", "t", "o", "m", "med"})
SEVERAL_LINES = ("longtext", "list")
TIMELESS = frozenset({"tidløs", "tidlaus", "tidlös", "timeless", "-", "–"})


@dataclass
class Understood:
    """One line: its number in the file (1-based), the row, and problems by column path.

    A problem is (code, the cell's text). A row with problems can be taken; a cell that was not
    understood is left out, one that is too long is cut.
    """

    line: int
    data: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether anything of the line was understood."""
        return bool(self.data)


def _year(cell: str) -> int | None:
    written = re.fullmatch(r"([0-9]{4})(-[0-9]{2}-[0-9]{2})?", cell)  # of a date too
    year = int(written[1]) if written else 0
    return year if FIRST_DATA_YEAR <= year <= LAST_DATA_YEAR else None


def _years(cell: str) -> dict[str, Any] | None:
    if cell.casefold() in TIMELESS:
        return {"timeless": True}
    found = [int(y) for y in re.findall(r"(?<!\d)\d{4}(?!\d)", cell)]
    between = re.sub(r"[\s,;/.–—-]", " ", re.sub(r"\d{4}", " ", cell)).casefold().split()
    if not found or not BETWEEN.issuperset(between):
        return None
    if len(found) == 1 and re.search(r"[–—-]", cell):
        return None  # "2001-" has no last year; the applicant must say it
    if not all(FIRST_DATA_YEAR <= y <= LAST_DATA_YEAR for y in found):
        return None
    return {"fromYear": min(found), "toYear": max(found)}


def _more_than_written(cell: str) -> bool:
    """Whether single years are named with others between them, or a span with more behind it: the
    row asks for all from the first to the last."""
    years = sorted({int(y) for y in re.findall(r"(?<!\d)\d{4}(?!\d)", cell)})
    spans = re.search(r"\d{4}\s*(?:[–—-]|til|till|to|t\.? ?o\.? ?m\.?)\s*\d{4}", cell.casefold())
    if spans and len(years) == 2:
        return False
    return any(later - year > 1 for year, later in pairwise(years))


def _value(column: Field, cell: str) -> tuple[bool, Any]:
    """(understood, value) of one cell."""
    if column.type == "year":
        year = _year(cell)
        return year is not None, year
    if column.type == "bool":
        word = cell.casefold()
        return word in YES | NO, word in YES
    if column.type == "enum":
        for option in column.options:
            labels = {option.value, *(option.label(c) for c in ("nb", "nn", "da", "sv", "en"))}
            if cell.casefold() in {label.casefold() for label in labels}:
                return True, option.value
        return False, None
    if column.type in ("number", "money"):
        return cell.isdigit(), int(cell) if cell.isdigit() else None
    if column.type == "country":
        code = countries.code_of(cell)
        return code is not None, code
    if column.type == "date":
        day = days.read(cell)
        good = day is not None and days.within(day)
        return good, day.isoformat() if day and good else None
    if column.type == "email":
        return is_email(cell), cell
    if column.type == "list":
        return True, [p.strip() for p in re.split(r"[;\n]", cell) if p.strip()]
    return True, cell[: column.max_length or 500]


def _compare(row: Understood, named: bool) -> None:
    """Problems between the cells of a row: no name, years the wrong way round."""
    if not row.data:
        return
    if named and "name" not in row.data and "name" not in row.problems:
        row.problems["name"] = ("missing", "")
    first, last = row.data.get("fromYear"), row.data.get("toYear")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        row.problems["toYear"] = ("order", f"{first}–{last}")


def understand(
    lines: list[list[str]], mapping: dict[int, str], table: Field, first_line: int
) -> list[Understood]:
    """Every line that is not empty, as a row. `first_line` is the number of lines[0] in the file."""
    columns = {column.path: column for column in table.columns if column.asked}
    has_names = "name" in mapping.values()
    told = []
    for number, cells in enumerate(lines, first_line):
        if not any(cells):
            continue
        row = Understood(number)
        for at, path in mapping.items():
            cell = cells[at].strip() if at < len(cells) else ""
            if path not in columns or columns[path].type not in SEVERAL_LINES:
                cell = line(cell)
            if not cell:
                continue
            if path == "years":
                years = _years(cell)
                if years is None:
                    row.problems["fromYear"] = ("years", cell)
                else:
                    row.data |= {k: v for k, v in years.items() if k in columns}
                    if _more_than_written(cell):
                        row.problems["fromYear"] = ("between", cell)
                continue
            good, value = _value(columns[path], cell)
            if good:
                row.data[path] = value
                if isinstance(value, str) and value != cell and cell.startswith(value):
                    row.problems[path] = ("cut", cell)
            else:
                row.problems[path] = (columns[path].type, cell)
        _compare(row, named=has_names)
        told.append(row)
    return told
