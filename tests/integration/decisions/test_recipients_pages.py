"""The pages of applicant and signatory: the decision, the letter, the acceptance."""

from datetime import timedelta

import pytest
from django.urls import reverse

from decisions import composing
from decisions.models import Decision
from portal import clock
from portal.accounts.waiting import waiting
from tests.integration.decisions.browsing import address, field, text
from tests.integration.decisions.conftest import browser, work

pytestmark = pytest.mark.usefixtures("one_drawing")


def test_applicant_and_signatory_read_the_decision_and_fetch_the_letter(office):
    case = office.case()
    decision = office.delivered(case)
    for who in (office.owner, office.signatory, office.administrator):
        client = browser(who)
        page = text(client.get(address("decision", decision)))
        assert "The conditions are not accepted yet" in page
        assert "Finansdepartementet" in page
        letter = client.get(address("letter", decision, 1))
        assert letter["Content-Type"] == "application/pdf"
        assert letter["Content-Disposition"].startswith("attachment")
        assert letter["Content-Security-Policy"].startswith("sandbox")
        assert b"".join(letter.streaming_content).startswith(b"%PDF-")
        assert client.get(address("letter", decision, 2)).status_code == 404
    assert address("decision", decision) in text(
        browser(office.owner).get(reverse("applications:overview", args=[case.pk]))
    )


def test_a_decision_does_not_exist_for_applicants_before_it_is_signed(office):
    case = office.case()
    decision = office.draft(case)
    client = browser(office.owner)
    pages = ("decision", "draft", "variables", "preview", "approval", "accept")
    for step in (
        lambda: None,
        lambda: office.do(office.officer, "send_for_approval", case),
        lambda: office.approve(case, Decision.objects.get(pk=decision.pk)),
    ):
        step()
        for name in pages:
            assert client.get(address(name, decision)).status_code == 404, name
        assert client.post(address("preview_pdf", decision)).status_code == 404
        overview = text(client.get(reverse("applications:overview", args=[case.pk])))
        assert str(decision.pk) not in overview


def test_the_signatory_accepts_and_both_signatures_are_shown(office):
    case = office.case()
    decision = office.delivered(case)
    client = browser(office.signatory)
    assert any(case.number in item.title for item in waiting(office.signatory))
    page = client.get(address("accept", decision))
    assert "Power of attorney 1/2026" in text(page)
    given = {
        **office.acceptance(decision),
        "letter": field(page, "letter"),
        "key": field(page, "key"),
        "authorised": "on",
    }
    wrong = client.post(address("accept", decision), {**given, "delivery_mobile": "12"})
    assert wrong.status_code == 422
    assert "country code" in text(wrong)
    response = client.post(address("accept", decision), given)
    assert response["Location"] == address("decision", decision)
    again = client.post(address("accept", decision), given)
    assert again.status_code == 302
    work()
    shown = text(client.get(address("decision", decision)))
    assert "Dina Decider" in shown
    assert "Sigrid Moe" in shown
    assert "+4790000000" in shown
    assert b"".join(client.get(address("letter", decision, 2)).streaming_content)
    assert b"".join(client.get(address("receipt", decision)).streaming_content)
    applicant = text(browser(office.owner).get(address("decision", decision)))
    assert "Sigrid Moe" in applicant
    assert "+4790000000" not in applicant


def test_an_institution_without_a_signatory_is_told_what_to_do(office):
    case = office.case()
    decision = office.delivered(case)
    office.signatory.memberships.update(roles=["researcher"])
    page = text(browser(office.owner).get(address("decision", decision)))
    assert "nobody here who may bind it" in page


def test_nobody_but_a_signatory_gets_the_acceptance_form(office):
    decision = office.delivered(office.case())
    for who in (office.owner, office.administrator, office.officer, office.decider):
        response = browser(who).get(address("accept", decision))
        assert response.status_code == 302


def test_once_the_last_day_of_acceptance_has_passed_both_pages_say_so(office):
    decision = office.delivered(office.case())
    due = composing.thaw(decision).acceptance_due
    with clock.frozen(clock.now() + timedelta(days=(due - clock.today("Europe/Oslo")).days + 1)):
        client = browser(office.signatory)
        for page in ("decision", "accept"):
            told = text(client.get(address(page, decision)))
            assert "They were to be accepted by" in told
            assert "Accept by" not in told
