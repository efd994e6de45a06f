"""How a state looks: colour and icon. Never colour alone: the label always stands beside it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Colour of Designsystemet and name of an icon in static/icons.svg ("" for none)."""

    colour: str = "neutral"
    icon: str = ""


LOOKS = {
    # an application
    "draft": Look("neutral", "edit"),
    "submitted": Look("info", "mail"),
    "returned": Look("warning", "back-to"),
    "assessment": Look("info", "half"),
    "specification": Look("warning", "question"),
    "approval": Look("info", "people"),
    "signing": Look("info", "edit"),
    "acceptance": Look("warning", "question"),
    "accepted": Look("success", "done"),
    "granted": Look("success", "done"),
    "partly": Look("success", "half"),
    "refused": Look("danger", "stop"),
    "dismissed": Look("neutral", "close"),
    "withdrawn": Look("neutral", "close"),
    "closed": Look("neutral", "done"),
    # a task, an attachment, an effect, an institution, a membership
    "done": Look("success", "check"),
    "clean": Look("success", "check"),
    "active": Look("success", "check"),
    "approved": Look("success", "check"),
    "missing": Look("warning", "warning"),
    "begun": Look("info", "half"),
    "todo": Look("neutral", "circle"),
    "locked": Look("neutral", "lock"),
    "waiting": Look("info", "clock"),
    "pending": Look("info", "clock"),
    "unscanned": Look("warning", "clock"),
    "overdue": Look("danger", "clock"),
    "dead": Look("danger", "stop"),
    "ended": Look("neutral", "close"),
    # a finding
    "BLOCK": Look("danger", "stop"),
    "FLAG": Look("warning", "warning"),
    "INFO": Look("info", "info"),
}


def look(state: str) -> Look:
    """Colour and icon of a state; plain and without icon for one that is not in the table."""
    return LOOKS.get(str(state), Look())
