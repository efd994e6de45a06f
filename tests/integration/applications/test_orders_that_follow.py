"""A supplement and a change of an order: copies of the earlier case that say what is new and why."""

import pytest

from applications import selectors
from applications.commands import Actor, Invalid, NotNow, create, execute
from applications.commands.submitting import NEEDED
from applications.models import Application
from portal.local import seeding as walk
from tests.integration.applications.conftest import made
from tests.integration.applications.test_specification import AGENCY, Order


@pytest.fixture
def order(db) -> Order:
    return Order(made())


def begin(order: Order, type: str) -> Application:
    by = Actor(user=order.owner)
    return create(by, AGENCY, "sv", type=type, follows=order.case)


def test_a_supplement_copies_the_order_names_its_number_and_is_not_sent_without_its_words(order):
    draft = begin(order, "supplement")
    document = selectors.document(draft)
    assert document["previousCase"]["reference"] == order.case.number
    assert document["principal"]["name"]
    assert document["diaryNumber"] is None or "diaryNumber" not in document
    assert [f.id for f in selectors.findings(draft) if f.severity == "BLOCK"] == []
    with pytest.raises(Invalid) as refused:
        walk.send(draft, order.owner, 0)
    assert refused.value.errors == {NEEDED: ["supplement.description"]}
    values = {"supplement.description": "Beslutet om ändring är bifogat."}
    payload = {"section": "supplement", "values": values}
    execute("save_section", draft.pk, Actor(user=order.owner), payload)
    draft.refresh_from_db()
    walk.send(draft, order.owner, 0)
    assert draft.state == "submitted"
    assert selectors.document(draft)["diaryNumber"] == draft.number


def supplemented(order: Order, **values) -> Application:
    draft = begin(order, "supplement")
    values = {"supplement.description": "Syskonen har samma mor.", **values}
    payload = {"section": "supplement", "values": values}
    execute("save_section", draft.pk, Actor(user=order.owner), payload)
    draft.refresh_from_db()
    walk.send(draft, order.owner, 0)
    order.case.refresh_from_db()
    return draft


def test_a_supplement_becomes_part_of_the_order_and_is_not_decided_alone(order):
    rows = list(order.case.rows.values_list("list_path", "data"))
    draft = supplemented(order, **{"population.text": "Syskon med samma mor."})
    assert order.case.submissions.count() == 2
    newest = order.case.submissions.latest("sequence")
    assert newest.document["population"]["text"] == "Syskon med samma mor."
    assert newest.document["type"] == "new"
    assert selectors.document(order.case)["population"] == newest.document["population"]
    assert list(order.case.rows.values_list("list_path", "data")) == rows
    assert len(newest.attachments) == len(order.case.submissions.earliest("sequence").attachments)
    assert "supplement" not in order.case.answers
    assert draft.assignee_id == order.case.assignee_id
    for command in ("start_assessment", "return", "draft_decision", "send_specification"):
        with pytest.raises(NotNow):
            execute(command, draft.pk, Actor(user=order.officer), {})
    execute("close", draft.pk, Actor(user=order.officer))
    draft.refresh_from_db()
    assert draft.state == "closed"


def test_a_supplement_that_comes_too_late_is_refused_and_keeps_what_was_typed(order):
    draft = begin(order, "supplement")
    with pytest.raises(Invalid):
        begin(order, "supplement")  # one at a time: a second copy would undo the first
    values = {"supplement.description": "Syskonen har samma mor."}
    payload = {"section": "supplement", "values": values}
    execute("save_section", draft.pk, Actor(user=order.owner), payload)
    execute("withdraw", order.case.pk, Actor(user=order.owner))
    with pytest.raises(Invalid) as late:
        walk.send(draft, order.owner, 0)
    assert set(late.value.errors) == {"follows"}
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", None)
    assert draft.answers["supplement"]["description"] == "Syskonen har samma mor."
    assert order.case.submissions.count() == 1


def test_what_is_not_decided_cannot_be_changed_but_be_supplemented(order):
    with pytest.raises(Invalid) as refused:
        begin(order, "amend")
    assert set(refused.value.errors) == {"follows"}
