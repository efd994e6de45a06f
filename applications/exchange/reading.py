"""Reads an application from a file, and says of everything in it that cannot be taken where it is.

Pure. Nothing here raises on any bytes: what is wrong is a Fault with a JSON pointer (RFC 6901), or
with line and column where the text is no JSON at all.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from applications.exchange import values
from applications.schemes import Field, Scheme

FORMAT = "tilgang-application"
FORMAT_VERSION = 1
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
DEEPEST = 20
MOST_FAULTS = 1_000
MOST_DIGITS = 18
# Beside the fields of the forms: who it is for, and files, which a JSON file does not hold.
ASIDE = frozenset({"agency", "type", "attachments"})


@dataclass(frozen=True)
class Fault:
    """One thing that cannot be taken. `code` names the message (applications.exchange.words).

    `labels`: the question, and the column, that it stands in; `row` counts from 1; `line` and
    `column` count from 1 where the text itself is broken; `value`: what stands there, shortened.
    """

    code: str
    pointer: str = ""
    line: int = 0
    column: int = 0
    labels: tuple[Field, ...] = ()
    row: int = 0
    value: str = ""


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


@dataclass(frozen=True)
class Parsed:
    """A file as far as it can be read before the scheme is known; `fault` says why it cannot."""

    document: dict = field(default_factory=dict)
    base: str = ""
    agency: str = ""
    type: str = ""
    language: str = ""
    follows: str = ""
    doubled: tuple[str, ...] = ()
    fault: Fault | None = None


class _Object(dict):
    """An object of the file that knows which of its keys stood there more than once."""

    doubled: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object()
    doubled = []
    for key, value in pairs:
        if key in made:
            doubled.append(key)
        else:
            made[key] = value  # the first one counts; the others are told of
    made.doubled = tuple(dict.fromkeys(doubled))
    return made


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float("inf")


def pointer(base: str, *steps: str | int) -> str:
    """A JSON pointer below `base`, for a person to read: a key that is very long, or not to be
    printed, is shown as a value is."""
    told = (_shown(str(step)).replace("~", "~0").replace("/", "~1") for step in steps)
    return base + "".join(f"/{step}" for step in told)


def _shown(value: Any) -> str:
    """A value as it stands in the file, at most 60 characters."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = json.dumps(value, ensure_ascii=True) if not isinstance(value, str) else value
    text = "".join(c if c.isprintable() else "·" for c in text[:61])
    return text if len(text) <= 60 else f"{text[:60]}…"


def _decode(data: bytes) -> tuple[str, Fault | None]:
    try:
        return data.decode(json.detect_encoding(data)), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Fault("encoding", line=line)


def _depth(tree: Any) -> tuple[str, list[str]]:
    """(pointer of the first place that is too deep or "", pointers of doubled keys)."""
    doubled: list[str] = []
    stack: list[tuple[Any, str, int]] = [(tree, "", 1)]
    while stack:
        node, here, level = stack.pop()
        if level > DEEPEST:
            return here, doubled
        if isinstance(node, _Object):
            doubled += [pointer(here, key) for key in node.doubled]
            pairs: Iterable[tuple[Any, Any]] = node.items()
        else:
            pairs = enumerate(node)
        stack += [
            (child, pointer(here, key), level + 1)
            for key, child in pairs
            if isinstance(child, dict | list)
        ]
    return "", sorted(doubled)


def parse(data: bytes) -> Parsed:
    """The file as JSON: our own export, or the bare document with `agency`."""
    if len(data) > MOST_BYTES:
        return Parsed(fault=Fault("large"))
    if not data.strip():
        return Parsed(fault=Fault("empty"))
    text, broken = _decode(data)
    if broken:
        return Parsed(fault=broken)
    try:
        tree = json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        fault = Fault("json", line=error.lineno, column=error.colno)
        return Parsed(fault=fault)
    except RecursionError:
        return Parsed(fault=Fault("deep"))
    if not isinstance(tree, dict):
        return Parsed(fault=Fault("object", value=_shown(tree)))
    too_deep, doubled = _depth(tree)
    if too_deep:
        return Parsed(fault=Fault("deep", too_deep))
    wrapped = "document" in tree and "format" in tree
    if wrapped and (tree["format"], tree.get("formatVersion")) != (FORMAT, FORMAT_VERSION):
        return Parsed(fault=Fault("format", "/format", value=_shown(tree["format"])))
    document, base = (tree["document"], "/document") if wrapped else (tree, "")
    if not isinstance(document, dict):
        return Parsed(fault=Fault("object", base, value=_shown(document)))

    def said(name: str) -> str:
        found = tree.get(name) if wrapped and name in tree else document.get(name)
        return found if isinstance(found, str) and not values.UNSTORABLE.search(found) else ""

    return Parsed(
        document=document,
        base=base,
        agency=said("agency"),
        type=said("type"),
        language=said("language") if wrapped else "",
        follows=said("follows") if wrapped else "",
        doubled=tuple(doubled),
    )


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
                found.wrong(Fault("unknown", place, value=_shown(value)))
            elif path in fields:
                _field(found, fields[path], value, place)
            elif path in above and isinstance(value, dict):
                walk(value, path, place)
            elif path in above:
                if value not in values.EMPTY:
                    found.wrong(Fault("object", place, value=_shown(value)))
            elif value not in values.EMPTY:
                found.wrong(Fault("unknown", place, value=_shown(value)))

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
        found.wrong(Fault(code, place, labels=(asked,), value=_shown(value)))
    else:
        found.values[asked.path] = value


def _rows(found: Understood, table: Field, value: Any, place: str) -> None:
    if not isinstance(value, list):
        found.wrong(Fault("list", place, labels=(table,), value=_shown(value)))
        return
    if len(value) > MOST_ROWS:
        found.wrong(Fault("rows", pointer(place, MOST_ROWS), labels=(table,)))
    columns = {c.path: c for c in table.columns}
    taken = []
    for at, row in enumerate(value[:MOST_ROWS]):
        here = pointer(place, at)
        if not isinstance(row, dict):
            fault = Fault("object", here, labels=(table,), row=at + 1, value=_shown(row))
            found.wrong(fault)
            continue
        data = {}
        for name, cell in row.items():
            column = columns.get(name)
            where = pointer(here, name)
            if cell in values.EMPTY:
                continue
            if column is None:
                fault = Fault("unknown", where, labels=(table,), row=at + 1, value=_shown(cell))
                found.wrong(fault)
            elif not column.asked:
                found.filled.append(where)
            elif code := values.wrong(column, cell):
                labels = (table, column)
                fault = Fault(code, where, labels=labels, row=at + 1, value=_shown(cell))
                found.wrong(fault)
            else:
                data[name] = cell
        if data:
            taken.append(data)
    if taken:
        found.rows[table.path] = taken
