"""A case on one page, as the officer sees it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from applications import history, schemes
from applications.completeness import Finding as CheckFinding
from applications.completeness import Severity
from applications.enums import ACCESS_STATES
from applications.models import Application, CheckRun, Submission
from applications.schemes import Scheme, Section
from applications.selectors import checks, confidentiality, pick, sequence
from applications.selectors.parts import parts
from applications.selectors.review import (
    attachment_differences,
    differences,
    summary,
)
from applications.selectors.tasks import Shown, shown
from applications.selectors.words import day_in_words, moment_in_words
from portal.accounts import selectors as accounts


def run_findings(
    run: CheckRun | None, scheme: Scheme, sections: list[Section], language: str
) -> list[Shown]:
    """The findings of a stored run in words. A rule that is retired since keeps its id."""
    if run is None:
        return []
    told = [(f.rule_id, f.severity, f.rows, f.open) for f in run.findings.all()]
    return _in_words(told, scheme, sections, language)


def _in_words(
    told: list[tuple[str, str, list[str], bool]],
    scheme: Scheme,
    sections: list[Section],
    language: str,
) -> list[Shown]:
    found = []
    for rule_id, severity, rows, left_open in told:
        rule = scheme.rules.get(rule_id)
        found.append(
            CheckFinding(
                id=rule_id,
                severity=Severity(severity),
                rows=tuple(rows),
                fields=rule.fields if rule else (),
                source=rule.source if rule else "",
                open=left_open,
            )
        )
    return shown(found, scheme, sections, language)


def _offices(links: list[dict[str, Any]], language: str) -> list[str]:
    """The statistical offices that a Nordic project concerns; none for other projects.

    Of the project itself an agency is told nothing else.
    """
    names = {s.agency: s.name(language) for s in schemes.all_current()}
    told = []
    for link in links:
        told += [names.get(code, code) for code in link["project_offices"]]
        if link["project_other_offices"]:
            told.append(link["project_other_offices"])
    return told


def _lost(held: dict[str, Any], scheme: Scheme, language: str) -> dict[str, str]:
    """An approval of the institution that was withdrawn, or ran out (no `reason`), in words."""
    name = scheme.approval_sources.get(held["source"])
    day = held["valid_until"]
    if held["withdrawn_at"]:
        day = held["withdrawn_at"].astimezone(ZoneInfo(scheme.timezone)).date()
    return {
        "source": name(language) if name else held["source"],
        "day": day_in_words(day, language),
        "reason": held["reason"],
    }


def _confidentiality(
    application: Application, scheme: Scheme, last: Submission | None, found: dict[str, Any]
) -> confidentiality.Told | None:
    """Who in the list that was sent has confirmed; None when nobody is asked here."""
    duty = scheme.confidentiality
    if duty is None or last is None or application.state not in ACCESS_STATES:
        return None
    confirmed = {c["email"]: c["confirmed_at"] for c in found["confirmed"]}
    asked = {a["email"]: a["sent_at"] for a in found["asked"]}
    return confidentiality.told(scheme, pick(last.document, duty.list) or [], confirmed, asked)


def case(
    application: Application,
    scheme: Scheme,
    sections: list[Section],
    language: str,
    submissions: list[Submission],
) -> dict[str, Any]:
    """Everything of the case page except forms: findings, document, attachments, talk, history.

    The document is the frozen one of the last submission, and the files are those that went with
    it: what the agency assesses. Answers to a return are there when they are sent.
    """
    last = submissions[0] if submissions else None
    found = parts(application, last)
    run = found["found"][0] if found["found"] else None
    answers = {answer["item"]: answer for answer in found["checklist"]}
    changes: dict[str, Any] = {}
    if last and len(submissions) > 1:
        before = submissions[1]
        changes = {
            "fields": differences(sections, before.document, last.document, language),
            "attachments": attachment_differences(before.attachments, last.attachments),
            "from": before.sequence,
            "to": last.sequence,
        }
    kinds = {kind.kind: kind.label(language) for kind in scheme.attachment_kinds}
    for attachment in found["attachments"]:
        attachment["kind"] = kinds.get(attachment["kind"], attachment["kind"])
    for turn in found["rounds"]:
        turn["due_on"] = date.fromisoformat(turn["due_on"])
    events = history.events(application, 100)
    people = accounts.people_and_roles(application.agency, history.people_of(events))
    checklist = [
        {
            "id": item.id,
            "label": item.label(language),
            "help": item.help(language) if item.help else "",
            "answer": answers.get(item.id),
        }
        for item in scheme.checklist
        if last is None or item.shown(last.document)
    ]
    return {
        "last": last,
        "submitted": moment_in_words(last.submitted_at, scheme.timezone, language) if last else "",
        "document": summary(sections, last.document, language) if last else [],
        "changes": changes,
        "checked": checks.told(checks.of_json(found["checks"]), scheme.timezone, language),
        "findings": _in_words(
            [(f["rule_id"], f["severity"], f["rows"], f["open"]) for f in run["findings"]]
            if run
            else [],
            scheme,
            sections,
            language,
        ),
        "attachments": found["attachments"],
        "thread": found["thread"],
        "rounds": found["rounds"],
        "handoff_references": found["references"],
        "lost": [_lost(held, scheme, language) for held in found["lost"]],
        "nordman": _offices(found["nordman"], language),
        "confidentiality": _confidentiality(application, scheme, last, found),
        "notes": found["notes"],
        "reviews": found["reviews"],
        "steps": sequence.told(application, scheme, found["steps"], language),
        "checklist": checklist,
        "assessed": sum(
            answers[i]["assessed"] for i in answers.keys() & {c["id"] for c in checklist}
        ),
        "history": history.lines(application, True, 100, events, people),
        "officers": [p for p in people if "case_officer" in p.held],
        "reviewers": [p for p in people if {"lawyer", "reviewer"} & set(p.held)],
    }
