"""Reads an application from a file, and says of everything in it that cannot be taken where it is.

Pure. Nothing here raises on any bytes: what is wrong is a Fault with a JSON pointer (RFC 6901), or
with line and column where the text is no JSON at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from applications.exchange import values
from applications.exchange.parsing import MOST_ROWS, Fault, Parsed, pointer, shown
from applications.schemes import Field, Scheme

MOST_FAULTS = 1_000
# Beside the fields of the forms: who it is for, and files, which a JSON file does not hold.
ASIDE = frozenset({"agency", "type", "attachments"})


@dataclass
class Understood:
    """What can be taken: single answers by path, rows by path of their list.

    `filled`: pointers of answers that the portal gives itself and does not take from a file;
    `files`: attachments that the file speaks of; `more`: faults beyond the most that are kept.
    """

    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[dict]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    files: list[dict] = field(default_factory=list)
    more: int = 0

    def wrong(self, fault: Fault) -> None:
        """Notes a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more += 1


def understand(parsed: Parsed, scheme: Scheme, type: str) -> Understood:
    """What of the document can be taken into an application of this type, and what cannot."""
    found = Understood()
    for place in parsed.doubled:
        found.wrong(Fault("doubled", place))
    fields = {f.path: f for f in scheme.fields(type)}
    above = {path.rsplit(".", n)[0] for path in fields for n in range(1, path.count(".") + 1)}

    def walk(tree: Mapping[str, Any], prefix: str, here: str) -> None:
        for key, value in tree.items():
            path = f"{prefix}.{key}" if prefix else key
            place = pointer(here, key)
            if not prefix and key in ASIDE and path not in fields:
                continue
            if "." in key and value not in values.EMPTY:  # a path is no key
                found.wrong(Fault("unknown", place, value=shown(value)))
            elif path in fields:
                _field(found, fields[path], value, place)
            elif path in above and isinstance(value, dict):
                walk(value, path, place)
            elif path in above:
                if value not in values.EMPTY:
                    found.wrong(Fault("object", place, value=shown(value)))
            elif value not in values.EMPTY:
                found.wrong(Fault("unknown", place, value=shown(value)))

    walk(parsed.document, "", parsed.base)
    files = parsed.document.get("attachments")
    if isinstance(files, list):
        found.files = [each for each in files if isinstance(each, dict)][:MOST_ROWS]
    return found


def _field(found: Understood, asked: Field, value: Any, place: str) -> None:
    if value in values.EMPTY:
        return
    if not asked.asked:
        found.filled.append(place)
    elif asked.type == "rows":
        _rows(found, asked, value, place)
    elif code := values.wrong(asked, value):
        found.wrong(Fault(code, place, labels=(asked,), value=shown(value)))
    else:
        found.values[asked.path] = value


def _rows(found: Understood, table: Field, value: Any, place: str) -> None:
    if not isinstance(value, list):
        found.wrong(Fault("list", place, labels=(table,), value=shown(value)))
        return
    if len(value) > MOST_ROWS:
        found.wrong(Fault("rows", pointer(place, MOST_ROWS), labels=(table,)))
    columns = {c.path: c for c in table.columns}
    taken = []
    for at, row in enumerate(value[:MOST_ROWS]):
        here = pointer(place, at)
        if not isinstance(row, dict):
            fault = Fault("object", here, labels=(table,), row=at + 1, value=shown(row))
            found.wrong(fault)
            continue
        data = {}
        for name, cell in row.items():
            column = columns.get(name)
            where = pointer(here, name)
            if cell in values.EMPTY:
                continue
            if column is None:
                fault = Fault("unknown", where, labels=(table,), row=at + 1, value=shown(cell))
                found.wrong(fault)
            elif not column.asked:
                found.filled.append(where)
            elif code := values.wrong(column, cell):
                labels = (table, column)
                fault = Fault(code, where, labels=labels, row=at + 1, value=shown(cell))
                found.wrong(fault)
            else:
                data[name] = cell
        if data:
            taken.append(data)
    if taken:
        found.rows[table.path] = taken
