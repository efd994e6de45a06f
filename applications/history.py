"""A case's events as a history in plain words.

Each command has one line in SENTENCES with its audience: what only staff may read never reaches
the applicant's side. A test fails when a command has no line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.models import User
from portal.events.models import Event

BOTH, STAFF = "both", "staff"

SENTENCES: dict[str, tuple[str, Any]] = {
    "create": (BOTH, _("began the application")),
    "save_section": (BOTH, _("edited the form")),
    "save_row": (BOTH, _("edited a row of a table")),
    "delete_row": (BOTH, _("removed rows from a table")),
    "import_rows": (BOTH, _("imported rows into a table")),
    "attach": (BOTH, _("added an attachment")),
    "detach": (BOTH, _("removed an attachment")),
    "invite_colleague": (BOTH, _("gave a colleague access to the application")),
    "remove_colleague": (BOTH, _("ended a colleague's access to the application")),
    "change_colleague": (BOTH, _("changed what a colleague may do")),
    "invite_by_mail": (BOTH, _("invited somebody by mail to work on the application")),
    "revoke_invitation": (BOTH, _("revoked an invitation")),
    "accept_invitation": (BOTH, _("accepted the invitation to work on the application")),
    "decline_invitation": (BOTH, _("declined the invitation to work on the application")),
    "propose_handover": (BOTH, _("offered the application to a colleague")),
    "withdraw_handover": (BOTH, _("took the offer of the application back")),
    "accept_handover": (BOTH, _("took the application over from a colleague")),
    "decline_handover": (BOTH, _("did not take the application over")),
    "ask_confidentiality": (BOTH, _("asked people with access to confirm confidentiality")),
    "confirm_confidentiality": (BOTH, _("confirmed the duty of confidentiality")),
    "take_over": (BOTH, _("gave the application to another person: who had it has left")),
    "take_supplement": (BOTH, _("took in a supplement of the application")),
    "follow_merge": (BOTH, _("moved the case along: its institution was merged into another")),
    "choose_institution": (BOTH, _("said which institution applies")),
    "submit": (BOTH, _("submitted the application")),
    "answer_point": (BOTH, _("answered a point")),
    "resubmit": (BOTH, _("submitted the application again")),
    "withdraw": (BOTH, _("withdrew the application")),
    "send_message": (BOTH, _("sent a message")),
    "close": (BOTH, _("closed the conversation")),
    "reopen": (BOTH, _("opened the conversation again")),
    "keep_reference": (BOTH, _("kept a reference of another portal or authority")),
    "confirm_specification": (BOTH, _("confirmed the specification")),
    "question_specification": (BOTH, _("did not confirm the specification, and said why")),
    "send_specification": (BOTH, _("sent a specification to be confirmed")),
    "recall_specification": (BOTH, _("took the specification back")),
    "assign": (STAFF, _("changed who handles the case")),
    "declare_interest": (STAFF, _("declared an interest in the case")),
    "set_label": (STAFF, _("changed where the case stands in its handling")),
    "add_note": (STAFF, _("wrote an internal note")),
    "return": (BOTH, _("sent the application back as incomplete")),
    "start_assessment": (BOTH, _("found the application complete and began the assessment")),
    "save_checklist": (STAFF, _("worked on the checklist")),
    "record_step": (STAFF, _("recorded a step of the handling")),
    "ask_review": (STAFF, _("asked for a review")),
    "answer_review": (STAFF, _("answered a review")),
    "draft_decision": (STAFF, _("worked on the draft decision")),
    "send_for_approval": (STAFF, _("sent the draft decision for approval")),
    "recall": (STAFF, _("took the draft decision back")),
    "send_back": (STAFF, _("sent the draft decision back")),
    "approve": (STAFF, _("approved the decision")),
    "accept": (BOTH, _("accepted the decision and its conditions for the recipient")),
    "attachment_checked": (BOTH, _("checked an attachment")),
    "ask_catalogue": (BOTH, _("filled in what a new catalogue says of the variables")),
    "record_check": (STAFF, _("ran the completeness checks")),
    "run_checks": (STAFF, _("ran the checks again")),
    "submission_rendered": (BOTH, _("made the frozen copy of what was submitted")),
    "letter_signed": (BOTH, _("signed the decision letter and sent it")),
    "acceptance_signed": (BOTH, _("added the acceptance to the letter")),
}
# What people give who need be neither colleagues nor staff: they are named to both sides.
NAMED = frozenset({"accept", "take_over", "decline_invitation", "confirm_confidentiality"})
# Many of these in a row, by one person, are one line of the history.
FOLDED = frozenset(
    {"save_section", "save_row", "delete_row", "draft_decision", "save_checklist", "answer_point"}
)


@dataclass
class Line:
    """One line of a history: when (aware, UTC), who in words, what in words."""

    at: datetime
    who: str
    what: str
    command: str
    times: int = 1
    data: dict | None = None


def events(application: Application, most: int) -> list[Event]:
    """The newest events of the case, enough for `most` lines."""
    stream = f"application:{application.pk}"
    return list(Event.objects.filter(stream=stream).order_by("-sequence")[: most * 3])


def people_of(found: Iterable[Event]) -> set[str]:
    """The ids of the people who acted."""
    return {e.actor.removeprefix("user:") for e in found if e.actor.startswith("user:")}


def lines(
    application: Application,
    staff: bool,
    most: int = 200,
    found: list[Event] | None = None,
    people: Iterable[User] | None = None,
) -> list[Line]:
    """The newest `most` lines of the history, newest first, for one side of the case.

    On the applicant's side a person of the agency is named by the agency only. A page that has
    read the events (`found`) and the people who acted hands them on.
    """
    found = events(application, most) if found is None else found
    if people is None:
        people = User.objects.filter(pk__in=people_of(found)).only("pk", "name")
    names = {f"user:{person.pk}": person.name for person in people}
    own: set[str] = set()
    if not staff:
        colleagues = application.colleagues.values_list("user_id", flat=True)
        own = {f"user:{pk}" for pk in (application.owner_id, *colleagues)}
    told: list[Line] = []
    for event in found:
        command = event.type.partition(".")[2]
        audience, sentence = SENTENCES.get(command, (STAFF, event.type))
        if audience == STAFF and not staff:
            continue
        if event.actor.startswith("system:"):
            who = "Tilgang"
        elif not staff and event.actor not in own and command not in NAMED:
            who = application.agency
        else:
            who = names.get(event.actor, "?")
        if told and command in FOLDED and (told[-1].command, told[-1].who) == (command, who):
            told[-1].times += 1
            continue
        told.append(Line(event.at, who, str(sentence), command, data=event.data))
        if len(told) == most:
            break
    return told
