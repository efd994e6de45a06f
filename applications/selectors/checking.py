"""The checks over a submission: exactly what was sent, with what the portal knows today.

An institution's approval, the cases it has, a file that turned out to be refused: these are of the
day on which one looks, and not of the day on which somebody sent the application.
"""

import hashlib
from copy import copy as shallow
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from applications.completeness import Finding, Severity, check
from applications.enums import ScanStatus
from applications.models import Application, Attachment, Submission
from applications.schemes import Scheme
from applications.selectors.document import known_facts, scheme_of
from applications.selectors.rules import in_force
from applications.selectors.tree import copy, put
from portal import clock
from portal.events.canonical import canonical

# With fewer rows than this the checks take a moment; with more they are the worker's.
AT_ONCE = 5_000


@dataclass(frozen=True)
class Inputs:
    """All that goes into the checks of a submission. `digest` stands for it."""

    document: dict[str, Any]
    scheme: Scheme
    today: date
    severities: dict[str, str]
    asked: bool
    digest: str

    def findings(self) -> list[Finding]:
        """What the checks find; nothing for a type that the rules are not asked of."""
        if not self.asked:
            return []
        return check(self.document, self.scheme, self.today, self.severities)


def inputs(submission: Submission) -> Inputs:
    """What the checks of `submission` would be told today. Some six queries."""
    application = submission.application
    scheme = scheme_of(application)
    today = clock.today(scheme.timezone)
    severities = in_force(application.agency)
    facts = facts_of_today(submission)
    refused = _refused(submission)
    kind = scheme.type(application.type)
    document = copy(submission.document)
    for path, value in facts.items():
        put(document, path, value)
    if refused:  # such a file counts as one that does not open
        document["attachments"] = [
            {**file, "ext": ""} if at in refused else file
            for at, file in enumerate(document["attachments"])
        ]
    told = {
        "submission": [submission.pk, submission.digest],
        "scheme": scheme.version,
        "today": today.isoformat(),
        "severities": {rule: str(severity) for rule, severity in severities.items()},
        "facts": facts,
        "refused": refused,
    }
    digest = hashlib.sha256(canonical(told)).hexdigest()
    asked = kind is None or kind.checks
    return Inputs(document, scheme, today, severities, asked, digest)


def facts_of_today(submission: Submission) -> dict[str, Any]:
    """What the portal knows today of the application as it was sent, by field path."""
    sent: Application = shallow(submission.application)
    sent.answers = submission.document  # facts can depend on an answer: the one that was sent
    return known_facts(sent)


# What institutions.selectors.facts says of an approval, when there is none.
NO_APPROVAL: dict[str, Any] = {
    "approval_source": "none",
    "approval_number": "",
    "approval_valid_until": None,
    "authorised": False,
}


def leans_on_approval(submission: Submission) -> bool:
    """Whether the rules would stop this submission if its institution were not approved."""
    given = inputs(submission)
    document = copy(given.document)
    for path, name in given.scheme.known.items():
        if name in NO_APPROVAL:
            put(document, path, NO_APPROVAL[name])
    without = replace(given, document=document).findings()
    had = {f.id for f in given.findings() if f.severity == Severity.BLOCK}
    return any(f.severity == Severity.BLOCK and f.id not in had for f in without)


def rows(submission: Submission) -> int:
    """How many rows the lists of the frozen document hold."""

    def count(value: Any) -> int:
        if isinstance(value, dict):
            return sum(count(each) for each in value.values())
        return len(value) if isinstance(value, list) else 0

    return count(submission.document)


def _refused(submission: Submission) -> list[int]:
    """Places of the files that were found refused after they were sent."""
    files = submission.attachments
    if len(files) != len(submission.document.get("attachments") or []):
        return []
    ids = [file["id"] for file in files]
    found = Attachment.objects.filter(pk__in=ids, status=ScanStatus.REFUSED)
    refused = {str(pk) for pk in found.values_list("pk", flat=True)}
    return [at for at, pk in enumerate(ids) if pk in refused]
