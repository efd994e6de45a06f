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


def read_workbook(path: str, most: int = MOST_LINES, sheet: str = "") -> dict[str, Any]:
    """{"lines": …} of `sheet`, or without a name of the only one that holds anything; where several
    do, {"heads": {name: its first lines}}, of which the caller chooses. Raises Unreadable."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            heads, first = {}, None
            for name in [sheet] if sheet else book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
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
