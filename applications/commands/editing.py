"""Writing the document: sections of the form, rows of its lists."""

from typing import Any

from django.db.models import Max

from applications import catalogued
from applications.commands.errors import Invalid, NotFound
from applications.commands.gate import Act, Done, handles
from applications.models import Presence, Row
from applications.selectors import copy, pick, put
from applications.selectors.facts import unnamed
from applications.selectors.unread import TYPED
from portal import days

# Where the name of a case in lists is typed; a type without it is named after itself.
TITLE = "project.title"
ROW_LIMIT = 20_000


@handles("save_section")
def save_section(act: Act) -> Done:
    """Writes single fields of a section.

    Payload: `section`; `values` {path: value}; `base` {path: value as the person had read it};
    `typed` {path: text that is no valid value}. A field that somebody else changed meanwhile is
    not overwritten: it comes back in `value["conflicts"]` as {path: {"theirs", "yours"}}.
    """
    values, base = act.payload["values"], act.payload.get("base") or {}
    asked = {f.path: f for f in act.scheme.fields(act.application.type) if f.asked}
    if unknown := [path for path in values if path not in asked or asked[path].type == "rows"]:
        raise Invalid({path: ["not a field of this form"] for path in unknown})
    answers = copy(act.application.answers)
    typed = dict(answers.get(TYPED) or {})
    changed, conflicts = [], {}
    for path, value in values.items():
        current = pick(answers, path)
        raw = (act.payload.get("typed") or {}).get(path)
        if raw is None and unnamed(act.application, asked[path], value):
            raw, value = str(value), None  # kept as it was typed, and no answer
        if value == current and raw == typed.get(path):
            continue
        if path in base:
            if value == base[path] and raw is None and path not in typed:
                continue  # this person did not touch it; somebody else did
            if current != base[path]:
                conflicts[path] = {"theirs": current, "yours": value if raw is None else raw}
                continue
        if value != current:
            _in_bounds(asked[path], path, value)
        put(answers, path, value)
        typed.pop(path, None)
        if raw is not None:
            typed[path] = raw
        changed.append(path)
    _present(act)
    value = {"conflicts": conflicts, "changed": changed}
    if not changed:
        return Done(nothing=True, value=value)
    if typed:
        answers[TYPED] = typed
    else:
        answers.pop(TYPED, None)
    act.application.answers = answers
    if any(field.path == TITLE for field in act.scheme.fields(act.application.type)):
        act.application.title = str(pick(answers, TITLE) or "")[:300]
    data = {"section": act.payload.get("section", ""), "fields": sorted(changed)}
    return Done(data, content=True, value=value)


def _in_bounds(field: Any, path: str, value: Any) -> None:
    """Raises Invalid for a day that is none, or that lies outside the bounds of days."""
    if field.type == "date" and value not in (None, "") and not days.good_iso(value):
        raise Invalid({path: [str(days.BETWEEN)]})


def _present(act: Act) -> None:
    Presence.objects.update_or_create(
        application=act.application,
        user=act.by.user,
        defaults={"section": act.payload.get("section", ""), "seen_at": act.now},
    )


def _list(act: Act) -> Any:
    """The rows field that the payload names, or Invalid."""
    path = act.payload["list"]
    for found in act.scheme.fields(act.application.type):
        if found.path == path and found.type == "rows" and found.asked:
            return found
    raise Invalid({"list": ["not a list of this form"]})


def _only_columns(found: Any, data: dict) -> dict:
    known = {column.path: column for column in found.columns if column.asked}
    if unknown := set(data) - set(known):
        raise Invalid({name: ["not a column of this list"] for name in unknown})
    for name, value in data.items():
        _in_bounds(known[name], name, value)
    return {name: value for name, value in data.items() if value not in (None, "", [])}


@handles("save_row")
def save_row(act: Act) -> Done:
    """Adds or changes one row. Payload: `list`, `id` (None for a new one), `data`, `version`.

    A row that changed since `version` comes back in `value["conflict"]` with both contents.
    """
    found = _list(act)
    typed = _only_columns(found, act.payload["data"])
    data = catalogued.told(act.application.agency, found, [typed])[0] if typed else typed
    rows = Row.objects.filter(application=act.application, list_path=found.path)
    _present(act)
    if act.payload.get("id") is None:
        if not data:
            return Done(nothing=True, value={"row": None})
        if rows.count() >= ROW_LIMIT:
            raise Invalid({"": [f"at most {ROW_LIMIT} rows"]})
        last = rows.aggregate(last=Max("position"))["last"]
        new = Row.objects.create(
            application=act.application,
            list_path=found.path,
            position=0 if last is None else last + 1,
            data=data,
        )
        return Done({"list": found.path, "row": new.pk}, content=True, value={"row": new})
    row = rows.filter(pk=act.payload["id"]).first()
    if row is None:
        raise NotFound
    if row.data == data:
        return Done(nothing=True, value={"row": row})
    expected = act.payload.get("version")
    if expected is not None and int(expected) != row.version:
        conflict = {"theirs": row.data, "yours": data}
        return Done(nothing=True, value={"row": row, "conflict": conflict})
    row.data = data
    row.version += 1
    row.save()
    return Done({"list": found.path, "row": row.pk}, content=True, value={"row": row})


@handles("delete_row")
def delete_row(act: Act) -> Done:
    """Deletes rows. Payload: `list`, `ids`. Rows that are gone already are no error."""
    found = _list(act)
    rows = Row.objects.filter(
        application=act.application, list_path=found.path, pk__in=act.payload["ids"]
    )
    count, _ = rows.delete()
    return Done({"list": found.path, "rows": count}, content=True, nothing=not count)


@handles("import_rows")
def import_rows(act: Act) -> Done:
    """Adds or replaces many rows at once. Payload: `list`, `rows`, `replace`."""
    found = _list(act)
    rows = Row.objects.filter(application=act.application, list_path=found.path)
    if act.payload.get("replace"):
        rows.delete()
    last = rows.aggregate(last=Max("position"))["last"]
    start = 0 if last is None else last + 1
    new = [data for r in act.payload["rows"] if (data := _only_columns(found, r))]
    new = catalogued.told(act.application.agency, found, new)
    if start + len(new) > ROW_LIMIT:
        raise Invalid({"": [f"at most {ROW_LIMIT} rows"]})
    Row.objects.bulk_create(
        [
            Row(application=act.application, list_path=found.path, position=at, data=data)
            for at, data in enumerate(new, start)
        ],
        batch_size=1000,
    )
    data = {"list": found.path, "rows": len(new), "replaced": bool(act.payload.get("replace"))}
    return Done(data, content=True, nothing=not new and not act.payload.get("replace"))


@handles("ask_catalogue")
def ask_catalogue(act: Act) -> Done:
    """The worker: brings what the catalogue says of a draft's rows up to its newest edition."""
    changed = 0
    for table in act.scheme.fields(act.application.type):
        if table.catalogue:
            changed += refresh(act.application, table)
    return Done({"rows": changed}, content=True, nothing=not changed, value=changed)


def refresh(application: Any, table: Any) -> int:
    """Asks the catalogue of all rows of the list `table` again; how many it says else of."""
    rows = list(Row.objects.filter(application=application, list_path=table.path))
    told = catalogued.told(application.agency, table, [row.data for row in rows])
    other = []
    for row, data in zip(rows, told, strict=True):
        if row.data != data:
            row.data = data
            other.append(row)
    # The version stays: nobody who has the row open has to settle anything with the catalogue.
    Row.objects.bulk_update(other, ["data"], batch_size=500)
    return len(other)
