"""A specification: sent, read, confirmed to the letter or questioned; nothing is decided meanwhile."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.commands import Actor, create, execute
from applications.commands.errors import Forbidden, Invalid, NotNow, Stale
from applications.enums import State
from applications.models import Application, Specification
from portal import clock
from portal.accounts import commands as accounts
from portal.accounts.models import User
from portal.events.models import Event
from portal.events.outbox import run_due
from portal.local import seeding as walk
from portal.local.demo_institutions import NORDIC
from portal.local.stories import _person, _place
from tests import snapshots
from tests.integration.applications.conftest import World, made
from tests.integration.applications.test_three_agencies import fill, staff
from tests.people import sign_in

AGENCY = "SOS"
OWNER = f"owner@{NORDIC[1].domain}"
SENT = {
    "text": "Population: personer med J45. Uttag ur Patientregistret 2010-2020.",
    "price_from": 1_100_000,
    "price_to": 2_200_000,
    "hours_from": 10,
    "hours_to": 20,
    "delivery": "Krypterad fil, ungefär i mars.",
}


class Order:
    """An order in assessment, and the people of both sides."""

    def __init__(self, world) -> None:
        snapshots.begun_with("order", self._make, after="people")
        self.owner = User.objects.get(email=OWNER)
        self.people = {
            role: User.objects.get(email=f"{role}@{AGENCY.lower()}.example")
            for role in ("case_officer", "decision_maker")
        }
        self.officer = self.people["case_officer"]
        self.case: Application = Application.objects.get()
        self.world = world

    def _make(self) -> None:
        admin = _person("Admin", "admin@sos.example")
        accounts.grant_role(admin, AGENCY, "agency_admin", admin, "system:test")
        owner = _person("Söker Sökarsson", OWNER)
        place = _place(NORDIC[1], owner, admin)
        officer = staff(AGENCY, admin)["case_officer"]
        case: Application = create(Actor(user=owner), AGENCY, "sv", place.pk, "new")
        fill(case, Actor(user=owner))
        walk.send(case, owner, 0)
        walk.assess(case, officer, 0)

    def give(self, command, who, payload=None, **more):
        result = execute(command, self.case.pk, Actor(user=who), payload or {}, **more)
        self.case.refresh_from_db()
        return result.value

    def sent(self, **changed) -> Specification:
        return self.give("send_specification", self.officer, SENT | changed)


@pytest.fixture
def world(db) -> World:
    """Without a flush of the whole database after each test."""
    return made()


@pytest.fixture
def order(world) -> Order:
    return Order(world)


def test_the_applicant_confirms_exactly_the_version_that_was_sent_and_it_is_logged(order):
    made = order.sent()
    assert order.case.state == State.SPECIFICATION
    assert (made.number, made.currency, made.digest) == (1, "SEK", made.fingerprint())
    order.give("confirm_specification", order.owner, {"digest": made.digest})
    assert order.case.state == State.ASSESSMENT
    made.refresh_from_db()
    assert (made.answer, made.answered_by) == ("confirmed", order.owner)
    event = Event.objects.filter(type="application.confirm_specification").get()
    assert event.data["digest"] == made.digest
    assert event.data["specification"] == 1
    assert event.actor == f"user:{order.owner.pk}"


def test_a_version_that_was_replaced_while_one_read_it_cannot_be_confirmed(order):
    first = order.sent()
    second = order.sent(price_to=3_300_000)
    assert (second.number, order.case.state) == (2, State.SPECIFICATION)
    with pytest.raises(Stale):
        order.give("confirm_specification", order.owner, {"digest": first.digest})
    first.refresh_from_db()
    assert first.answer == "replaced"
    assert first.digest != second.digest


def test_an_objection_goes_back_to_the_officer_with_its_reason_and_a_new_version_follows(order):
    made = order.sent()
    with pytest.raises(Invalid):
        order.give("question_specification", order.owner, {"text": " ", "digest": made.digest})
    payload = {"text": "Åren ska vara 2005-2020.", "digest": made.digest}
    order.give("question_specification", order.owner, payload)
    made.refresh_from_db()
    assert (order.case.state, made.answer) == (State.ASSESSMENT, "questioned")
    assert made.objection == "Åren ska vara 2005-2020."
    assert order.sent().number == 2


def test_nothing_is_decided_while_a_specification_waits_and_the_officer_can_take_it_back(order):
    order.sent()
    fields = {"fields": {"outcome": "refused", "reasons": "Skäl."}}
    with pytest.raises(NotNow):
        order.give("draft_decision", order.officer, fields)
    order.give("recall_specification", order.officer)
    assert order.case.state == State.ASSESSMENT
    order.give("draft_decision", order.officer, fields)


def test_the_agencys_time_stands_still_while_the_applicant_reads(order):
    due = order.case.due_at
    start = clock.now()
    with clock.frozen(start):
        made = order.sent()
    with clock.frozen(start + timedelta(days=9)):
        order.give("confirm_specification", order.owner, {"digest": made.digest})
    assert order.case.due_at == due + timedelta(days=9)


def test_only_the_right_side_may_send_or_answer(order):
    with pytest.raises(Forbidden):
        order.give("send_specification", order.owner, SENT)
    with pytest.raises(Forbidden):
        order.give("send_specification", order.people["decision_maker"], SENT)
    made = order.sent()
    with pytest.raises(Forbidden):
        order.give("confirm_specification", order.officer, {"digest": made.digest})
    assert order.case.state == State.SPECIFICATION


WRONG = [
    ({"text": "  "}, "text"),
    ({"price_from": None}, "price_from"),
    ({"price_to": -1}, "price_to"),
    ({"price_to": 1}, "price_to"),
    ({"hours_from": None}, "hours_from"),
    ({"hours_from": 30}, "hours_to"),
    ({"price_from": True}, "price_from"),
    ({"delivery": "x" * 2_001}, "delivery"),
]


def test_what_does_not_hold_together_is_not_sent(order):
    for changed, wrong in WRONG:
        with pytest.raises(Invalid) as refused:
            order.sent(**changed)
        assert set(refused.value.errors) == {wrong}
    assert not Specification.objects.exists()
    made = order.sent(hours_from=None, hours_to=None)
    assert (made.hours_from, made.hours_to) == (None, None)


def test_the_database_refuses_to_change_or_delete_what_was_sent(order):
    made = order.sent()
    for change in ({"text": "annat"}, {"price_to": 9}, {"answer": "confirmed", "text": "x"}):
        with pytest.raises(Error), transaction.atomic():
            Specification.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        Specification.objects.filter(pk=made.pk).delete()
    order.give("confirm_specification", order.owner, {"digest": made.digest})
    with pytest.raises(Error), transaction.atomic():
        Specification.objects.filter(pk=made.pk).update(answer="recalled")


def test_cases_of_an_agency_without_specifications_have_none(world):
    case = world.submitted()
    walk.assess(case, world["case_officer"], 0)
    with pytest.raises(NotNow):
        world.do("send_specification", case, "case_officer", SENT)


def test_mails_tell_the_applicant_that_something_is_to_be_read_and_then_give_a_receipt(
    order, mailoutbox
):
    made = order.sent()
    while run_due(limit=50):
        pass
    told = [m.body for m in mailoutbox if m.to == [order.owner.email]]
    assert any(order.case.number in body for body in told)
    before = len(told)
    order.give("confirm_specification", order.owner, {"digest": made.digest})
    while run_due(limit=50):
        pass
    after = [m.body for m in mailoutbox if m.to == [order.owner.email]]
    assert len(after) == before + 1
    assert SENT["text"] not in "".join(after)


def test_the_pages_lead_from_writing_to_a_confirmation(order, client):
    write = reverse("cases:specification", args=[AGENCY, order.case.pk])
    read = reverse("applications:specification", args=[order.case.pk])
    case = reverse("cases:case", args=[AGENCY, order.case.pk])
    sign_in(client, order.officer)
    assert write in client.get(case).content.decode()
    wrong = {"text": "Uttag", "price_from": "500", "price_to": "100", "hours_from": "3"}
    page = client.post(write, wrong | {"version": order.case.version})
    assert page.status_code == 200
    assert "Uttag" in page.content.decode()
    assert not Specification.objects.exists()
    right = wrong | {"price_to": "900,50", "hours_to": "4", "version": order.case.version}
    right["price_to"] = "900.50"
    assert client.post(write, right).status_code == 302
    made = Specification.objects.get()
    assert (made.price_from, made.price_to) == (50_000, 90_050)
    sign_in(client, order.owner)
    overview = client.get(reverse("applications:overview", args=[order.case.pk])).content.decode()
    assert read in overview
    page = client.get(read).content.decode()
    assert made.digest in page
    assert order.officer.name not in page
    page = client.post(read, {"question": "1", "text": "", "digest": made.digest})
    assert page.status_code == 200
    order.case.refresh_from_db()
    assert order.case.state == State.SPECIFICATION
    assert client.post(read, {"confirm": "1", "digest": "another"}).status_code == 409
    assert client.post(read, {"confirm": "1", "digest": made.digest}).status_code == 302
    order.case.refresh_from_db()
    assert order.case.state == State.ASSESSMENT
    sign_in(client, order.officer)
    assert "900.50" in client.get(case).content.decode().replace(",", ".")
    assert client.get(read)["Location"] == case


def test_the_officer_takes_it_back_on_the_page_and_strangers_find_nothing(order, client):
    order.sent()
    write = reverse("cases:specification", args=[AGENCY, order.case.pk])
    sign_in(client, order.officer)
    assert client.post(write, {"recall": "1"}).status_code == 302
    order.case.refresh_from_db()
    assert order.case.state == State.ASSESSMENT
    sign_in(client, order.world["case_officer"])
    assert client.get(write).status_code == 404
    assert (
        client.get(reverse("applications:specification", args=[order.case.pk])).status_code == 404
    )


def test_a_case_page_with_specifications_asks_no_more_than_eight_queries(order, client):
    made = order.sent()
    order.give("question_specification", order.owner, {"text": "Nej.", "digest": made.digest})
    order.sent()
    sign_in(client, order.officer)
    address = reverse("cases:case", args=[AGENCY, order.case.pk])
    client.get(address)
    not_the_pages = (
        *("django_session", '"accounts_user"."password"', "mfa_", "account_emailaddress"),
    )
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    asked = [q["sql"] for q in found if not any(part in q["sql"] for part in not_the_pages)]
    assert len(asked) <= 8, "\n\n".join(asked)
