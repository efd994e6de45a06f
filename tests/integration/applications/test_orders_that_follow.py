"""A supplement and a change of an order: copies of the earlier case that say what is new and why."""

import pytest

from applications import selectors
from applications.commands import Actor, Invalid, create, execute
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


def test_what_is_not_decided_cannot_be_changed_but_be_supplemented(order):
    with pytest.raises(Invalid) as refused:
        begin(order, "amend")
    assert set(refused.value.errors) == {"follows"}
