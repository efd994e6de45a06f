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
# Where the agency still gathers what it decides on.
IN_HAND = (State.SUBMITTED, State.ASSESSMENT, State.SPECIFICATION)
# Where a case can be supplemented: with the agency, and nothing waits for an answer of the applicant.
SUPPLEMENTED = (State.SUBMITTED, State.ASSESSMENT)
EDITABLE_STATES = (State.DRAFT, State.RETURNED)
# Cases that people still come to: not yet decided, or decided and in force.
LIVE_STATES = tuple(s for s in State if s not in ENDED_STATES)
# Sent, and about access that may come or is there.
ACCESS_STATES = tuple(s for s in LIVE_STATES if s is not State.DRAFT)


class Role(StrEnum):
    """What a person is to one case."""

    OWNER = "owner"
    SUBMITTER = "submitter"  # an editor who may also send the application
    EDITOR = "editor"
    VIEWER = "viewer"
    INSTITUTION_ADMIN = "institution_admin"
    SIGNATORY = "signatory"
    INVITED = "invited"  # opened the link of an open invitation that was sent to their address
    LISTED = "listed"  # opened the link sent to their address in the list of who gets access
    CASE_OFFICER = "case_officer"
    REVIEWER = "reviewer"
    LAWYER = "lawyer"
    DECISION_MAKER = "decision_maker"
    AGENCY_ADMIN = "agency_admin"
    AUDITOR = "auditor"
    SYSTEM = "system"


APPLICANT_ROLES = frozenset(
    {
        Role.OWNER,
        Role.SUBMITTER,
        Role.EDITOR,
        Role.VIEWER,
        Role.INSTITUTION_ADMIN,
        Role.SIGNATORY,
    }
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


# What the secret of a link makes somebody, besides what they are (applications.links).
LINK_ROLES = frozenset({Role.INVITED, Role.LISTED})


class ColleagueRole(StrEnum):
    """What a colleague may do. Who submits also edits."""

    VIEWER = "viewer"
    EDITOR = "editor"
    SUBMITTER = "submitter"


WRITING_ROLES = (ColleagueRole.EDITOR, ColleagueRole.SUBMITTER)


class ColleagueBasis(StrEnum):
    """By what somebody is a colleague: it says whether leaving the institution ends it."""

    MEMBER = "member"
    INVITATION = "invitation"  # invited by name, while not a member of the institution


class ScanStatus(StrEnum):
    """What the worker has found out about an attachment. Only `clean` may be downloaded."""

    WAITING = "waiting"  # not looked at yet
    UNSCANNED = "unscanned"  # looked at; no scanner answered
    CLEAN = "clean"
    REFUSED = "refused"  # wrong type, does not open, malware: `refusal` says which
