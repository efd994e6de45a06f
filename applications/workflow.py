"""The workflow of the engine, as data: (state, command) -> next state, who, effects. Pure.

A scheme narrows this table (leaves commands out) and never widens it. `docs/permissions.md` is
written from it by `manage.py permissions`. The only reader that acts on it is
`applications.commands.execute`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from applications.enums import (
    ACCESS_STATES,
    EDITABLE_STATES,
    IN_HAND,
    LIVE_STATES,
    OPEN_STATES,
    SUPPLEMENTED,
    Role,
    State,
)

APPLICANTS = frozenset({Role.OWNER, Role.EDITOR, Role.SUBMITTER})
OWNER = frozenset({Role.OWNER})
SENDERS = frozenset({Role.OWNER, Role.SUBMITTER})
WRITERS = frozenset({Role.EDITOR, Role.SUBMITTER})
INVITED = frozenset({Role.INVITED})
OFFICER = frozenset({Role.CASE_OFFICER})
DECIDER = frozenset({Role.DECISION_MAKER})
REVIEWERS = frozenset({Role.LAWYER, Role.REVIEWER})
HANDLERS = OFFICER | DECIDER | REVIEWERS
SYSTEM = frozenset({Role.SYSTEM})

ALL_STATES = tuple(State)
SUBMITTED_STATES = tuple(s for s in State if s is not State.DRAFT)
# Where somebody still reads what is written: a closed conversation is opened again first.
TALKING_STATES = tuple(s for s in SUBMITTED_STATES if s is not State.CLOSED)

DECIDED: Mapping[str, State] = {
    "granted": State.ACCEPTANCE,
    "partly": State.ACCEPTANCE,
    "refused": State.REFUSED,
    "dismissed": State.DISMISSED,
}
SEND = "send_specification"
# The branch of what is granted without anything to accept.
OUTRIGHT = "outright"


@dataclass(frozen=True)
class Move:
    """One line of the table.

    `to` is None when the state stays, a state, or a mapping from the branch that the handler
    names (a decision's outcome) to a state. `complete`: BLOCK findings stop it. `fresh`: asks
    for a fresh sign-in. `merges`: the handler itself merges a stale version (autosave), so the
    gate does not refuse one. `only`: for cases that are "decided", or for a "conversation"
    without a decision; empty for both.
    """

    command: str
    states: tuple[State, ...]
    who: frozenset[Role]
    to: State | Mapping[str, State] | None = None
    complete: bool = False
    fresh: bool = False
    merges: bool = False
    only: str = ""


MOVES: tuple[Move, ...] = (
    # The applicant's side
    Move("save_section", EDITABLE_STATES, APPLICANTS, merges=True),
    Move("save_row", EDITABLE_STATES, APPLICANTS, merges=True),
    Move("delete_row", EDITABLE_STATES, APPLICANTS, merges=True),
    Move("import_rows", EDITABLE_STATES, APPLICANTS),
    Move("attach", EDITABLE_STATES, APPLICANTS, merges=True),
    Move("detach", EDITABLE_STATES, APPLICANTS, merges=True),
    Move("invite_colleague", LIVE_STATES, OWNER, merges=True),
    Move("change_colleague", LIVE_STATES, OWNER, merges=True),
    Move("remove_colleague", ALL_STATES, OWNER, merges=True),
    Move("invite_by_mail", LIVE_STATES, OWNER, merges=True),
    Move("revoke_invitation", ALL_STATES, OWNER, merges=True),
    Move("accept_invitation", LIVE_STATES, INVITED, merges=True),
    Move("decline_invitation", LIVE_STATES, INVITED, merges=True),
    Move("propose_handover", LIVE_STATES, OWNER, merges=True),
    Move("withdraw_handover", ALL_STATES, OWNER, merges=True),
    Move("accept_handover", LIVE_STATES, WRITERS, merges=True),
    Move("decline_handover", ALL_STATES, WRITERS, merges=True),
    Move("ask_confidentiality", ACCESS_STATES, APPLICANTS | SYSTEM, merges=True),
    Move("confirm_confidentiality", ACCESS_STATES, frozenset({Role.LISTED}), merges=True),
    Move("choose_institution", (State.DRAFT,), OWNER),
    Move("submit", (State.DRAFT,), SENDERS, to=State.SUBMITTED, complete=True),
    Move("answer_point", (State.RETURNED,), APPLICANTS, merges=True),
    Move("resubmit", (State.RETURNED,), SENDERS, to=State.SUBMITTED, complete=True),
    Move(
        "withdraw",
        (State.DRAFT, State.RETURNED, *IN_HAND, State.APPROVAL),
        OWNER,
        to=State.WITHDRAWN,
        merges=True,
    ),
    Move("send_message", TALKING_STATES, APPLICANTS | OFFICER, merges=True),
    Move("close", SUPPLEMENTED, OWNER | OFFICER, to=State.CLOSED, only="conversation"),
    Move("reopen", (State.CLOSED,), OWNER | OFFICER, to=State.SUBMITTED, only="conversation"),
    Move("keep_reference", ALL_STATES, APPLICANTS | OFFICER, merges=True),
    Move("confirm_specification", (State.SPECIFICATION,), APPLICANTS, to=State.ASSESSMENT),
    Move("question_specification", (State.SPECIFICATION,), APPLICANTS, to=State.ASSESSMENT),
    # When everybody who worked on it has left: the right of the institution, at every agency
    Move("take_over", ALL_STATES, frozenset({Role.INSTITUTION_ADMIN}), merges=True),
    # Staff
    Move("assign", OPEN_STATES, OFFICER | {Role.AGENCY_ADMIN}),
    Move("declare_interest", OPEN_STATES, HANDLERS, merges=True),
    Move("set_label", OPEN_STATES, OFFICER, merges=True),
    Move("add_note", SUBMITTED_STATES, HANDLERS, merges=True),
    Move("return", (State.SUBMITTED, State.ASSESSMENT), OFFICER, to=State.RETURNED, only="decided"),
    Move("start_assessment", (State.SUBMITTED,), OFFICER, to=State.ASSESSMENT, only="decided"),
    Move("save_checklist", IN_HAND, OFFICER, merges=True, only="decided"),
    # A step of the agency's sequence (workflow.toml `[[steps]]`) that a person says is done
    Move("record_step", (State.ASSESSMENT,), OFFICER, merges=True, only="decided"),
    Move("ask_review", IN_HAND, OFFICER, merges=True),
    Move("run_checks", OPEN_STATES, HANDLERS, merges=True),
    Move("answer_review", IN_HAND, REVIEWERS, merges=True),
    Move(
        "send_specification",
        (State.ASSESSMENT, State.SPECIFICATION),
        OFFICER,
        to=State.SPECIFICATION,
        only="decided",
    ),
    Move(
        "recall_specification",
        (State.SPECIFICATION,),
        OFFICER,
        to=State.ASSESSMENT,
        only="decided",
    ),
    Move("draft_decision", (State.ASSESSMENT,), OFFICER, only="decided"),
    Move("send_for_approval", (State.ASSESSMENT,), OFFICER, to=State.APPROVAL, only="decided"),
    Move("recall", (State.APPROVAL,), OFFICER, to=State.ASSESSMENT),
    Move("send_back", (State.APPROVAL,), DECIDER, to=State.ASSESSMENT),
    Move("approve", (State.APPROVAL,), DECIDER, to=State.SIGNING, fresh=True),
    # The recipient
    Move(
        "accept",
        (State.ACCEPTANCE,),
        frozenset({Role.SIGNATORY}),
        to=State.ACCEPTED,
        fresh=True,
    ),
    # The worker
    # When the case's institution is merged into another, by two administrators
    Move("follow_merge", ALL_STATES, SYSTEM, merges=True),
    # When a supplement of the case is sent: it becomes part of what is decided on
    Move("take_supplement", SUPPLEMENTED, SYSTEM, merges=True, only="decided"),
    Move("attachment_checked", ALL_STATES, SYSTEM, merges=True),
    Move("ask_catalogue", EDITABLE_STATES, SYSTEM, merges=True),
    Move("record_check", ALL_STATES, SYSTEM, merges=True),
    Move("submission_rendered", ALL_STATES, SYSTEM, merges=True),
    Move("letter_signed", (State.SIGNING,), SYSTEM, to={**DECIDED, OUTRIGHT: State.GRANTED}),
    Move("acceptance_signed", (State.ACCEPTED,), SYSTEM, merges=True),
)

_TABLE = {(state, move.command): move for move in MOVES for state in move.states}
COMMANDS = frozenset(move.command for move in MOVES)
# What is between an institution and its people, and among these, and that a check which failed can
# be run again: no scheme leaves it out.
ALWAYS = frozenset(
    {
        *("take_over", "invite_colleague", "change_colleague", "remove_colleague"),
        *("invite_by_mail", "revoke_invitation", "accept_invitation", "decline_invitation"),
        *("propose_handover", "withdraw_handover", "accept_handover", "decline_handover"),
        *("ask_confidentiality", "confirm_confidentiality", "follow_merge", "choose_institution"),
        "run_checks",
        "take_supplement",
    }
)


def left_without(commands: frozenset[str]) -> list[str]:
    """What a scheme that sends specifications must let people do with them, and does not."""
    answers = {m.command for m in MOVES if m.states == (State.SPECIFICATION,)}
    return sorted(answers - commands) if SEND in commands else []


def not_for(kind: str) -> frozenset[str]:
    """The commands that cases of this kind, "decided" or "conversation", never take."""
    return frozenset(m.command for m in MOVES if m.only not in ("", kind))


def reachable(commands: frozenset[str], branches: Iterable[str] = tuple(DECIDED)) -> set[State]:
    """The states that cases can come to by these commands; `branches` of what is decided."""
    found, last = {State.DRAFT}, 0
    while len(found) != last:
        last = len(found)
        for move in MOVES:
            if move.command not in commands or not found & set(move.states) or move.to is None:
                continue
            to = move.to
            found |= {to} if isinstance(to, State) else {to[b] for b in branches if b in to}
    return found


def find(state: State | str, command: str) -> Move | None:
    """The move that `command` makes from `state`, or None when the table has none."""
    return _TABLE.get((State(state), command))


def allowed(
    state: State | str, roles: Iterable[Role], narrowed: frozenset[str] = COMMANDS
) -> frozenset[str]:
    """The commands somebody with `roles` may give in `state`, of those the scheme uses."""
    held = frozenset(roles)
    return frozenset(
        command
        for (at, command), move in _TABLE.items()
        if at == State(state) and command in narrowed and move.who & held
    )


def target(move: Move, state: State | str, branch: str | None) -> State:
    """The state after `move`. A move with branches needs a known `branch`: else KeyError."""
    if move.to is None:
        return State(state)
    if isinstance(move.to, State):
        return move.to
    return move.to[branch or ""]
