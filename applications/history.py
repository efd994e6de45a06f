"""A case's events as a history in plain words.

Each command has one line in SENTENCES with its audience: what only staff may read never reaches
the applicant's side. A test fails when a command has no line.
"""

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
    "submit": (BOTH, _("submitted the application")),
    "answer_point": (BOTH, _("answered a point")),
    "resubmit": (BOTH, _("submitted the application again")),
    "withdraw": (BOTH, _("withdrew the application")),
    "send_message": (BOTH, _("sent a message")),
    "assign": (STAFF, _("changed who handles the case")),
    "declare_interest": (STAFF, _("declared an interest in the case")),
    "set_label": (STAFF, _("changed where the case stands in its handling")),
    "add_note": (STAFF, _("wrote an internal note")),
    "return": (BOTH, _("sent the application back as incomplete")),
    "start_assessment": (BOTH, _("found the application complete and began the assessment")),
    "save_checklist": (STAFF, _("worked on the checklist")),
    "ask_review": (STAFF, _("asked for a review")),
    "answer_review": (STAFF, _("answered a review")),
    "draft_decision": (STAFF, _("worked on the draft decision")),
    "send_for_approval": (STAFF, _("sent the draft decision for approval")),
    "recall": (STAFF, _("took the draft decision back")),
    "send_back": (STAFF, _("sent the draft decision back")),
    "approve": (STAFF, _("approved the decision")),
    "accept": (BOTH, _("accepted the decision and its conditions for the recipient")),
    "attachment_checked": (BOTH, _("checked an attachment")),
    "record_check": (STAFF, _("ran the completeness checks")),
    "submission_rendered": (BOTH, _("made the frozen copy of what was submitted")),
    "letter_signed": (BOTH, _("signed the decision letter and sent it")),
    "acceptance_signed": (BOTH, _("added the acceptance to the letter")),
}
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


def _names(events: list[Event]) -> dict[str, str]:
    ids = {e.actor.removeprefix("user:") for e in events if e.actor.startswith("user:")}
    return {
        f"user:{pk}": name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")
    }


def lines(application: Application, staff: bool, most: int = 200) -> list[Line]:
    """The newest `most` lines of the history, newest first, for one side of the case.

    On the applicant's side a person of the agency is named by the agency only.
    """
    stream = f"application:{application.pk}"
    events = list(Event.objects.filter(stream=stream).order_by("-sequence")[: most * 3])
    names = _names(events)
    own = {application.owner_id, *application.colleagues.values_list("user_id", flat=True)}
    own_references = {f"user:{pk}" for pk in own}
    told: list[Line] = []
    for event in events:
        command = event.type.partition(".")[2]
        audience, sentence = SENTENCES.get(command, (STAFF, event.type))
        if audience == STAFF and not staff:
            continue
        if event.actor.startswith("system:"):
            who = "Tilgang"
        elif not staff and event.actor not in own_references and command != "accept":
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
