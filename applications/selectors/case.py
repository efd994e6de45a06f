"""A case on one page, as the officer sees it."""

from typing import Any

from applications import history
from applications.completeness import Finding as CheckFinding
from applications.completeness import Severity
from applications.models import Application, CheckRun, ReturnRound
from applications.schemes import Scheme, Section
from applications.selectors.document import live_attachments
from applications.selectors.review import (
    attachment_differences,
    differences,
    summary,
)
from applications.selectors.tasks import Shown, shown
from applications.selectors.words import moment_in_words
from portal.accounts import selectors as accounts


def latest_run(application: Application) -> CheckRun | None:
    """The newest run of the checks, with its findings."""
    return application.check_runs.prefetch_related("findings").order_by("-ran_at", "-pk").first()


def run_findings(
    run: CheckRun | None, scheme: Scheme, sections: list[Section], language: str
) -> list[Shown]:
    """The findings of a stored run in words. A rule that is retired since keeps its id."""
    if run is None:
        return []
    found = []
    for finding in run.findings.all():
        rule = scheme.rules.get(finding.rule_id)
        found.append(
            CheckFinding(
                id=finding.rule_id,
                severity=Severity(finding.severity),
                rows=tuple(finding.rows),
                fields=rule.fields if rule else (),
                source=rule.source if rule else "",
            )
        )
    return shown(found, scheme, sections, language)


def case(
    application: Application, scheme: Scheme, sections: list[Section], language: str
) -> dict[str, Any]:
    """Everything of the case page except forms: findings, document, attachments, talk, history.

    The document is the frozen one of the last submission: what the agency assesses.
    """
    submissions = list(application.submissions.select_related("submitted_by").order_by("sequence"))
    last = submissions[-1] if submissions else None
    run = latest_run(application)
    answers = {a.item: a for a in application.checklist.select_related("answered_by")}
    changes: dict[str, Any] = {}
    if last and len(submissions) > 1:
        before = submissions[-2]
        changes = {
            "fields": differences(sections, before.document, last.document, language),
            "attachments": attachment_differences(before.attachments, last.attachments),
            "from": before.sequence,
            "to": last.sequence,
        }
    rounds = (
        ReturnRound.objects.filter(application=application)
        .select_related("returned_by")
        .prefetch_related("points")
        .order_by("-sequence")
    )
    return {
        "submissions": submissions,
        "last": last,
        "submitted": moment_in_words(last.submitted_at, scheme.timezone, language) if last else "",
        "document": summary(sections, last.document, language) if last else [],
        "changes": changes,
        "run": run,
        "findings": run_findings(run, scheme, sections, language),
        "attachments": live_attachments(application),
        "notes": list(application.notes.select_related("author").order_by("-written_at")),
        "thread": list(application.messages.select_related("author")),
        "rounds": list(rounds),
        "reviews": list(
            application.reviews.select_related("reviewer", "asked_by").order_by("-asked_at")
        ),
        "checklist": [
            {
                "id": item.id,
                "label": item.label(language),
                "help": item.help(language) if item.help else "",
                "answer": answers.get(item.id),
            }
            for item in scheme.checklist
            if last is None or item.shown(last.document)
        ],
        "assessed": sum(a.assessed for a in answers.values()),
        "history": history.lines(application, staff=True, most=100),
        "officers": accounts.people_with_role(application.agency, "case_officer"),
        "reviewers": accounts.people_with_role(application.agency, "lawyer", "reviewer"),
    }
