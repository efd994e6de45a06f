"""What events saw: digests of the rows that they speak of, so that a row changed behind the log's
back does not pass.

An event's `data["witness"]` holds {"<kind>:<id>": SHA-256} of rows as they stood when it was
written. Of each row the newest event counts. Apps say what makes up a row of theirs (`register`):
facts that are written by commands only, since each of them records an event.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

WITNESS = "witness"  # the key in an event's data

Facts = Callable[[list[str]], Mapping[str, Any]]
_kinds: dict[str, Facts] = {}


def register(kind: str, facts: Facts) -> None:
    """`facts(ids) -> {id: JSON}` reads rows of `kind` from the database, in a fixed number of
    queries; a row that is gone is left out. Call it in AppConfig.ready(); usable twice."""
    _kinds[kind] = facts


def digests(keys: Iterable[str]) -> dict[str, str]:
    """The digest of each row "<kind>:<id>" as the database has it now; "" for one that is gone.
    Raises KeyError for a kind that nobody registered."""
    wanted: dict[str, list[str]] = {}
    for key in keys:
        kind, _, pk = key.partition(":")
        wanted.setdefault(kind, []).append(pk)
    found: dict[str, str] = {}
    for kind, ids in wanted.items():
        facts = _kinds[kind](ids)
        found |= {f"{kind}:{pk}": _digest(facts[pk]) if pk in facts else "" for pk in ids}
    return found


def knows(key: str) -> bool:
    """Whether somebody registered the kind of "<kind>:<id>"."""
    return key.partition(":")[0] in _kinds


def _digest(facts: Any) -> str:
    # Both sides read from the database, so a number or a date is written the same way each time.
    text = json.dumps(
        facts, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
