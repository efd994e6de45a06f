"""The words of the core: states, roles, commands' names. Pure: no Django, no database."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands. Progress inside a state is a label, not a new state."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # received; completeness control
    RETURNED = "returned"  # with the applicant, as incomplete
    ASSESSMENT = "assessment"
    SPECIFICATION = "specification"  # what is to be done waits for the applicant's confirmation
    APPROVAL = "approval"  # a drafted decision lies with a decision maker
    SIGNING = "signing"  # approved; the letter is to be rendered and signed
    ACCEPTANCE = "acceptance"  # granted; the recipient has not accepted the conditions
    ACCEPTED = "accepted"
    GRANTED = "granted"  # granted, and there is nothing to accept: an approval, for one
    REFUSED = "refused"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # a conversation that came to its end without a decision


# Cases that somebody still has to do something about; the queue's partial indexes use this list.
OPEN_STATES = (
    State.SUBMITTED,
    State.RETURNED,
    State.ASSESSMENT,
    State.SPECIFICATION,
    State.APPROVAL,
    State.SIGNING,
    State.ACCEPTANCE,
)
WAITING_FOR_APPLICANT = (State.RETURNED, State.SPECIFICATION, State.ACCEPTANCE)
DECIDED_STATES = (
    State.ACCEPTANCE,
    State.ACCEPTED,
    State.GRANTED,
    State.REFUSED,
    State.DISMISSED,
)
# Cases that came to nothing or are over: they hold no place that only one may have.
ENDED_STATES = (State.WITHDRAWN, State.REFUSED, State.DISMISSED, State.CLOSED)
EDITABLE_STATES = (State.DRAFT, State.RETURNED)


class Role(StrEnum):
    """What a person is to one case."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"
    INSTITUTION_ADMIN = "institution_admin"
    SIGNATORY = "signatory"
    CASE_OFFICER = "case_officer"
    REVIEWER = "reviewer"
    LAWYER = "lawyer"
    DECISION_MAKER = "decision_maker"
    AGENCY_ADMIN = "agency_admin"
    AUDITOR = "auditor"
    SYSTEM = "system"


APPLICANT_ROLES = frozenset(
    {Role.OWNER, Role.EDITOR, Role.VIEWER, Role.INSTITUTION_ADMIN, Role.SIGNATORY}
)
STAFF_ROLES = frozenset(
    {
        Role.CASE_OFFICER,
        Role.REVIEWER,
        Role.LAWYER,
        Role.DECISION_MAKER,
        Role.AGENCY_ADMIN,
        Role.AUDITOR,
    }
)


class ScanStatus(StrEnum):
    """What the worker has found out about an attachment. Only `clean` may be downloaded."""

    WAITING = "waiting"  # not looked at yet
    UNSCANNED = "unscanned"  # looked at; no scanner answered
    CLEAN = "clean"
    REFUSED = "refused"  # wrong type, does not open, malware: `refusal` says which
