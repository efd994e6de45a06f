"""Outcomes and steps of a decision in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.schemes import Scheme
from decisions.enums import Outcome, Status

# To an officer: what follows from choosing it.
CHOICES: dict[Outcome, Promise] = {
    Outcome.GRANTED: _(
        "Access to everything applied for, on conditions. The recipient must accept them."
    ),
    Outcome.PARTLY: _(
        "Access to some of it. Every variable that is refused or limited needs its reason."
    ),
    Outcome.REFUSED: _("The application was assessed, and the conditions for access are not met."),
    Outcome.DISMISSED: _(
        "Not assessed in substance: not for this agency, or not what is decided here."
    ),
}

# To the applicant: what the outcome means for them, in one or two sentences.
MEANINGS: dict[Outcome, Promise] = {
    Outcome.GRANTED: _("You get access to the data you applied for, on the conditions below."),
    Outcome.PARTLY: _(
        "You get access to some of the data you applied for, on the conditions below. The letter"
        " says which, and why not the rest."
    ),
    Outcome.REFUSED: _("You do not get access to the data. The letter says why."),
    Outcome.DISMISSED: _(
        "The agency has not assessed the substance of the application. The letter says why."
    ),
}

# The same of something else than data: an approval, for one. It is whole or not at all.
APPROVAL_CHOICES: dict[Outcome, Promise] = {
    Outcome.GRANTED: _("What is applied for is granted, from the day of the decision."),
    Outcome.REFUSED: _("The application was assessed, and the conditions are not met."),
    Outcome.DISMISSED: CHOICES[Outcome.DISMISSED],
}
APPROVAL_MEANINGS: dict[Outcome, Promise] = {
    Outcome.GRANTED: _("You get what you applied for. The letter says from when and how long."),
    Outcome.REFUSED: _("You do not get what you applied for. The letter says why."),
    Outcome.DISMISSED: MEANINGS[Outcome.DISMISSED],
}


def choices(data: bool) -> dict[Outcome, Promise]:
    """The outcomes an officer can choose, with what follows; `data`: access to data is asked for."""
    return CHOICES if data else APPROVAL_CHOICES


def meanings(data: bool) -> dict[Outcome, Promise]:
    """What an outcome means for the applicant; `data` as in `choices`."""
    return MEANINGS if data else APPROVAL_MEANINGS


STATUSES: dict[Status, Promise] = {
    Status.DRAFT: _("Draft"),
    Status.FOR_APPROVAL: _("With the decision makers"),
    Status.APPROVED: _("Approved, to be signed"),
    Status.DELIVERED: _("Signed and delivered"),
    Status.ACCEPTED: _("Accepted"),
    Status.SUPERSEDED: _("Replaced by a later decision"),
    Status.LAPSED: _("Not decided: the case is over"),
}


def outcome_label(scheme: Scheme, outcome: str, language: str) -> str:
    """The outcome as the agency calls it; empty while none is chosen."""
    return scheme.outcomes[outcome](language) if outcome else ""
