"""The pages of a decision maker: what waits, reading, deciding, sending back."""

import pytest
from django.urls import reverse

from applications.enums import State
from decisions.enums import Status
from portal.accounts.waiting import waiting
from tests import people
from tests.integration.decisions.browsing import address, field, text
from tests.integration.decisions.conftest import browser

pytestmark = pytest.mark.usefixtures("one_drawing")


def test_the_decision_maker_sees_what_waits_and_decides_on_one_page(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider)
    assert case.number in text(client.get(reverse("decisions:waiting")))
    page = client.get(address("approval", decision))
    assert "The conditions for access are met." in text(page)
    given = {
        "do": "approve",
        "digest": field(page, "digest"),
        "key": field(page, "key"),
        "title": "Head of section",
    }
    response = client.post(address("approval", decision), given)
    assert response["Location"] == address("decision", decision)
    case.refresh_from_db()
    assert case.state == State.SIGNING
    assert "Approved, to be signed" in text(client.get(address("decision", decision)))
    assert case.number not in text(client.get(reverse("decisions:waiting")))


def test_what_was_typed_is_kept_while_the_decision_maker_confirms(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider, fresh=False)
    given = {"do": "approve", "digest": decision.sent_digest, "title": "CANARY-TITLE"}
    response = client.post(address("approval", decision), given)
    case.refresh_from_db()
    assert case.state == State.APPROVAL
    assert "reauthenticate" in response["Location"]
    assert "CANARY-TITLE" in text(client.get(address("approval", decision)))
    text_kept = {"do": "approve", "digest": decision.sent_digest, "text": "CANARY-TEXT"}
    client.post(address("approval", decision), text_kept)
    assert "CANARY-TEXT" in text(client.get(address("approval", decision)))


def test_what_a_signatory_typed_is_kept_while_they_confirm(office):
    decision = office.delivered(office.case())
    client = browser(office.signatory, fresh=False)
    given = {**office.acceptance(decision, name="CANARY NAME"), "authorised": "on"}
    response = client.post(address("accept", decision), given)
    assert "reauthenticate" in response["Location"]
    assert "CANARY NAME" in text(client.get(address("accept", decision)))
    decision.refresh_from_db()
    assert decision.status == Status.DELIVERED


def test_a_stale_page_decides_nothing(office):
    case = office.case()
    decision = office.sent(case)
    old = decision.sent_digest
    office.do(office.officer, "recall", case)
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": "Other reasons."}})
    office.do(office.officer, "send_for_approval", case)
    given = {"do": "approve", "digest": old, "title": "Head"}
    response = browser(office.decider).post(address("approval", decision), given)
    assert response.status_code == 409
    assert "changed while you read it" in text(response)
    assert "Other reasons." in text(response)
    case.refresh_from_db()
    assert case.state == State.APPROVAL


def test_sending_back_needs_a_text_and_reaches_the_officer(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider)
    empty = {"do": "send_back", "text": "", "digest": decision.sent_digest}
    assert client.post(address("approval", decision), empty).status_code == 422
    client.post(address("approval", decision), {**empty, "text": "Say more of linkage."})
    officer = browser(office.officer)
    assert "Say more of linkage." in text(officer.get(address("draft", decision)))
    titles = [item.title for item in waiting(office.officer)]
    assert f"Sent back to you: the draft decision in case {case.number}" in titles


def test_whoever_wrote_the_draft_is_told_that_somebody_else_decides(office):
    people.give(office.officer, "decision_maker")
    decision = office.sent(office.case())
    client = browser(office.officer)
    page = text(client.get(address("approval", decision)))
    assert "Somebody else decides" in page
    assert 'value="approve"' not in page
    given = {"do": "approve", "digest": decision.sent_digest}
    assert client.post(address("approval", decision), given).status_code == 403
    assert not any("Decide" in item.title for item in waiting(office.officer))
