"""What the events of a case have seen of its decision, and the checkpoint that follows what binds."""

from collections.abc import Iterable
from typing import Any

from applications.commands.gate import AFTER, HANDLERS, WITNESSES, Act, Done
from decisions.models import (
    Acceptance,
    Decision,
    DecisionCondition,
    DecisionVariable,
    LetterAnnex,
    LetterRevision,
)
from portal.events import witness
from portal.events.outbox import queue

# A decision is approved, goes out, or is accepted: the log is signed within moments.
SIGNED_AFTER = frozenset({"approve", "letter_signed", "acceptance_signed"})


def rows(act: Act, done: Done) -> Iterable[str]:
    """The gate's hook: the decision, after each command of this app."""
    if HANDLERS[act.command].__module__.startswith("decisions."):
        value = done.value
        yield f"decision:{value.pk if isinstance(value, Decision) else value.decision_id}"


def sign_the_log(act: Act) -> None:
    """The gate's hook."""
    if act.command in SIGNED_AFTER:
        queue("events.checkpoint", {}, f"{act.application.pk}:{act.application.version}")


PARTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "rows": (DecisionVariable, ("position", "data", "kind", "granted", "reason")),
    "conditions": (
        DecisionCondition,
        ("number", "catalogue_id", "text", "values", "added", "dropped", "reason"),
    ),
    "letters": (LetterRevision, ("revision", "sha256", "issued_at", "receipt_sha256")),
    "annexes": (LetterAnnex, ("number", "filename", "first", "last", "sha256")),
    "acceptance": (
        Acceptance,
        ("user", "name", "title", "authority", "institution", "letter_sha256", "accepted_at"),
    ),
}
COLUMNS = (
    "sequence",
    "letter_id",
    "submission",
    "outcome",
    "reasons",
    "deletion_date",
    "valid_until",
    "language",
    "content",
    "sent_by",
    "sent_at",
    "sent_digest",
    "approved_by",
    "approved_at",
    "approver_title",
    "approved_digest",
    "delivered_at",
)


def _facts(ids: list[str]) -> dict[str, Any]:
    held = Decision.objects.filter(pk__in=ids).values_list("pk", *COLUMNS)
    found: dict[str, dict[str, Any]] = {
        str(pk): {"decision": values, **{part: [] for part in PARTS}} for pk, *values in held
    }
    for part, (model, columns) in PARTS.items():
        of = model.objects.filter(decision_id__in=ids).order_by("decision_id", columns[0], "pk")
        for decision_id, *values in of.values_list("decision_id", *columns):
            found[str(decision_id)][part].append(values)
    return found


def connect() -> None:
    """Registers the kind; called when the app is ready."""
    witness.register("decision", _facts)


WITNESSES.append(rows)
AFTER.append(sign_the_log)
