"""Reads of one application: the document that checks, exports and decisions speak of."""

import json
from datetime import date
from typing import Any

from applications import schemes
from applications.completeness import Finding, check
from applications.enums import ScanStatus
from applications.models import Application, Attachment, Row, Submission
from applications.schemes import Scheme
from applications.selectors import facts as facts_of_cases
from applications.selectors.facts import FACTS, fact, split
from applications.selectors.rules import in_force
from applications.selectors.tree import copy
from applications.selectors.tree import pick as pick
from applications.selectors.tree import put as put
from institutions import selectors as institutions
from portal import clock


def scheme_of(application: Application) -> Scheme:
    """The scheme in the version that the application began under."""
    return schemes.get(application.agency, application.scheme_version)


def attachment_facts(attachment: Attachment) -> dict:
    """An attachment as the document knows it. A refused file counts as one that does not open."""
    refused = attachment.status == ScanStatus.REFUSED
    return {
        "kind": attachment.kind,
        "filename": attachment.filename,
        "ext": "" if refused else attachment.ext,
        "size": attachment.size,
        "updated": attachment.updated,
    }


def document(application: Application) -> dict:
    """The whole document in the field paths of rules.md 2, with the facts the portal knows."""
    tree = {k: v for k, v in copy(application.answers).items() if not k.startswith("_")}
    tree["agency"] = application.agency
    tree["type"] = application.type
    lists: dict[str, list] = {}
    rows = Row.objects.filter(application=application).order_by("list_path", "position")
    for list_path, data in rows.values_list("list_path", "data"):
        lists.setdefault(list_path, []).append(data)
    for list_path, values in lists.items():
        put(tree, list_path, values)
    tree["attachments"] = [attachment_facts(a) for a in live_attachments(application)]
    for path, value in known_facts(application).items():
        put(tree, path, value)
    return tree


def live_attachments(application: Application) -> list[Attachment]:
    """The attachments that count now, oldest first."""
    return list(
        Attachment.objects.filter(application=application, removed_at__isnull=True).order_by(
            "uploaded_at", "id"
        )
    )


def known_facts(application: Application) -> dict[str, Any]:
    """Facts the portal knows itself, by field path: the type, the institution, its approval, and
    what `applications.selectors.facts` finds out."""
    scheme = scheme_of(application)
    facts: dict[str, Any] = {"type": application.type, "number": application.number}
    if application.institution is not None:
        day = clock.today(scheme.timezone)
        facts |= institutions.facts(application.institution, application.agency, day)
    asked = {field.path for field in scheme.fields(application.type)}
    known = {path: _plain(facts[name]) for path, name in scheme.known.items() if name in facts}
    found = {
        path: fact(application, name)
        for path, name in scheme.known.items()
        if split(name)[0] in FACTS and path in asked
    }
    unnamed = {
        f.path: None
        for f in scheme.fields(application.type)
        if f.names_from
        and facts_of_cases.unnamed(application, f, pick(application.answers, f.path))
    }
    return known | found | unnamed | facts_of_cases.of_followed(application, scheme)


def _plain(value: Any) -> Any:
    """A fact as a document holds it: days are ISO texts."""
    return value.isoformat() if isinstance(value, date) else value


def findings(application: Application, tree: dict | None = None) -> list[Finding]:
    """All findings of the document as it stands today in the agency's time zone, as severe as the
    agency has made them; none for a type of application that the rules are not asked of."""
    scheme = scheme_of(application)
    kind = scheme.type(application.type)
    if kind is not None and not kind.checks:
        return []
    tree = document(application) if tree is None else tree
    return check(tree, scheme, clock.today(scheme.timezone), in_force(application.agency))


def frozen_json(submission: Submission) -> str:
    """The frozen copy of a submission as it was digested, readable."""
    return json.dumps(submission.document, ensure_ascii=False, indent=2, sort_keys=True)
