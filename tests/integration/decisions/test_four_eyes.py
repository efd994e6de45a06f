"""Nobody approves what they wrote or sent, nor in a case of their own: not by the code, and not by
the database when somebody goes around the code.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from applications.commands import Forbidden
from applications.models import Colleague, Interest
from decisions.models import Acceptance, Contributor, Decision, LetterRevision
from portal import clock
from tests import people

pytestmark = pytest.mark.usefixtures("one_drawing")


def by_sql(decision, user):
    """Approves past all code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_decision SET approved_by_id = %s, approved_at = now(),"
            " approved_digest = sent_digest, status = 'approved' WHERE id = %s",
            [user.pk, decision.pk],
        )


def colleague(office, case, user, ended=False):
    Colleague.objects.create(
        application=case,
        user=user,
        role="viewer",
        added_by=office.owner,
        added_at=clock.now(),
        ended_at=clock.now() if ended else None,
    )


def interest(case, user):
    Interest.objects.create(
        application=case, user=user, reason="My sister", declared_at=clock.now()
    )


def officer_and_decider(office):
    """Somebody who holds both roles."""
    people.give(office.officer, "decision_maker")
    return office.officer


def test_another_decision_maker_approves_by_code_and_database(office):
    case = office.case()
    by_sql(office.sent(case), office.decider)
    other = office.case()
    assert office.approved(other).approved_by == office.decider


def test_the_drafter_cannot_approve(office):
    both = officer_and_decider(office)
    case = office.case()
    office.draft(case)
    decision = office.do(office.second_officer, "send_for_approval", case).value
    with pytest.raises(Forbidden):
        office.approve(case, decision, by=both)
    with pytest.raises(DatabaseError):
        by_sql(decision, both)


def test_whoever_sent_the_draft_cannot_approve(office):
    people.give(office.second_officer, "decision_maker")
    case = office.case()
    office.draft(case)
    decision = office.do(office.second_officer, "send_for_approval", case).value
    with pytest.raises(Forbidden):
        office.approve(case, decision, by=office.second_officer)
    with pytest.raises(DatabaseError):
        by_sql(decision, office.second_officer)


def test_whoever_wrote_one_word_cannot_approve_even_when_others_began_and_sent(office):
    people.give(office.second_officer, "decision_maker")
    case = office.case()
    office.draft(case)
    office.do(office.second_officer, "draft_decision", case, {"fields": {"reasons": "A word."}})
    decision = office.do(office.officer, "send_for_approval", case).value
    with pytest.raises(Forbidden):
        office.approve(case, decision, by=office.second_officer)
    with pytest.raises(DatabaseError):
        by_sql(decision, office.second_officer)


def test_whoever_sent_it_once_cannot_approve_it_later(office):
    people.give(office.second_officer, "decision_maker")
    case = office.case()
    office.draft(case)
    office.do(office.second_officer, "send_for_approval", case)
    office.do(office.officer, "recall", case)
    decision = office.do(office.officer, "send_for_approval", case).value
    with pytest.raises(Forbidden):
        office.approve(case, decision, by=office.second_officer)
    with pytest.raises(DatabaseError):
        by_sql(decision, office.second_officer)


@pytest.mark.parametrize("tie", ["owner", "colleague", "former colleague", "member", "interest"])
def test_somebody_tied_to_the_case_cannot_approve(office, tie):
    case = office.case(**({"owner": office.decider} if tie == "owner" else {}))
    decision = office.sent(case)
    if tie == "colleague":
        colleague(office, case, office.decider)
    elif tie == "former colleague":
        colleague(office, case, office.decider, ended=True)
    elif tie == "member":
        people.member(office.decider, office.institution)
    elif tie == "interest":
        interest(case, office.decider)
    with pytest.raises(Forbidden):
        office.approve(case, decision)
    with pytest.raises(DatabaseError):
        by_sql(decision, office.decider)
    decision.refresh_from_db()
    assert decision.approved_by is None


def test_a_role_that_was_taken_away_bites_at_once(office):
    case = office.case()
    decision = office.sent(case)
    role = office.decider.staff_roles.get()
    role.revoked_by, role.revoked_at = office.second_decider, clock.now()
    role.save()
    from applications.commands import NotFound

    with pytest.raises((Forbidden, NotFound)):
        office.approve(case, decision)


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'::jsonb",
        "reasons = 'Other'",
        "outcome = 'refused'",
        "deletion_date = now()",
        "sent_digest = repeat('a', 64)",
        "status = 'delivered', delivered_at = now()",
    ],
)
def test_the_database_keeps_what_was_sent_as_it_is(office, change):
    decision = office.sent(office.case())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE decisions_decision SET {change} WHERE id = %s", [decision.pk])


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'::jsonb",
        "approved_by_id = sent_by_id",
        "approved_digest = repeat('a', 64)",
        "approver_title = 'King'",
        "status = 'draft'",
        "status = 'for_approval'",
    ],
)
def test_the_database_keeps_what_was_approved_as_it_is(office, change):
    decision = office.approved(office.case())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE decisions_decision SET {change} WHERE id = %s", [decision.pk])


def test_letters_and_acceptances_are_never_changed_or_deleted(office):
    decision = office.accepted(office.case())
    for write in (
        lambda: LetterRevision.objects.filter(decision=decision).update(sha256="a" * 64),
        lambda: LetterRevision.objects.filter(decision=decision).delete(),
        lambda: Acceptance.objects.filter(decision=decision).update(name="Somebody else"),
        lambda: Acceptance.objects.filter(decision=decision).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_case_has_one_decision_that_is_not_replaced(office):
    decision = office.sent(office.case())
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.create(
            application=decision.application,
            sequence=2,
            letter_id="another",
            submission=decision.submission,
            language="nb",
            drafted_by=office.officer,
            drafted_at=clock.now(),
        )


def test_everybody_who_wrote_is_on_record(office):
    case = office.case()
    office.draft(case)
    office.do(office.second_officer, "draft_decision", case, {"fields": {"reasons": "More."}})
    decision = Decision.objects.get(application=case)
    writers = set(
        Contributor.objects.filter(decision=decision).values_list("user__name", flat=True)
    )
    assert writers == {"Olav Officer", "Siri Second"}
