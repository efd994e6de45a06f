"""Excel workbooks, old and new, read fast. Pure.

The reader keeps a whole sheet in memory at the size that the sheet claims, so it runs as a child
process with limits (portal.files.apart.lines_of): `python -m portal.files.workbook PATH MOST`
prints {"lines": [...]} or {"wrong": code of Unreadable}.
"""

import json
import sys
from typing import Any

from portal.files.reading import MOST_LINES, Unreadable, lines_of, trimmed


def read_workbook(path: str, most: int = MOST_LINES) -> list[list[str]]:
    """The first sheet that holds anything. Raises Unreadable."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                try:
                    return lines_of(trimmed(rows), most)
                except Unreadable as wrong:
                    if str(wrong) != "empty":
                        raise
    except (CalamineError, OSError, ValueError):
        raise Unreadable("unreadable") from None
    raise Unreadable("empty")


def main() -> None:
    """Prints the lines of the workbook named on the command line."""
    try:
        told: dict[str, Any] = {"lines": read_workbook(sys.argv[1], int(sys.argv[2]))}
    except Unreadable as wrong:
        told = {"wrong": str(wrong)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
