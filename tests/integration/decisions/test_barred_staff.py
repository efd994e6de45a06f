"""An own application, an own institution and a declared interest bar staff from every act on a case,
in the code and in the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from applications import policy
from applications.commands import Actor, Forbidden, execute
from applications.enums import STAFF_ROLES, Role
from applications.models import (
    Application,
    ChecklistAnswer,
    Colleague,
    Interest,
    Message,
    Note,
    ReturnRound,
    Review,
)
from applications.workflow import COMMANDS, MOVES
from decisions.models import Contributor, Decision
from portal import clock
from portal.events.log import record
from tests import people

pytestmark = pytest.mark.django_db
TIES = ["owner", "colleague", "former colleague", "member", "interest"]


def tie(office, case: Application, user, how: str) -> None:
    now = clock.now()
    if how == "owner":
        Application.objects.filter(pk=case.pk).update(owner=user)
    elif how == "member":
        people.member(user, office.institution)
    elif how == "interest":
        Interest.objects.create(application=case, user=user, reason="Family", declared_at=now)
    else:
        ended = now if how == "former colleague" else None
        Colleague.objects.create(
            application=case, user=user, role="viewer", added_by=office.owner, added_at=now,
            ended_at=ended,
        )  # fmt: skip


def written(case: Application, user, other) -> dict:
    """Every row that somebody of the agency writes on a case: name -> what writes it."""
    now = clock.now()
    return {
        "note": lambda: Note.objects.create(
            application=case, author=user, body="A note", written_at=now
        ),
        "message": lambda: Message.objects.create(
            application=case, author=user, from_staff=True, body="Hello", sent_at=now
        ),
        "return": lambda: ReturnRound.objects.create(
            application=case,
            sequence=9,
            returned_by=user,
            returned_at=now,
            due_on=now.date(),
            submission=case.submissions.get(),
        ),
        "checklist": lambda: ChecklistAnswer.objects.create(
            application=case, item="x", answered_by=user, answered_at=now
        ),
        "ask": lambda: Review.objects.create(
            application=case, question="?", reviewer=other, asked_by=user, asked_at=now
        ),
        "be asked": lambda: Review.objects.create(
            application=case, question="?", reviewer=user, asked_by=other, asked_at=now
        ),
        "take": lambda: Application.objects.filter(pk=case.pk).update(assignee=user),
        "send a decision": lambda: Decision.objects.filter(application=case).update(
            sent_by=user, sent_at=now
        ),
        "write in a decision": lambda: Contributor.objects.create(
            decision=Decision.objects.get(application=case), user=user
        ),
    }


@pytest.mark.parametrize("how", TIES)
def test_the_database_refuses_every_act_of_somebody_tied_to_the_case(office, how) -> None:
    case = office.case()
    office.draft(case)
    barred, free = office.second_officer, office.officer
    tie(office, case, barred, how)
    told = {}
    for name, act in written(case, barred, free).items():
        try:
            with transaction.atomic():
                act()
            told[name] = "taken"
        except DatabaseError as refused:
            told[name] = str(refused)
    assert [name for name, why in told.items() if "an interest bars" not in why] == []
    Note.objects.create(application=case, author=free, body="A note", written_at=clock.now())


@pytest.mark.parametrize("how", TIES)
def test_the_gate_refuses_every_move_of_staff_to_somebody_tied_to_the_case(office, how) -> None:
    case = office.case()
    office.draft(case)
    barred = office.second_officer
    people.give(barred, "decision_maker")
    people.give(barred, "lawyer")
    tie(office, case, barred, how)
    moves = {"assign", "add_note", "send_message", "save_checklist", "ask_review", "return",
             "start_assessment", "draft_decision", "send_for_approval", "set_label"}  # fmt: skip
    moves &= {move.command for move in MOVES}
    assert len(moves) > 7
    for command in sorted(moves - {"send_message"} if how != "interest" else moves):
        with pytest.raises(Forbidden):
            execute(command, case.pk, Actor(user=barred, fresh=True), {})


def in_database(function: str, command: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [command])
        return cursor.fetchone()[0]


def test_the_database_knows_whose_every_move_is() -> None:
    """A new move that the agency makes must be named in a migration; declaring an interest is
    what makes the tie, so it alone is left to somebody who has just made it."""
    for command in COMMANDS - {"declare_interest"}:
        who = frozenset().union(*(move.who for move in MOVES if move.command == command))
        staff = bool(who & STAFF_ROLES)
        others = bool(who - STAFF_ROLES)
        assert in_database("applications_agencys_own", command) == (staff and not others), command
        assert in_database("applications_both_sides", command) == (staff and others), command


@pytest.mark.parametrize("how", TIES)
def test_the_database_takes_no_move_of_the_agency_from_somebody_tied_to_the_case(
    office, how
) -> None:
    """Whatever the policy says: the gate's own event of the move is refused."""
    case = office.case()
    barred, free = office.second_officer, office.officer
    tie(office, case, barred, how)
    stream = f"application:{case.pk}"
    ours = {move.command for move in MOVES if move.who <= STAFF_ROLES} - {"declare_interest"}
    works = how in ("owner", "colleague")
    refused = ours | (set() if works else {"close", "reopen", "keep_reference", "send_message"})
    assert len(ours) > 12
    for command in sorted(ours | {"close", "declare_interest", "save_section"}):
        record(stream, f"application.{command}", f"user:{free.pk}", {})
        told = ""
        try:
            with transaction.atomic():
                record(stream, f"application.{command}", f"user:{barred.pk}", {})
        except DatabaseError as error:
            told = str(error)
        assert ("an interest bars" in told) == (command in refused), (command, told)


def test_a_label_by_somebody_tied_to_the_case_is_refused_even_when_policy_sleeps(
    office, monkeypatch
) -> None:
    case = office.case()
    barred = office.second_officer
    tie(office, case, barred, "interest")
    monkeypatch.setattr(policy, "_staff", lambda bound, held, application: frozenset(Role))
    with pytest.raises(DatabaseError, match="an interest bars"), transaction.atomic():
        execute("set_label", case.pk, Actor(user=barred), {"label": "with_lawyer"})
    case.refresh_from_db()
    assert case.label == ""
