"""What the events of a case have seen of its rows: which rows, and what makes up each of them.

Only facts that commands alone write: `verify_events` compares them with the rows and tells of
every one that was changed, or taken away, past the portal.
"""

from collections.abc import Iterable
from typing import Any

from applications.commands.gate import WITNESSES, Act, Done
from applications.models import Application, Attachment, CheckRun, Finding, Submission
from portal.events import witness

# The commands that write a row of a kind and answer with it.
ANSWERS = {
    "submit": "submission",
    "resubmit": "submission",
    "submission_rendered": "submission",
    "attach": "attachment",
    "detach": "attachment",
    "attachment_checked": "attachment",
}


def rows(act: Act, done: Done) -> Iterable[str]:
    """The gate's hook: the case itself, whose version says which event was the last, the row that
    the command wrote, and the checks that it ran."""
    yield f"case:{act.application.pk}"
    if kind := ANSWERS.get(act.command):
        yield f"{kind}:{done.value.pk}"
    if act.application.submitted_at is not None:
        ran = CheckRun.objects.filter(application=act.application, ran_at=act.now)
        yield from (f"check:{pk}" for pk in ran.values_list("pk", flat=True))


def _columns(model: Any, *columns: str) -> witness.Facts:
    def facts(ids: list[str]) -> dict[str, Any]:
        found = model.objects.filter(pk__in=ids).values_list("pk", *columns)
        return {str(pk): values for pk, *values in found}

    return facts


def _checks(ids: list[str]) -> dict[str, Any]:
    runs = _columns(
        CheckRun,
        "submission",
        "reason",
        "content_version",
        "scheme_version",
        "today",
        "inputs",
        "ran_at",
    )
    found = {pk: {"run": run, "findings": []} for pk, run in runs(ids).items()}
    raised = Finding.objects.filter(run__in=[int(pk) for pk in ids]).order_by("run_id", "rule_id")
    for run_id, *finding in raised.values_list("run_id", "rule_id", "severity", "rows", "open"):
        found[str(run_id)]["findings"].append(finding)
    return found


def connect() -> None:
    """Registers the kinds; called when the app is ready."""
    witness.register(
        "case", _columns(Application, "version", "state", "number", "submitted_at", "agency")
    )
    witness.register(
        "submission",
        _columns(
            Submission,
            "sequence",
            "document",
            "digest",
            "attachments",
            "declaration",
            "submitted_by",
            "submitted_at",
            "pdf_digest",
            "annexes",
        ),
    )
    witness.register(
        "attachment",
        _columns(
            Attachment,
            "kind",
            "filename",
            "size",
            "digest",
            "status",
            "refusal",
            "removed_by",
            "removed_at",
        ),
    )
    witness.register("check", _checks)


WITNESSES.append(rows)
