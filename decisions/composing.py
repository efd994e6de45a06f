"""From a draft to the letter's content, complete and frozen.

What is frozen when a draft is sent is what the decision maker reads; `finish` adds who decides,
when, and until when to accept, and nothing else. So what is approved is what is signed.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from applications.schemes import Scheme
from applications.selectors import pick
from decisions import terms
from decisions.enums import Outcome
from decisions.letters.content import (
    Changed,
    Condition,
    ContentError,
    LegalReference,
    LetterContent,
    Person,
    Project,
    Recipient,
    VariableDecision,
    VariableOutcome,
)
from decisions.letters.letterhead import letterhead
from decisions.letters.texts import Texts
from decisions.models import Decision, DecisionVariable
from decisions.rows import Kind
from institutions import selectors as institutions
from portal import clock
from portal.links import absolute

PARAGRAPHS = re.compile(r"\n\s*\n")


def compose(decision: Decision, scheme: Scheme, at: datetime) -> LetterContent:
    """The letter as it stands in the draft. Raises ContentError when it cannot be one yet.

    Without a chosen outcome it is composed as a dismissal, so that the rest can be looked at.
    """
    application = decision.application
    document = decision.submission.document
    language = decision.language
    outcome = Outcome(decision.outcome or Outcome.DISMISSED)
    kind = scheme.type(application.type)
    data, letters = kind is None or kind.access, scheme.letters_of(application.type)
    access = data and outcome.gives_access
    granted = outcome.gives_access and not data
    local = at.astimezone(ZoneInfo(scheme.timezone)).date()
    return LetterContent(
        letter_id=decision.letter_id,
        case_number=str(application.number),
        language=language,
        outcome=outcome,
        decided_at=at,
        agency=letterhead(scheme, language),
        recipient=_recipient(application, document, language),
        project=_project(application, document, scheme),
        reasons=paragraphs(decision.reasons),
        decision_maker=Person(name=""),
        drafter=Person(name=decision.drafted_by.name),
        verify_url=absolute("letters:verify"),
        variables=tuple(_variables(decision, scheme)) if access else (),
        conditions=tuple(_conditions(decision, scheme)) if access else (),
        deletion_date=decision.deletion_date if access else None,
        legal_references=tuple(
            LegalReference(text=text, url=url) for text, url in letters.legal(outcome, language)
        ),
        acceptance=tuple(letters.paragraphs("acceptance", language)) if access else (),
        breach=tuple(letters.paragraphs("breach", language)) if access else (),
        appeal=tuple(letters.paragraphs("appeal", language)),
        wording={key: text(language) for key, text in letters.wording.items()},
        specimen=settings.DEMO,
        access=data,
        valid_from=local if granted else None,
        valid_until=decision.valid_until if granted else None,
        changed=_changed(decision, scheme) if data else None,
    )


def _changed(decision: Decision, scheme: Scheme) -> Changed | None:
    """The decision that the application asked to have changed."""
    before = decision.changes
    if before is None or before.approved_at is None:
        return None
    return Changed(
        letter_id=before.letter_id,
        case_number=str(before.application.number),
        decided_on=before.approved_at.astimezone(ZoneInfo(scheme.timezone)).date(),
        deletion_date=before.deletion_date,
    )


def as_it_stands(decision: Decision, scheme: Scheme) -> LetterContent:
    """What was frozen when the draft was sent, else the draft as it is now."""
    if decision.content:
        return thaw(decision)
    return compose(decision, scheme, clock.now())


def digest(content: LetterContent) -> str:
    """SHA-256 of the content as it will be embedded in the letter."""
    return hashlib.sha256(content.to_json()).hexdigest()


def thaw(decision: Decision) -> LetterContent:
    """The frozen content of a decision that was sent. Raises ValueError when it has none."""
    return LetterContent.from_json(json.dumps(decision.content))


def freeze(content: LetterContent) -> dict[str, Any]:
    """The content as the database keeps it."""
    frozen: dict[str, Any] = json.loads(content.to_json())
    return frozen


def finish(
    content: LetterContent, deadlines: Mapping[str, int], name: str, title: str, at: datetime
) -> LetterContent:
    """The approved letter: `content` with who decides (`name`, `title`), when (`at`), the day until
    which the recipient can accept, and the day from which an approval holds. Nothing else may
    differ. Raises ContentError for what nobody has decided on.

    `deadlines`: days, as they were when the application began (`acceptance`; none: no last day).
    """
    if any(row.outcome == VariableOutcome.UNDECIDED for row in content.variables):
        raise ContentError("a variable is not decided on")
    due, today = None, at.astimezone(ZoneInfo(content.agency.zone)).date()
    if content.gives_access and (days := deadlines.get("acceptance")):
        due = today + timedelta(days=days)
    return content.replace(
        decision_maker=Person(name=name, title=title),
        decided_at=at,
        acceptance_due=due,
        valid_from=today if content.valid_from else None,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """A text typed by a person, cut at empty lines."""
    return tuple(part.strip() for part in PARAGRAPHS.split(text) if part.strip())


def _recipient(application: Application, document: dict, language: str) -> Recipient:
    institution = application.institution
    signatories = list(institutions.signatories(institution)[:1]) if institution else []
    people = [
        _of(document, "responsible.person.name"),
        _of(document, "researcher.name"),
        _of(document, "contact.name"),
    ]
    applicants = tuple(dict.fromkeys(p for p in people if p)) or (application.owner.name,)
    return Recipient(
        institution=institution.name_in(language) if institution else applicants[0],
        organisation_number=institution.org_number if institution else "",
        signatory=signatories[0].name if signatories else "",
        applicants=applicants,
    )


def _project(application: Application, document: dict, scheme: Scheme) -> Project:
    received = None
    if application.submitted_at:
        received = application.submitted_at.astimezone(ZoneInfo(scheme.timezone)).date()
    return Project(
        title=_of(document, "project.title") or application.sent_title,
        purpose=_of(document, "purpose.text") or _of(document, "project.purpose"),
        received_on=received,
        ends_on=day_of(pick(document, "project.end")),
    )


def _of(document: dict, path: str) -> str:
    value = pick(document, path)
    return value.strip() if isinstance(value, str) else ""


def day_of(value: Any) -> date | None:
    """A date of the document (ISO text), or None for what is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _variables(decision: Decision, scheme: Scheme) -> Iterable[VariableDecision]:
    agency = scheme.name(decision.language)
    texts = Texts(decision.language)

    def named(kind: str, name: str) -> str:
        return texts.fill(f"variables_{kind}", name=name) if kind != Kind.ROW else name

    columns = ("kind", "source", "name", "years", "granted", "reason")
    told = ("earlier_same", "earlier__granted", "earlier__years")
    for row in decision.variables.values_list(*columns, *told):
        kind, source, name, years, granted, reason, *beside = row
        outcome = VariableOutcome.REFUSED
        if granted is None:
            outcome = VariableOutcome.UNDECIDED
        elif granted:
            outcome = VariableOutcome.PARTLY if reason else VariableOutcome.GRANTED
        yield VariableDecision(
            source=source or agency,
            name=named(kind, name),
            years=years,
            outcome=outcome,
            reason=reason,
            listed=kind == Kind.ROW,
            before=_before(*beside) if decision.changes_id else "",
        )
    for kind, source, name, years, _granted, _reason in _given_up(decision).values_list(*columns):
        yield VariableDecision(
            source=source or agency,
            name=named(kind, name),
            years=years,
            outcome=VariableOutcome.ENDED,
            listed=kind == Kind.ROW,
        )


def _before(same: bool, granted: bool | None, years: str | None) -> str:
    """What the changed decision says of a row, as VariableDecision.before has it."""
    if granted is None:
        return "new"
    if not granted:
        return "refused"
    return "same" if same else years or "other"


def _given_up(decision: Decision) -> QuerySet[DecisionVariable]:
    """What the changed decision granted and the application does not ask for any more."""
    counterparts = decision.variables.filter(earlier__isnull=False).values("earlier")
    before = DecisionVariable.objects.filter(decision=decision.changes_id, granted=True)
    return before.exclude(pk__in=counterparts).order_by("position")


def _conditions(decision: Decision, scheme: Scheme) -> Iterable[Condition]:
    known, own_words = terms.catalogue(scheme), terms.free_id(scheme)
    for row in decision.conditions.filter(dropped=False):
        text = terms.words(decision, known.get(row.catalogue_id), row)
        yield Condition(id=row.catalogue_id or own_words, text=text)


def place_of(path: str) -> tuple[str, str]:
    """Where on the draft page a field of the content is mended, and what it is called there."""
    name, _dot, _rest = path.partition(".")
    head, _bracket, number = name.partition("[")
    nth = int(number.rstrip("]")) + 1 if number else 0
    if head == "variables":
        return "variables", _("Variable %(n)d") % {"n": nth}
    if head == "conditions":
        return "conditions", _("Condition %(n)d") % {"n": nth}
    words = {
        "reasons": _("Reasons"),
        "project": _("The project in the application"),
        "recipient": _("The recipient in the application"),
        "drafter": _("The case officer's name"),
        "decision_maker": _("The decision maker's name and title"),
        "agency": _("The agency's letterhead"),
    }
    return ("reasons" if head == "reasons" else "letter"), words.get(head, head)
