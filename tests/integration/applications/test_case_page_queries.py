"""A case page asks the database the same few questions, however much hangs on the case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.local import seeding as walk
from tests.people import sign_in

MOST = 8
NOT_THE_PAGES = ("django_session", '"accounts_user"."password"', "mfa_", "account_emailaddress")


def asked(client, case):
    address = reverse("cases:case", args=[case.agency, case.pk])
    client.get(address)  # what is kept for the whole session is read now
    with CaptureQueriesContext(
        connection,
    ) as found:
        page = client.get(address)
    assert page.status_code == 200
    return [q["sql"] for q in found if not any(part in q["sql"] for part in NOT_THE_PAGES)]


@pytest.fixture
def case(world):
    case = world.submitted()
    world.do("assign", case, "case_officer", {"officer": world["case_officer"]})
    return case


def test_a_case_page_asks_at_most_eight_queries_and_no_more_when_the_case_grows(
    client, world, case
):
    sign_in(client, world["case_officer"])
    few = asked(client, case)
    assert len(few) <= MOST, "\n\n".join(few)
    for number in range(30):
        world.do("add_note", case, "case_officer", {"body": f"Notat {number}"})
        world.do("send_message", case, "case_officer", {"body": f"Melding {number}"})
    assert len(asked(client, case)) == len(few)


def test_a_case_with_a_decision_asks_no_more_than_eight(client, world, case):
    walk.assess(case, world["case_officer"], 0)
    fields = {"outcome": "refused", "reasons": "Formålet er ikke forskning."}
    world.do("draft_decision", case, "case_officer", {"fields": fields})
    sign_in(client, world["case_officer"])
    found = asked(client, case)
    assert len(found) <= MOST, "\n\n".join(found)
