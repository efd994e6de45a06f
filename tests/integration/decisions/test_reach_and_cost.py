"""Who reaches which page, and what a page costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Interest
from decisions.enums import Status
from decisions.models import Decision
from portal import clock
from tests import people
from tests.integration.decisions.browsing import address, text
from tests.integration.decisions.conftest import browser, work

pytestmark = pytest.mark.usefixtures("one_drawing")


@pytest.mark.parametrize("issued", [False, True])
def test_foreign_and_absent_are_both_a_404(office, issued):
    case = office.case()
    decision = office.accepted(case) if issued else office.sent(case)
    names = [
        ("decision", ()),
        ("draft", ()),
        ("variables", ()),
        ("preview", ()),
        ("approval", ()),
        ("accept", ()),
        ("letter", (1,)),
        ("letter", (2,)),
        ("receipt", ()),
        ("annex", (1,)),
    ]
    posts = [
        "refresh",
        "conditions",
        "recall",
        "draft",
        "variables",
        "preview",
        "preview_pdf",
        "approval",
        "accept",
    ]
    people.give(office.foreign_officer, "decision_maker", "DST")
    for who in (office.stranger, office.foreign_officer):
        client = browser(who)
        for name, more in names:
            assert client.get(address(name, decision, *more)).status_code == 404, name
        for name in posts:
            assert client.post(address(name, decision)).status_code == 404, name
        assert client.post(reverse("decisions:start", args=[case.pk])).status_code == 404
    visitor = browser(None)
    for name, more in names:
        assert "/accounts/" in visitor.get(address(name, decision, *more))["Location"]


def test_staff_without_a_second_factor_reach_nothing(office):

    decision = office.sent(office.case())
    client = people.sign_in(Client(), office.decider, second_factor=False)
    assert client.get(address("approval", decision)).status_code in (302, 403, 404)


def test_staff_with_an_interest_do_not_read_drafts(office):
    case = office.case()
    decision = office.draft(case)
    Interest.objects.create(
        application=case, user=office.second_officer, reason="x", declared_at=clock.now()
    )
    people.member(office.lawyer, office.institution)
    for who in (office.second_officer, office.lawyer):
        assert browser(who).get(address("preview", decision)).status_code == 404


@pytest.mark.parametrize(
    ("name", "who", "step"),
    [
        ("draft", "officer", "draft"),
        ("variables", "officer", "draft"),
        ("preview", "officer", "draft"),
        ("approval", "decider", "sent"),
        ("decision", "owner", "delivered"),
        ("accept", "signatory", "delivered"),
    ],
)
def test_a_page_asks_the_database_as_often_for_one_variable_as_for_fifty(office, name, who, step):
    asked = []
    for variables in (1, 50):
        decision = getattr(office, step)(office.case(variables=variables), "granted")
        client = browser(getattr(office, who))
        client.get(address(name, decision))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, decision)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] < 45


def test_the_list_of_what_waits_asks_as_often_for_one_as_for_three(office):
    asked = []
    client = browser(office.decider)
    for number in (1, 2):
        for _ in range(number):
            office.sent(office.case(variables=1))
        client.get(reverse("decisions:waiting"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("decisions:waiting"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_reading_any_page_writes_nothing(office):
    decision = office.delivered(office.case())
    versions = list(Decision.objects.values_list("status", "version"))
    for who in (office.owner, office.signatory, office.officer, office.decider):
        client = browser(who)
        for name in ("decision", "draft", "preview", "approval", "accept"):
            client.get(address(name, decision))
    assert list(Decision.objects.values_list("status", "version")) == versions
    assert Decision.objects.get().status == Status.DELIVERED


def test_the_signing_page_says_why_the_letter_is_late(office, monkeypatch):
    from decisions.letters import signing
    from decisions.letters.signing import SigningUnavailable

    def gone(*args, **kwargs):
        raise SigningUnavailable("the certificate expired")

    monkeypatch.setattr(signing, "load_signer", gone)
    case = office.case()
    decision = office.approved(case)
    work()
    client = browser(office.decider)
    for page in (address("decision", decision), reverse("cases:case", args=["SSB", case.pk])):
        assert "the certificate expired" in text(client.get(page))
