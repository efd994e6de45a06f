"""The gate: one writer, all reasons, nothing lost."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from applications import selectors
from applications.commands import (
    Actor,
    Forbidden,
    Incomplete,
    Invalid,
    NotFound,
    NotNow,
    Stale,
    execute,
)
from applications.enums import State
from applications.models import Application, Note
from applications.models.guard import StateWriteRefused
from portal import clock
from portal.accounts.models import User
from portal.events.models import Event
from portal.local import seeding


def events_of(case):
    return list(
        Event.objects.filter(stream=f"application:{case.pk}")
        .order_by("sequence")
        .values_list("type", flat=True)
    )


def test_a_complete_application_is_sent_and_gets_a_number_and_a_frozen_copy(world):
    case = world.submitted()
    assert case.state == State.SUBMITTED
    assert case.number == f"SSB-{clock.now().year}-00001"
    submission = case.submissions.get()
    assert submission.document["project"]["title"] == case.title
    assert submission.pdf_digest
    assert events_of(case)[-1] in {"application.submission_rendered", "application.record_check"}
    assert case.check_runs.latest("ran_at").findings.count() == 0


def test_what_is_missing_stops_the_submission_and_is_told_whole(world):
    case = world.complete(leave_out=("dpia", "project.title"))
    with pytest.raises(Incomplete) as stopped:
        world.do("submit", case, "applicant", {"declaration": "yes"})
    assert {f.id for f in stopped.value.findings} >= {"SSB-ATT-11", "SSB-FLD-01"}
    case.refresh_from_db()
    assert case.state == State.DRAFT
    assert case.number is None


def test_an_application_without_the_declaration_is_not_sent(world):
    case = world.complete()
    with pytest.raises(Invalid) as wrong:
        world.do("submit", case, "applicant", {"declaration": ""})
    assert "declaration" in wrong.value.errors


def test_two_people_who_edit_the_same_answer_both_keep_their_text(world):
    case = world.draft()
    colleague = {"user": world["colleague"], "role": "editor"}
    world.do("invite_colleague", case, "applicant", colleague)
    base = {"purpose.text": None}
    mine = {"section": "project", "values": {"purpose.text": "mine"}, "base": base}
    theirs = {"section": "project", "values": {"purpose.text": "theirs"}, "base": base}
    world.do("save_section", case, "applicant", mine)
    result = world.do("save_section", case, "colleague", theirs)
    assert result.value["conflicts"] == {"purpose.text": {"theirs": "mine", "yours": "theirs"}}
    assert selectors.pick(case.answers, "purpose.text") == "mine"
    again = theirs | {"base": {"purpose.text": "mine"}}
    assert not world.do("save_section", case, "colleague", again).value["conflicts"]
    assert selectors.pick(case.answers, "purpose.text") == "theirs"


def test_two_people_who_edit_different_answers_do_not_disturb_each_other(world):
    case = world.draft()
    colleague = {"user": world["colleague"], "role": "editor"}
    world.do("invite_colleague", case, "applicant", colleague)
    base = {"purpose.text": None, "project.title": None}
    one = {"values": {"purpose.text": "a purpose", "project.title": None}, "base": base}
    two = {"values": {"purpose.text": None, "project.title": "A title"}, "base": base}
    world.do("save_section", case, "applicant", one)
    assert not world.do("save_section", case, "colleague", two).value["conflicts"]
    assert selectors.pick(case.answers, "purpose.text") == "a purpose"
    assert case.title == "A title"


def test_what_cannot_be_read_is_kept_as_typed_and_stops_the_submission(world):
    case = world.complete()
    payload = {
        "section": "project",
        "values": {"project.end": selectors.pick(case.answers, "project.end")},
        "typed": {"project.end": "when we are done"},
    }
    world.do("save_section", case, "applicant", payload)
    assert case.answers["_typed"] == {"project.end": "when we are done"}
    assert "_typed" not in selectors.document(case)
    with pytest.raises(Invalid):
        world.do("submit", case, "applicant", {"declaration": "yes"})


def test_only_questions_of_the_form_can_be_written(world):
    case = world.draft()
    for path in ("state", "agency", "applicant.approvalSource", "variables", "nonsense.path"):
        with pytest.raises(Invalid):
            world.do("save_section", case, "applicant", {"values": {path: "x"}})
    row = {"list": "variables", "id": None, "data": {"publishedThrough": 2024}}
    with pytest.raises(Invalid):
        world.do("save_row", case, "applicant", row)


def test_a_case_of_others_is_absent_and_a_command_of_others_forbidden(world):
    case = world.draft()
    stranger = Actor(
        user=User.objects.create_user("s@elsewhere.example", "x", name="S", language="nb")
    )
    with pytest.raises(NotFound):
        execute("save_section", case.pk, stranger, {"values": {}})
    with pytest.raises(NotFound):  # a draft is nobody's business but the applicant's
        world.do("add_note", case, "case_officer", {"body": "x"})
    seeding.fill(case, world["applicant"], seeding_project(), 1)
    seeding.send(case, world["applicant"], 0.5)
    with pytest.raises(Forbidden):
        world.do("add_note", case, "applicant", {"body": "x"})
    with pytest.raises(NotNow):
        world.do("approve", case, "decision_maker", {})


def seeding_project():
    from portal.local.demo_projects import PROJECTS

    return PROJECTS[1]


def test_an_interest_bars_every_act_at_once(world):
    case = world.submitted()
    world.do("declare_interest", case, "case_officer", {"reason": "my sister's project"})
    for command, payload in (("add_note", {"body": "x"}), ("start_assessment", {})):
        with pytest.raises(Forbidden):
            world.do(command, case, "case_officer", payload)


def test_the_same_click_twice_is_one_submission(world):
    case = world.complete()
    payload = {"declaration": "yes"}
    first = world.do("submit", case, "applicant", payload, key="k1")
    second = world.do("submit", case, "applicant", payload, key="k1")
    assert not first.repeated
    assert second.repeated
    assert case.submissions.count() == 1


def test_many_parallel_posts_of_one_submission_are_one_submission(world):
    case = world.complete()
    answers, barrier = [], threading.Barrier(8)

    def post():
        try:
            barrier.wait()
            result = execute(
                "submit", case.pk, world.actor("applicant"), {"declaration": "yes"}, key="k"
            )
            answers.append(result.repeated)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] + [True] * 7
    assert case.submissions.count() == 1


def test_case_numbers_are_unique_under_parallel_submissions(world):
    cases = [world.complete() for _ in range(4)]
    barrier = threading.Barrier(4)

    def post(case):
        try:
            barrier.wait()
            execute("submit", case.pk, world.actor("applicant"), {"declaration": "yes"})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {Application.objects.get(pk=case.pk).number for case in cases}
    assert len(numbers - {None}) == 4


def test_an_officer_who_looked_at_an_older_version_is_told(world):
    case = world.submitted()
    seen = case.version
    world.do("assign", case, "case_officer", {"officer": world["case_officer"]})
    with pytest.raises(Stale):
        world.do("start_assessment", case, "case_officer", {}, expected_version=seen)


def test_nothing_but_the_gate_writes_the_state(world):
    case = world.draft()
    case.state = State.ACCEPTED
    with pytest.raises(StateWriteRefused):
        case.save()
    with pytest.raises(StateWriteRefused):
        Application.objects.filter(pk=case.pk).update(state=State.ACCEPTED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE applications_application SET state = 'withdrawn' WHERE id = %s", [case.pk]
        )
    assert Application.objects.get(pk=case.pk).state == State.DRAFT


def test_a_submitted_case_cannot_be_deleted(world):
    case = world.submitted()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM applications_application WHERE id = %s", [case.pk])


def test_a_failed_command_leaves_nothing_behind(world):
    case = world.submitted()
    before = events_of(case)
    with pytest.raises(Invalid):
        world.do("return", case, "case_officer", {"points": [], "text": "", "due_on": None})
    assert events_of(case) == before
    assert case.return_rounds.count() == 0


def test_a_returned_case_is_sent_again_when_every_point_is_answered(world):
    case = world.submitted()
    due = clock.today("Europe/Oslo") + timedelta(days=10)
    points = [{"rule_id": "SSB-ATT-11", "rows": []}, {"text": "Attach the agreement."}]
    world.do(
        "return", case, "case_officer", {"points": points, "text": "Two things.", "due_on": due}
    )
    assert case.state == State.RETURNED
    with pytest.raises(Invalid):
        world.do("resubmit", case, "applicant", {"declaration": "yes"})
    for point in case.return_rounds.get().points.all():
        world.do("answer_point", case, "applicant", {"point": str(point.pk), "answer": "Done."})
    world.do("resubmit", case, "applicant", {"declaration": "yes"})
    assert case.state == State.SUBMITTED
    assert case.submissions.count() == 2


def test_answers_to_questions_no_longer_asked_are_dropped_when_it_is_sent(world):
    case = world.complete()
    values = {"linkage.used": True, "linkage.description": "A canary text"}
    world.do("save_section", case, "applicant", {"values": values})
    world.do("save_section", case, "applicant", {"values": {"linkage.used": False}})
    assert "A canary text" in str(selectors.document(case))
    seeding.send(case, world["applicant"], 0.1)
    assert "A canary text" not in str(case.submissions.get().document)


def test_a_question_to_the_lawyer_is_answered_once_by_the_lawyer(world):
    case = world.submitted()
    asked = {"question": "May we?", "reviewer": world["lawyer"]}
    review = world.do("ask_review", case, "case_officer", asked).value
    with pytest.raises(Forbidden):
        world.do("answer_review", case, "case_officer", {"review": review.pk, "answer": "yes"})
    world.do("answer_review", case, "lawyer", {"review": review.pk, "answer": "Yes."})
    with pytest.raises(Invalid):
        world.do("answer_review", case, "lawyer", {"review": review.pk, "answer": "No."})


def test_a_colleague_who_left_is_out_at_once(world):
    case = world.draft()
    colleague = {"user": world["colleague"], "role": "editor"}
    added = world.do("invite_colleague", case, "applicant", colleague).value
    world.do("save_section", case, "colleague", {"values": {"project.title": "Ours"}})
    world.do("remove_colleague", case, "applicant", {"colleague": added.pk})
    with pytest.raises(NotFound):
        world.do("save_section", case, "colleague", {"values": {"project.title": "Mine"}})


def test_notes_are_kept_apart_from_messages(world):
    case = world.submitted()
    world.do("add_note", case, "case_officer", {"body": "internal"})
    assert Note.objects.filter(application=case).count() == 1
    assert case.messages.count() == 0
