"""A decision that is not made yet lapses when its case ends: nobody is asked to decide any more."""

from applications.commands.gate import AFTER, Act
from applications.enums import ENDED_STATES
from decisions.enums import UNDECIDED, Status
from decisions.models import Decision


def lapse(act: Act) -> None:
    """After each command: when it ended the case, what was drafted or sent for approval lapses."""
    if act.application.state not in ENDED_STATES:
        return
    for decision in Decision.objects.filter(application=act.application, status__in=UNDECIDED):
        decision.status = Status.LAPSED
        decision.save(update_fields=["status"])


AFTER.append(lapse)
