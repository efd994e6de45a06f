"""The columns of a list as the same person explained them the last time. The only part of the
package with a database."""

import hashlib
import json
from typing import Any

from applications.imports.headings import plain
from applications.models import ColumnMeaning
from applications.schemes import Field
from portal import clock

MOST = 200  # of one person; the oldest is forgotten first


def _key(user: Any, agency: str, table: Field, cells: list[str]) -> dict[str, Any]:
    written = json.dumps([plain(cell) for cell in cells])
    digest = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
    return {"user": user, "agency": agency, "list_path": table.path, "headings": digest}


def recall(user: Any, agency: str, table: Field, cells: list[str]) -> dict[int, str]:
    """Column index -> path as `user` chose for these headings; {} when there is nothing."""
    found = ColumnMeaning.objects.filter(**_key(user, agency, table, cells)).first()
    return allowed(table, found.columns) if found else {}


def allowed(table: Field, chosen: dict[Any, str]) -> dict[int, str]:
    """Those of `chosen` that are columns of the list, each column once."""
    known = {column.path for column in table.columns if column.asked}
    if {"fromYear", "toYear"} <= known:
        known |= {"years"}
    kept: dict[int, str] = {}
    for at, path in chosen.items():
        if path in known and path not in kept.values():
            kept[int(at)] = path
    return kept


def remember(
    user: Any, agency: str, table: Field, cells: list[str], chosen: dict[int, str], usual: bool
) -> None:
    """Keeps what `user` chose for these headings. `usual` says that we would have guessed it
    ourselves: then nothing is kept, and a guess that becomes better is not stood in the way of."""
    key = _key(user, agency, table, cells)
    if usual:
        ColumnMeaning.objects.filter(**key).delete()
        return
    values = {"columns": {str(at): path for at, path in chosen.items()}, "chosen_at": clock.now()}
    ColumnMeaning.objects.update_or_create(**key, defaults=values)
    kept = ColumnMeaning.objects.filter(user=user).order_by("-chosen_at", "-pk")
    ColumnMeaning.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[MOST:])).delete()
