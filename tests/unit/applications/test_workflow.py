"""The workflow table: complete, documented, and never widened."""

from pathlib import Path

import pytest

from applications import workflow
from applications.enums import APPLICANT_ROLES, LINK_ROLES, OPEN_STATES, STAFF_ROLES, Role, State
from applications.permissions import page

ROOT = Path(__file__).resolve().parents[3]


def test_permissions_page_says_what_the_table_says():
    assert (ROOT / "docs" / "permissions.md").read_text() == page(), (
        "run manage.py permissions and read the change"
    )


def test_every_state_can_be_reached_from_a_draft():
    reached = {State.DRAFT}
    while True:
        more = set()
        for move in workflow.MOVES:
            if set(move.states) & reached and move.to is not None:
                more |= {move.to} if isinstance(move.to, State) else set(move.to.values())
        if more <= reached:
            break
        reached |= more
    assert reached == set(State)


def test_every_open_state_has_a_way_on():
    for state in OPEN_STATES:
        onward = [m for m in workflow.MOVES if state in m.states and m.to not in (None, state)]
        assert onward, f"nothing leads on from {state}"


def test_every_role_is_used_or_reads_only():
    reading_only = {Role.VIEWER, Role.AUDITOR}
    acting = {role for move in workflow.MOVES for role in move.who}
    assert acting == set(Role) - reading_only
    assert set(Role) == APPLICANT_ROLES | STAFF_ROLES | LINK_ROLES | {Role.SYSTEM}


def test_no_machine_decides():
    deciding = {"approve", "send_for_approval", "draft_decision", "return", "accept"}
    for move in workflow.MOVES:
        if move.command in deciding:
            assert Role.SYSTEM not in move.who
    to_signing = [m for m in workflow.MOVES if m.to == State.SIGNING]
    assert [m.command for m in to_signing] == ["approve"]
    assert to_signing[0].who == {Role.DECISION_MAKER}


def test_decisions_and_acceptance_ask_for_a_fresh_sign_in():
    assert {m.command for m in workflow.MOVES if m.fresh} == {"approve", "accept"}


def test_an_application_is_sent_only_when_nothing_blocks():
    for move in workflow.MOVES:
        if move.to == State.SUBMITTED and move.only != "conversation":
            assert move.complete


@pytest.mark.parametrize("state", list(State))
def test_a_command_stands_once_in_each_state(state):
    commands = [m.command for m in workflow.MOVES if state in m.states]
    assert len(commands) == len(set(commands))


def test_a_scheme_can_only_leave_commands_out():
    narrowed = frozenset({"submit", "fly"})
    assert workflow.allowed(State.DRAFT, {Role.OWNER}, narrowed) == {"submit"}


def test_an_unknown_branch_is_no_way_out():
    move = workflow.find(State.SIGNING, "letter_signed")
    assert workflow.target(move, State.SIGNING, "granted") == State.ACCEPTANCE
    with pytest.raises(KeyError):
        workflow.target(move, State.SIGNING, "maybe")


def test_a_conversation_is_never_assessed_and_an_application_never_just_closed():
    talking = workflow.COMMANDS - workflow.not_for("conversation")
    deciding = workflow.COMMANDS - workflow.not_for("decided")
    assert workflow.reachable(talking) == {
        State.DRAFT,
        State.SUBMITTED,
        State.CLOSED,
        State.WITHDRAWN,
    }
    assert State.CLOSED not in workflow.reachable(deciding)


def test_what_has_nothing_to_accept_is_granted_at_once():
    signed = workflow.find(State.SIGNING, "letter_signed")
    assert workflow.target(signed, State.SIGNING, workflow.OUTRIGHT) == State.GRANTED
    assert State.GRANTED not in workflow.reachable(workflow.COMMANDS)
    with_outright = workflow.reachable(workflow.COMMANDS, [*workflow.DECIDED, workflow.OUTRIGHT])
    assert State.GRANTED in with_outright
