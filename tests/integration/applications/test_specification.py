"""A specification: sent, read, confirmed to the letter or questioned; nothing is decided meanwhile."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.commands import Actor, create, execute
from applications.commands.errors import Forbidden, Invalid, NotNow, Stale
from applications.enums import State
from applications.models import Application, Specification, StepRecord
from decisions.models import Decision
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

    def meet(self) -> None:
        """The internal meeting, without which no specification is sent (004 step 3)."""
        if "legal_meeting" not in self.case.passed:
            walk.pass_step(self.case, self.officer, "legal_meeting", "Inga nya frågor.", 0)

    def sent(self, **changed) -> Specification:
        self.meet()
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


FIELDS = {"fields": {"outcome": "refused", "reasons": "Skäl."}}


def refused(order, command="draft_decision", payload=None) -> list[str]:
    """What comes first, when the command is given now."""
    with pytest.raises(NotNow) as too_early:
        order.give(command, order.officer, payload or FIELDS)
    return [step.id for step in too_early.value.first]


def test_nothing_is_decided_before_the_latest_version_is_confirmed(order):
    assert refused(order) == ["legal_meeting", "specification"]
    first = order.sent()
    refused(order)
    order.give("recall_specification", order.officer)
    assert order.case.state == State.ASSESSMENT
    assert refused(order) == ["specification"]
    made = order.sent()
    payload = {"text": "Åren är fel.", "digest": made.digest}
    order.give("question_specification", order.owner, payload)
    assert refused(order) == ["specification"]
    third = order.sent()
    assert third.number == first.number + 2
    order.give("confirm_specification", order.owner, {"digest": third.digest})
    order.give("draft_decision", order.officer, FIELDS)
    order.sent(text="Ett register till.")
    refused(order)
    order.give("recall_specification", order.officer)
    assert refused(order) == ["specification"]


def test_no_specification_is_sent_before_the_meeting_and_no_decision_before_the_review(order):
    assert refused(order, "send_specification", SENT) == ["legal_meeting"]
    review = {"step": "secrecy_review", "day": clock.now().date(), "text": "Inget men."}
    assert refused(order, "record_step", review) == ["legal_meeting", "specification"]
    made = order.sent()
    order.give("confirm_specification", order.owner, {"digest": made.digest})
    order.give("draft_decision", order.officer, FIELDS)
    assert refused(order, "send_for_approval") == ["secrecy_review"]
    order.give("record_step", order.officer, review)
    assert order.case.passed == ["legal_meeting", "specification", "secrecy_review"]
    with pytest.raises(Invalid):  # in its turn, but the checklist is not done
        order.give("send_for_approval", order.officer)


def test_another_submission_begins_the_steps_anew_and_an_older_confirmation_counts_no_more(order):
    made = order.sent()
    order.give("confirm_specification", order.owner, {"digest": made.digest})
    back = {"points": [{"text": "Bifoga beslutet."}], "due_on": day_from_now(9)}
    order.give("return", order.officer, back)
    point = order.case.return_rounds.get().points.get()
    order.give("answer_point", order.owner, {"point": point.pk, "answer": "Bifogat."})
    walk.send(order.case, order.owner, 0, "resubmit")
    order.case.refresh_from_db()
    order.give("start_assessment", order.officer)
    assert refused(order) == ["legal_meeting", "specification"]


def day_from_now(days: int):
    return (clock.now() + timedelta(days=days)).date()


def test_a_step_says_when_and_what_and_is_never_changed(order):
    wrong = {"step": "legal_meeting", "day": day_from_now(2), "text": " "}
    with pytest.raises(Invalid) as told:
        order.give("record_step", order.officer, wrong)
    assert set(told.value.errors) == {"day", "text"}
    with pytest.raises(Invalid) as told:
        order.give("record_step", order.officer, {"step": "specification", "text": "Ja."})
    assert "step" in told.value.errors
    order.meet()
    record = StepRecord.objects.get()
    assert (record.recorded_by, record.text) == (order.officer, "Inga nya frågor.")
    for change in (lambda r: r.update(text="x"), lambda r: r.delete()):
        with pytest.raises(Error), transaction.atomic():
            change(StepRecord.objects.filter(pk=record.pk))


def test_the_database_approves_nothing_on_a_version_that_is_not_confirmed(order):
    """Past every command: the row itself is refused."""
    made = order.sent()
    order.give("confirm_specification", order.owner, {"digest": made.digest})
    decision = order.give("draft_decision", order.officer, FIELDS)
    order.sent(text="Ett register till.")
    content = {"status": "for_approval", "sent_digest": "a" * 64, "content": {}}
    content |= {"sent_by": order.officer, "sent_at": clock.now()}
    with pytest.raises(Error, match="specification is not confirmed"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(**content)


def test_the_case_page_shows_what_is_next_and_records_it(order, client):
    sign_in(client, order.officer)
    case = reverse("cases:case", args=[AGENCY, order.case.pk])
    write = reverse("cases:specification", args=[AGENCY, order.case.pk])
    step = reverse("cases:step", args=[AGENCY, order.case.pk, "legal_meeting"])
    page = client.get(case).content.decode()
    assert write not in page
    assert step in page
    assert client.post(write, SENT | {"price_from": "1", "price_to": "2"}).status_code == 409
    told = client.post(step, {"step-day": "2026-01-02", "step-text": ""})
    assert told.status_code == 422
    assert 'value="2026-01-02"' in told.content.decode()
    sent = {"step-day": clock.now().date().isoformat(), "step-text": "Inga nya frågor."}
    assert client.post(step, sent).status_code == 302
    page = client.get(case).content.decode()
    assert write in page
    assert "Inga nya frågor." in page
    assert client.post(step.replace("legal_meeting", "nothing"), sent).status_code == 404


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
    order.meet()
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
