"""Excel workbooks, old and new, read fast. Pure.

The reader keeps a whole sheet in memory at the size that the sheet claims, so it runs as a child
process with limits (portal.files.apart.workbook): `python -m portal.files.workbook PATH MOST SHEET`
prints {"lines": [...]}, {"heads": {sheet: [...]}} or {"wrong": code of Unreadable}.
"""

import json
import sys
from contextlib import suppress
from typing import Any

from portal.files.reading import MOST_LINES, Unreadable, head_of, lines_of, trimmed


def _rows(sheet: Any) -> list[list[Any]]:
    """The rows of a sheet. What is merged downwards, such as a register beside its variables, stands
    in each of its rows: a workbook keeps it in the first alone."""
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1]:
            if any(row):
                row[left] = rows[top][left]
    return rows


def read_workbook(path: str, most: int = MOST_LINES, sheet: str = "") -> dict[str, Any]:
    """{"lines": …} of `sheet`, or without a name of the only one that holds anything; where several
    do, {"heads": {name: its first lines}}, of which the caller chooses. Raises Unreadable."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            heads, first = {}, None
            for name in [sheet] if sheet else book.sheet_names:
                rows = _rows(book.get_sheet_by_name(name))
                with suppress(Unreadable):
                    heads[name] = head_of(rows)
                    first = first or rows
    except (CalamineError, OSError, ValueError):
        raise Unreadable("unreadable") from None
    if len(heads) > 1:
        return {"heads": heads}
    return {"lines": lines_of(trimmed(first or ()), most)}


def main() -> None:
    """Prints what the workbook named on the command line holds."""
    try:
        told = read_workbook(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    except Unreadable as wrong:
        told = {"wrong": str(wrong)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
