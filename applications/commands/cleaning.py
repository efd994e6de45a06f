"""What a person typed, cleaned before any handler sees it (portal.text)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from applications.schemes import Field
from portal.text import line, text

# Types of field in which a line end is an answer's own.
SEVERAL_LINES = frozenset({"longtext", "list"})
# Names of payloads that hold one line whatever the command.
ONE_LINE = frozenset({"reference", "email", "filename", "name", "title", "delivery_mobile", "role"})
# What the person had read, for comparing: it is as it was stored.
AS_STORED = frozenset({"base"})


def cleaned(payload: Mapping[str, Any], fields: Callable[[], Iterable[Field]]) -> dict[str, Any]:
    """The payload with every text in it cleaned: answers and rows by the type of their field, other
    texts as ones of several lines, but for those that are known to be one line.

    fields: those of the case's form; asked only when there are answers or rows.
    """
    told = {
        name: value if name in AS_STORED else each(value, line if name in ONE_LINE else text)
        for name, value in payload.items()
    }
    if (answers := told.get("values")) and isinstance(answers, dict):
        told["values"] = _by_type(answers, {f.path: f for f in fields()})
    if "list" in told and ("data" in told or "rows" in told):
        table = next((f for f in fields() if f.path == told["list"]), None)
        columns = {c.path: c for c in table.columns} if table else {}
        if isinstance(told.get("data"), dict):
            told["data"] = _by_type(told["data"], columns)
        if isinstance(told.get("rows"), list):
            told["rows"] = [_by_type(row, columns) for row in told["rows"]]
    return told


def _by_type(values: Mapping[str, Any], known: Mapping[str, Field]) -> dict[str, Any]:
    return {
        path: each(value, text if path in known and known[path].type in SEVERAL_LINES else line)
        for path, value in values.items()
    }


def each(value: Any, clean: Callable[[str], str]) -> Any:
    """Every text within the value; anything else as it is."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: each(inner, clean) for key, inner in value.items()}
    if isinstance(value, list):
        return [each(inner, clean) for inner in value]
    return value
