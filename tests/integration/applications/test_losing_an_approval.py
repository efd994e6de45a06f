"""An institution loses its approval: what it means is shown before, and people see to the cases."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import selectors
from applications.tasks import tell_who_leaned_on_it
from institutions import at_stake
from institutions import commands as institutions
from institutions.models import InstitutionApproval
from portal import clock
from portal.events.models import OutboxEntry
from portal.local import seeding as walk
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The research department is closed"


@pytest.fixture
def case(world):
    made = world.submitted()
    world.do("assign", made, "case_officer", {"officer": world["case_officer"]})
    return made


def withdraw(world) -> InstitutionApproval:
    [held] = InstitutionApproval.objects.filter(agency="SSB")
    return institutions.withdraw_approval(held.pk, world["second_admin"], WHY)


def test_the_running_cases_and_what_it_means_are_shown_before_it_is_done(client, world, case):
    draft = world.draft()
    [held] = InstitutionApproval.objects.filter(agency="SSB")
    page = reverse("institutions:withdraw_approval", args=[held.pk])
    world["second_admin"].language = "en"
    world["second_admin"].save()
    sign_in(client, world["second_admin"], fresh=True)
    shown = client.get(page).content.decode()
    assert case.number in shown
    assert "Not decided yet" in shown
    assert str(draft.pk) not in shown, "a draft is the applicants' own"
    assert "This field is required" in client.post(page, {"reason": ""}).content.decode()
    held.refresh_from_db()
    assert held.withdrawn_at is None
    assert client.post(page, {"reason": WHY}).status_code == 302
    assert WHY in client.get(page).content.decode(), "the page tells what was done"


def test_no_case_changes_its_state_and_owner_and_officer_are_told(world, case):
    state = case.state
    held = withdraw(world)
    OutboxEntry.objects.filter(kind="mail.send").delete()
    tell_who_leaned_on_it({"approval": str(held.pk)})
    tell_who_leaned_on_it({"approval": str(held.pk)})
    mails = [e.payload for e in OutboxEntry.objects.filter(kind="mail.send")]
    assert sorted(m["to"] for m in mails) == sorted(
        [world["applicant"].email, world["case_officer"].email]
    ), "each once"
    assert all(case.title not in m["body"] and WHY not in m["body"] for m in mails)
    case.refresh_from_db()
    assert case.state == state


def test_the_officer_sees_it_on_the_case_and_the_applicant_among_what_is_missing(
    client, world, case
):
    page = reverse("cases:case", args=["SSB", case.pk])
    sign_in(client, world["case_officer"])
    assert "lost-approval" not in client.get(page).content.decode()
    withdraw(world)
    shown = client.get(page).content.decode()
    assert "lost-approval" in shown
    assert WHY in shown
    draft = world.complete()
    assert "SSB-CHK-01" in {f.id for f in selectors.findings(draft)}


def test_a_case_leans_on_the_approval_until_it_is_over(world, case):
    walk.assess(case, world["case_officer"], 0)
    cases = at_stake.leaning
    assert [each.number for each in cases(case.institution, "SSB", None)] == [case.number]
    world.do("withdraw", case, "applicant", {"reason": "No longer needed"})
    assert cases(case.institution, "SSB", None) == [], "what is over leans on nothing"


def test_an_approval_that_ran_out_is_seen_on_the_case_as_well(client, world, case):
    yesterday = clock.now().date() - timedelta(days=2)
    InstitutionApproval.objects.filter(agency="SSB").update(valid_until=yesterday)
    world["case_officer"].language = "en"
    world["case_officer"].save()
    sign_in(client, world["case_officer"])
    shown = client.get(reverse("cases:case", args=["SSB", case.pk])).content.decode()
    assert "lost-approval" in shown
    assert "ran out on" in shown
