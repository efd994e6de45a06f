"""A case that ended before it was decided: nobody is asked to decide, and nothing can be."""

import importlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from applications.commands import NotNow
from applications.enums import State
from applications.models import Application
from applications.models.guard import gate_open
from decisions import selectors, waiting
from decisions.enums import Status
from decisions.models import Decision
from portal import clock
from tests.integration.decisions.browsing import address, text
from tests.integration.decisions.conftest import browser

ASKS = ("Granted", "Innvilget", "proposed:", "Read and decide")


def withdrawn_with_the_decision_maker(office):
    case = office.case()
    decision = office.sent(case)
    office.do(office.owner, "withdraw", case)
    decision.refresh_from_db()
    return case, decision


def test_no_page_list_or_counter_asks_a_decision_maker_about_a_withdrawn_case(office):
    case, decision = withdrawn_with_the_decision_maker(office)
    assert (case.state, decision.status) == (State.WITHDRAWN, Status.LAPSED)
    assert list(selectors.waiting_for_approval(office.decider)) == []
    assert waiting.approvals(office.decider) == []
    client = browser(office.decider)
    for page in (reverse("decisions:waiting"), reverse("accounts:me")):
        assert case.number not in text(client.get(page))
    case_page = text(client.get(reverse("cases:case", args=["SSB", case.pk])))
    assert not any(word in case_page for word in ASKS)
    assert "Not decided: the case is over" in case_page
    assert "<span>Due" not in case_page, "nothing is due in a case that is over"
    page = client.get(address("approval", decision), follow=True)
    assert page.status_code == 200
    assert "Nothing to decide" in text(page)
    assert "The case is over." in text(page)
    assert "Withdrawn" in text(page)
    assert not any(f'value="{do}"' in text(page) for do in ("approve", "send_back"))


def test_a_page_that_lay_open_decides_nothing_once_the_case_is_withdrawn(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider)
    client.get(address("approval", decision))
    office.do(office.owner, "withdraw", case)
    given = {"do": "approve", "digest": decision.sent_digest, "title": "Head", "key": "1"}
    page = client.post(address("approval", decision), given, follow=True)
    assert "Nothing to decide" in text(page)
    with pytest.raises(NotNow):
        office.approve(case, decision)
    decision.refresh_from_db()
    assert decision.status == Status.LAPSED


def test_a_draft_lapses_too_and_the_officer_reads_what_it_said(office):
    case = office.case()
    decision = office.draft(case)
    office.do(office.owner, "withdraw", case)
    client = browser(office.officer)
    for name in ("draft", "preview", "decision"):
        page = client.get(address(name, decision), follow=True)
        assert "Nothing to decide" in text(page), name
        assert "The conditions for access are met." in text(page)
    for name in ("variables", "conditions", "refresh"):
        assert client.post(address(name, decision)).status_code in (404, 405), name
    assert waiting.sent_back(office.officer) == []
    assert browser(office.owner).get(address("decision", decision)).status_code == 404


def test_the_database_takes_no_step_in_a_case_that_is_over_and_no_end_that_leaves_a_draft(office):
    decision = withdrawn_with_the_decision_maker(office)[1]
    approved = {
        "status": "approved",
        "approved_by": office.decider,
        "approved_at": clock.now(),
        "approved_digest": "0" * 64,
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(**approved)
    open_case = office.case()
    lying = office.sent(open_case)
    with pytest.raises(DatabaseError):
        _ends(open_case)
    lying.refresh_from_db()
    assert lying.status == Status.FOR_APPROVAL


def _ends(case):
    """Past the gate."""
    with transaction.atomic(), gate_open():
        Application.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_refusal_ends_the_case_by_its_own_letter(office):
    decision = office.delivered(office.case(), "refused")
    assert decision.status == Status.DELIVERED


def test_cases_that_had_ended_before_are_told_to_their_decisions(office):
    decision = withdrawn_with_the_decision_maker(office)[1]
    migration = importlib.import_module("decisions.migrations.0007_cases_that_are_over")
    table = "decisions_decision"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        Decision.objects.filter(pk=decision.pk).update(status="for_approval")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(migration.LAPSE)
    decision.refresh_from_db()
    assert decision.status == Status.LAPSED
