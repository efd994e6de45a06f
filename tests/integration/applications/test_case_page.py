"""What stays inside the agency, and what somebody with an interest in a case no longer reads."""

from django.test import Client

from tests.people import sign_in

CANARY = "canary-7f3a internal words"


def page(user, address):
    client = Client()
    sign_in(client, user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_notes_and_questions_never_reach_the_applicants_pages(world):
    case = world.submitted()
    world.do("add_note", case, "case_officer", {"body": CANARY})
    asked = {"question": CANARY, "reviewer": world["lawyer"]}
    world.do("ask_review", case, "case_officer", asked)
    assert CANARY in page(world["case_officer"], f"/cases/SSB/{case.pk}/")
    for part in (
        "",
        "history/",
        "messages/",
        "receipt/",
        "missing/",
        "attachments/",
        "colleagues/",
    ):
        assert CANARY not in page(world["applicant"], f"/applications/{case.pk}/{part}")


def test_somebody_with_an_interest_reads_nothing_of_the_case(world, client):
    case = world.submitted()
    world.do("add_note", case, "case_officer", {"body": CANARY})
    asked = {"question": CANARY, "reviewer": world["lawyer"]}
    world.do("ask_review", case, "case_officer", asked)
    world.do("declare_interest", case, "case_officer", {"reason": "my sister's project"})
    answer = sign_in(client, world["case_officer"]).get(f"/cases/SSB/{case.pk}/")
    assert answer.status_code == 403
    assert not any(text in answer.content.decode() for text in (CANARY, case.number, case.title))
