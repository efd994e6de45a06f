"""Reads a draft and asks `readiness` what it lacks."""

from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.commands import Act, Invalid
from applications.commands import checks as checking
from applications.completeness import Severity
from applications.models import ChecklistAnswer, Review, Submission
from applications.schemes import Scheme
from applications.selectors import checks, pick, unchecked
from decisions import composing, readiness, terms
from decisions.enums import Outcome
from decisions.letters.content import LetterContent
from decisions.models import Decision
from decisions.readiness import NAMES_SHOWN
from decisions.selectors import draft as drafts
from decisions.selectors.in_force import changed_decision
from portal import clock

PENDING = gettext_lazy(
    "The checks are run with what is known today; with so many rows this takes a while. Try again"
    " when the page says that they have run. What you wrote is saved."
)


def gaps(
    decision: Decision, scheme: Scheme, at: datetime, language: str, print_check: bool = True
) -> list[readiness.Gap]:
    """Everything that `decision` lacks, in the reader's `language` where the scheme speaks.

    `print_check` composes the whole letter and looks at every character of it: for the command
    and for a page that was asked for, not for each keystroke.
    """
    counted = drafts.counts(decision)
    unreasoned = decision.variables.filter(granted=False, reason="")
    names = list(unreasoned.values_list("name", flat=True)[:NAMES_SHOWN])
    assessed = set(
        ChecklistAnswer.objects.filter(
            application=decision.application_id, assessed=True
        ).values_list("item", flat=True)
    )
    application, document = decision.application, decision.submission.document
    known = terms.catalogue(scheme)
    latest = application.submissions.order_by("-sequence").values_list("pk", flat=True).first()
    facts = readiness.Facts(
        outcome=decision.outcome,
        reasons=decision.reasons,
        deletion_date=decision.deletion_date,
        today=clock.today(scheme.timezone),
        rows=counted["all"],
        undecided=counted["undecided"],
        refused=counted["refused"],
        limited=counted["limited"] - counted["kept_limits"],
        kept_limits=counted["kept_limits"],
        unreasoned=counted["unreasoned"],
        unreasoned_names=names,
        terms=[
            readiness.Term(
                number=row.number,
                name=row.catalogue_id or str(row.number),
                open=terms.open_labels(decision, known.get(row.catalogue_id), row, language),
                dropped=row.dropped,
                added=row.added,
                reason=row.reason,
            )
            for row in decision.conditions.all()
        ],
        unassessed=[
            item.label(language)
            for item in scheme.checklist
            if item.id not in assessed and item.shown(document)
        ],
        open_reviews=Review.objects.filter(
            application=decision.application_id, answered_at__isnull=True
        ).count(),
        outdated=latest != decision.submission_id
        or (about_data(decision, scheme) and not counted["all"])
        or _changes_another(decision),
        unchecked=[name for name, _status in unchecked.sent(decision.submission)],
        project_end=composing.day_of(pick(document, "project.end")),
        access=about_data(decision, scheme),
        not_finished=not_finished(decision.submission),
        stops=stops(decision.submission, scheme, language),
        valid_until=decision.valid_until,
        unprintable=(unprintable(composing.compose(decision, scheme, at)) if print_check else ()),
    )
    return readiness.gaps(facts)


def _changes_another(decision: Decision) -> bool:
    """Whether another decision is in force by now than the one that the draft changes."""
    found = changed_decision(decision.application)
    return (found.pk if found else None) != decision.changes_id


def not_finished(submission: Submission) -> str:
    """Why it is not known what the checks find, and what to do; "" once they are finished."""
    checked = checks.of(submission)
    if checked.is_finished:
        return ""
    return f"{checks.sentence(checked)} " + _(
        "Nothing is sent or approved before they have. What you wrote is saved."
    )


def stops(submission: Submission, scheme: Scheme, language: str) -> list[str]:
    """What the newest finished check found that stops a submission, in words."""
    run = checks.finished(submission)
    found = run.findings.all() if run else ()
    return [
        scheme.message(f.rule_id, language, f.open) for f in found if f.severity == Severity.BLOCK
    ]


def renewed(act: Act, decision: Decision, reason: str) -> None:
    """Has the checks of the decision's submission run with what is known today.

    Raises Unchecked with words for the person when the worker has to do it.
    """
    try:
        checking.today(act, decision.submission, reason)
    except checking.Unchecked as pending:
        pending.errors = {checking.NEEDED: [str(PENDING)]}
        raise


def refuse_stopped(act: Act, decision: Decision, reason: str, first: str) -> None:
    """Raises Invalid when the check of today stops what gives something; `first` begins it."""
    found = stops(decision.submission, act.scheme, get_language() or "en")
    if found:
        told = [f"{first} {text}" for text in found]
        raise left_behind(act, Invalid({checking.NEEDED: told}), reason)


def left_behind(act: Act, refused: Invalid, reason: str) -> Invalid:
    """A refusal undoes the run that it follows from: it is made again, for the pages to show."""
    refused.after = checking.again(act, reason)
    return refused


def unprintable(content: LetterContent) -> list[tuple[str, str, str]]:
    """Characters that the letter cannot show: (character, place on the page, where in words)."""
    from decisions.letters import rendering

    return [
        (found.character, *composing.place_of(found.where))
        for found in rendering.unprintable(content)
    ]


def about_data(decision: Decision, scheme: Scheme) -> bool:
    """Whether what is asked for is access to data, and not an approval, for one."""
    kind = scheme.type(decision.application.type)
    return kind is None or kind.access


def gives_access(decision: Decision, scheme: Scheme) -> bool:
    """Whether the outcome gives access to data, wholly or in part."""
    granted = bool(decision.outcome) and Outcome(decision.outcome).gives_access
    return granted and about_data(decision, scheme)
