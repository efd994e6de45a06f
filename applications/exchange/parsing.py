"""Takes the JSON of an application apart, before any scheme is known. Pure.

Runs in the child process that opens strangers' files (`examine`), so it imports nothing of the
portal. Nothing here raises on any bytes: what is wrong is a Fault with a JSON pointer (RFC 6901), or with
line and column where the text is no JSON at all.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import IO, Any

FORMAT = "tilgang-application"
FORMAT_VERSION = 1
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
DEEPEST = 20
MOST_DIGITS = 18
# PostgreSQL keeps neither a NUL nor half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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
    labels: tuple[Any, ...] = ()
    row: int = 0
    value: str = ""


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

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Parsed":
        """What `examine` told of."""
        fault = Fault(**told["fault"]) if told["fault"] else None
        return replace(cls(**told), doubled=tuple(told["doubled"]), fault=fault)


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
    told = (shown(str(step)).replace("~", "~0").replace("/", "~1") for step in steps)
    return base + "".join(f"/{step}" for step in told)


def shown(value: Any) -> str:
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
        return Parsed(fault=Fault("object", value=shown(tree)))
    too_deep, doubled = _depth(tree)
    if too_deep:
        return Parsed(fault=Fault("deep", too_deep))
    wrapped = "document" in tree and "format" in tree
    if wrapped and (tree["format"], tree.get("formatVersion")) != (FORMAT, FORMAT_VERSION):
        return Parsed(fault=Fault("format", "/format", value=shown(tree["format"])))
    document, base = (tree["document"], "/document") if wrapped else (tree, "")
    if not isinstance(document, dict):
        return Parsed(fault=Fault("object", base, value=shown(document)))

    def said(name: str) -> str:
        found = tree.get(name) if wrapped and name in tree else document.get(name)
        return found if isinstance(found, str) and not UNSTORABLE.search(found) else ""

    return Parsed(
        document=document,
        base=base,
        agency=said("agency"),
        type=said("type"),
        language=said("language") if wrapped else "",
        follows=said("follows") if wrapped else "",
        doubled=tuple(doubled),
    )


def examine(file: IO[bytes], arguments: dict[str, Any]) -> dict[str, Any]:
    """What `parse` says of the file, as JSON (portal.files.apart)."""
    parsed = parse(file.read(MOST_BYTES + 1))
    return vars(parsed) | {"fault": parsed.fault and vars(parsed.fault)}
