"""Who works for an agency: roles given and taken by its administrators, absence with a stand-in."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from applications import waiting
from portal import clock
from portal.accounts import policy, staffing
from portal.accounts.models import Absence, RoleProposal, StaffRole
from portal.accounts.staffing import Administrators, Forbidden, Refused
from portal.events.models import Event, OutboxEntry
from portal.local import seeding as walk
from tests.people import give, person, sign_in, staff


@pytest.fixture
def admins(db):
    """Two whom an operator named: neither made the other one."""
    return [staff("agency_admin", "SSB", "Ada Admin"), second("Bo Admin")]


def second(name: str, agency: str = "SSB"):
    user = person(name)
    StaffRole.objects.create(user=user, agency=agency, role="agency_admin", granted_by=user)
    return user


def holds(user, role: str, agency: str = "SSB") -> bool:
    return role in policy.staff_roles(user, agency)


def test_an_administrator_gives_and_takes_a_role_and_both_are_events(admins):
    one, _other = admins
    new = person("Nina Ny")
    staffing.give(one, "SSB", "case_officer", new.email.upper())
    assert holds(new, "case_officer")
    given = StaffRole.objects.get(user=new)
    staffing.take(one, given.pk)
    staffing.take(one, given.pk)  # a second click
    assert not holds(new, "case_officer")
    said = Event.objects.filter(stream=f"user:{new.pk}", type__startswith="staff_role")
    assert [e.type for e in said.order_by("sequence")] == [
        "staff_role.granted",
        "staff_role.revoked",
    ]


def test_a_decision_maker_needs_two_administrators(admins):
    one, other = admins
    new = person("Dag Decider")
    proposed = staffing.give(one, "SSB", "decision_maker", new.email)
    assert isinstance(proposed, RoleProposal)
    assert not holds(new, "decision_maker")
    with pytest.raises(Refused):
        staffing.settle(one, proposed.pk, confirm=True)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor past the code
        RoleProposal.objects.update(confirmed_by=one, ended_by=one, ended_at=clock.now())
    staffing.settle(other, proposed.pk, confirm=True)
    assert holds(new, "decision_maker")
    assert StaffRole.objects.get(user=new).granted_by == one
    with pytest.raises(Refused):
        staffing.settle(other, proposed.pk, confirm=True)


def test_nobody_gives_themselves_a_role_or_decides_on_their_own(admins):
    one, other = admins
    with pytest.raises(Refused):
        staffing.give(one, "SSB", "decision_maker", one.email)
    proposed = staffing.give(other, "SSB", "decision_maker", one.email)
    with pytest.raises(Refused):
        staffing.settle(one, proposed.pk, confirm=True)
    staffing.settle(one, proposed.pk, confirm=False)
    assert not holds(one, "decision_maker")


def test_roles_of_an_agency_are_its_own_administrators_business(admins):
    one, _other = admins
    elsewhere = second("Dorte Dansk", "DST")
    new = person("Nina Ny")
    with pytest.raises(Forbidden):
        staffing.give(elsewhere, "SSB", "case_officer", new.email)
    given = staffing.give(one, "SSB", "case_officer", new.email)
    with pytest.raises(Forbidden):
        staffing.take(elsewhere, given.pk)
    with pytest.raises(Forbidden):
        staffing.give(new, "SSB", "case_officer", elsewhere.email)


@pytest.mark.parametrize("address", ["nobody@example.no", "", "not an address"])
def test_who_has_no_account_is_given_nothing(admins, address):
    with pytest.raises(Refused):
        staffing.give(admins[0], "SSB", "case_officer", address)


@pytest.mark.django_db(transaction=True)
def test_the_last_two_administrators_cannot_both_give_up_the_role_at_once():
    one, other = second("Ada Admin"), second("Bo Admin")
    held = {u: StaffRole.objects.get(user=u, role="agency_admin") for u in (one, other)}
    barrier = Barrier(2)

    def takes(by, whose):
        barrier.wait()
        try:
            staffing.take(by, held[whose].pk)
        except (Refused, Forbidden):
            pass
        finally:
            connection.close()

    threads = [Thread(target=takes, args=pair) for pair in ((one, one), (other, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = StaffRole.objects.filter(agency="SSB", role="agency_admin", revoked_at=None)
    assert left.count() == 1


def test_a_role_taken_away_bites_at_the_next_request(client, admins):
    officer = staff("case_officer")
    sign_in(client, officer)
    queue = reverse("cases:queue", args=["SSB"])
    assert client.get(queue).status_code == 200
    staffing.take(admins[0], StaffRole.objects.get(user=officer).pk)
    assert client.get(queue).status_code == 404


def test_the_page_gives_proposes_confirms_and_takes(client, admins):
    one, other = admins
    new = person("Nina Ny")
    address = reverse("cases:staff", args=["SSB"])
    sign_in(client, one, fresh=True)
    wrong = client.post(address, {"email": "nobody@example.no", "role": "case_officer"})
    assert wrong.status_code == 422
    assert "nobody@example.no" in wrong.content.decode()
    assert client.post(address, {"email": new.email, "role": "decision_maker"}).status_code == 302
    proposed = RoleProposal.objects.get()
    confirm = reverse("cases:staff_role", args=["SSB", "confirm", proposed.pk])
    assert confirm not in client.get(address).content.decode()
    client.post(confirm)
    assert not holds(new, "decision_maker")
    sign_in(client, other, fresh=True)
    assert confirm in client.get(address).content.decode()
    client.post(confirm)
    assert holds(new, "decision_maker")
    shown = client.get(address).content.decode()
    assert f"{one.name}, confirmed by {other.name}" in shown
    assert "the operator of the portal" in shown, "who named the administrators"
    given = StaffRole.objects.get(user=new)
    client.post(reverse("cases:staff_role", args=["SSB", "take", given.pk]))
    assert not holds(new, "decision_maker")
    assert "Nina Ny" in client.get(address).content.decode()  # among those taken away
    assert (
        client.post(reverse("cases:staff_role", args=["DST", "take", given.pk])).status_code == 404
    )


def test_giving_a_role_asks_for_a_fresh_sign_in(client, admins):
    new = person("Nina Ny")
    sign_in(client, admins[0])
    posted = {"email": new.email, "role": "case_officer"}
    with clock.frozen(clock.now() + timedelta(minutes=25)):
        answer = client.post(reverse("cases:staff", args=["SSB"]), posted)
    assert answer.status_code == 302
    assert answer["Location"] != reverse("cases:staff", args=["SSB"])
    assert not holds(new, "case_officer")


def test_other_staff_do_not_reach_the_page_and_strangers_find_none(client, admins):
    address = reverse("cases:staff", args=["SSB"])
    for who, status in (
        (staff("case_officer"), 403),
        (second("Dorte Dansk", "DST"), 404),
        (person("Stranger"), 404),
    ):
        sign_in(client, who)
        assert client.get(address).status_code == status


def test_who_stands_in_finds_the_cases_among_their_own_on_these_days_only(world, client):
    case = world.submitted()
    officer, stand_in = world["case_officer"], staff("case_officer", "SSB", "Stine Stedfortreder")
    walk.assess(case, officer, 0)
    sign_in(client, stand_in)
    mine = reverse("cases:queue", args=["SSB"])
    assert case.number not in client.get(mine).content.decode()
    today = clock.today("Europe/Oslo")
    away = staffing.be_away(officer, "SSB", officer, today, today + timedelta(days=7), stand_in)
    assert case.number in client.get(mine).content.decode()
    assert [item.kind for item in waiting.casework(stand_in)] == ["mine"]
    staffing.come_back(officer, away.pk)
    assert waiting.casework(stand_in) == []
    assert case.number not in client.get(mine).content.decode()
    staffing.be_away(
        officer, "SSB", officer, today + timedelta(days=1), today + timedelta(days=7), stand_in
    )
    assert case.number not in client.get(mine).content.decode()


def test_an_absence_is_entered_on_a_page_with_days_in_order_and_a_colleague(client, db):
    officer, other = staff("case_officer"), staff("lawyer")
    sign_in(client, officer)
    address = reverse("cases:absence", args=["SSB"])
    wrong = {"first_day": "2027-07-20", "last_day": "2027-07-01", "stand_in": str(other.pk)}
    answer = client.post(address, wrong)
    assert answer.status_code == 422
    assert "2027-07-20" in answer.content.decode()
    good = {**wrong, "first_day": "2027-07-01", "last_day": "2027-07-20"}
    assert client.post(address, good).status_code == 302
    assert other.name in client.get(address).content.decode()
    outsider = person("Outsider")
    with pytest.raises(Refused):
        staffing.be_away(officer, "SSB", officer, date(2027, 8, 1), date(2027, 8, 2), outsider)
    with pytest.raises(Forbidden):
        staffing.be_away(other, "SSB", officer, date(2027, 8, 1), date(2027, 8, 2), None)


def test_an_administrator_enters_the_absence_of_who_cannot_and_nobody_else_does(client, db):
    admin, ill, other = staff("agency_admin"), staff("case_officer"), staff("lawyer")
    address = reverse("cases:absence", args=["SSB"])
    days = {"first_day": "2027-07-01", "last_day": "2027-07-20", "stand_in": str(other.pk)}
    sign_in(client, other)
    client.post(address, {**days, "stand_in": "", "person": str(ill.pk)})
    assert [a.user for a in Absence.objects.all()] == [other], "only their own"
    sign_in(client, admin)
    assert client.post(address, {**days, "person": str(ill.pk)}).status_code == 302
    entered = Absence.objects.get(user=ill)
    assert (entered.entered_by, entered.stand_in) == (admin, other)
    assert ill.name in client.get(address).content.decode()
    client.post(reverse("cases:absence_back", args=["SSB", entered.pk]))
    entered.refresh_from_db()
    assert entered.cancelled_at


def test_one_administrator_does_not_make_a_second_one_to_confirm_with(admins):
    one, other = admins
    own = person("Second Account")
    proposed = staffing.give(one, "SSB", "agency_admin", own.email)
    assert isinstance(proposed, RoleProposal)
    assert not holds(own, "agency_admin")
    staffing.settle(other, proposed.pk, confirm=True)
    assert holds(own, "agency_admin")


def test_an_agencys_first_administrator_names_the_second(db):
    alone = staff("agency_admin", "DST")
    new = person("Nina Ny")
    staffing.give(alone, "DST", "agency_admin", new.email)
    assert holds(new, "agency_admin", "DST")


def test_who_became_the_only_administrator_names_no_second_one_alone(admins):
    one, other = admins
    staffing.take(other, StaffRole.objects.get(user=other).pk)  # gives the own role up
    assert not holds(other, "agency_admin")
    puppet = person("Puppet")
    proposed = staffing.give(one, "SSB", "agency_admin", puppet.email)
    assert isinstance(proposed, RoleProposal)
    assert not holds(puppet, "agency_admin")
    with pytest.raises(IntegrityError), transaction.atomic():  # nor past the code
        StaffRole.objects.create(user=puppet, agency="SSB", role="agency_admin", granted_by=one)
    assert not Administrators.of("SSB").can_confirm(proposed)


def test_a_role_is_taken_from_an_administrator_by_two(admins):
    one, other = admins
    third = second("Cy Admin")
    held = StaffRole.objects.get(user=other)
    proposed = staffing.take(one, held.pk)
    assert isinstance(proposed, RoleProposal)
    assert holds(other, "agency_admin")
    for who in (one, other):
        with pytest.raises(Refused):
            staffing.settle(who, proposed.pk, confirm=True)
    with pytest.raises(Refused):
        staffing.take(third, held.pk)  # it is proposed already
    staffing.settle(third, proposed.pk, confirm=True)
    assert not holds(other, "agency_admin")
    said = Event.objects.filter(stream=f"user:{other.pk}").order_by("sequence")
    assert [e.type for e in said] == [
        "staff_role.taking_proposed",
        "staff_role.taking_confirmed",
        "staff_role.revoked",
    ]


def test_whatever_role_an_administrator_has_is_taken_by_two_and_of_others_by_one(admins):
    one, other = admins
    both = staffing.give(one, "SSB", "case_officer", other.email)
    assert isinstance(staffing.take(one, both.pk), RoleProposal)
    assert holds(other, "case_officer")
    officer = staff("case_officer")
    assert isinstance(staffing.take(one, StaffRole.objects.get(user=officer).pk), StaffRole)
    assert not holds(officer, "case_officer")


def test_nobody_confirms_for_whom_they_made_an_administrator_or_who_made_them_one(admins):
    one, other = admins
    puppet = person("Puppet")
    staffing.settle(other, staffing.give(one, "SSB", "agency_admin", puppet.email).pk, confirm=True)
    decider = person("Dag Decider")
    by_one = staffing.give(one, "SSB", "decision_maker", decider.email)
    with pytest.raises(Refused, match="made the other"):
        staffing.settle(puppet, by_one.pk, confirm=True)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor past the code
        RoleProposal.objects.filter(pk=by_one.pk).update(
            confirmed_by=puppet, ended_by=puppet, ended_at=clock.now()
        )
    staffing.settle(other, by_one.pk, confirm=False)
    by_puppet = staffing.give(puppet, "SSB", "decision_maker", decider.email)
    with pytest.raises(Refused, match="made the other"):
        staffing.settle(one, by_puppet.pk, confirm=True)
    staffing.settle(other, by_puppet.pk, confirm=True)
    assert holds(decider, "decision_maker")


def test_what_somebody_proposed_who_is_no_administrator_any_more_is_not_confirmed(admins):
    one, other = admins
    second("Cy Admin")
    proposed = staffing.give(one, "SSB", "decision_maker", person("Dag Decider").email)
    staffing.take(one, StaffRole.objects.get(user=one).pk)
    with pytest.raises(Refused, match="no longer an administrator"):
        staffing.settle(other, proposed.pk, confirm=True)


def test_the_database_takes_no_decision_maker_without_a_proposal_that_another_confirmed(admins):
    one, other = admins
    new = person("Dag Decider")
    given = {"user": new, "agency": "SSB", "role": "decision_maker", "granted_by": one}
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(**given)
    open_one = staffing.give(one, "SSB", "decision_maker", new.email)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(**given, proposal=open_one)
    elsewhere = give(person("Dorte Dansk"), "decision_maker", "DST").proposal
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(**given, proposal=elsewhere)
    officer = staff("case_officer")
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.filter(user=officer).update(role="decision_maker")
    staffing.settle(other, open_one.pk, confirm=True)
    assert StaffRole.objects.get(user=new).proposal == open_one


def test_whoever_it_concerns_and_the_other_administrators_are_mailed(admins):
    one, other = admins
    new = person("Dag Decider")
    sent = OutboxEntry.objects.filter(kind="mail.send")

    def told() -> set[str]:
        to = {entry.payload["to"] for entry in sent}
        sent.delete()
        return to

    proposed = staffing.give(one, "SSB", "decision_maker", new.email)
    assert told() == {new.email, other.email}
    staffing.settle(other, proposed.pk, confirm=True)
    # Given in the name of who proposed it; who confirmed it is told too.
    assert told() == {new.email, other.email}
    staffing.take(other, StaffRole.objects.get(user=new).pk)
    assert told() == {new.email, one.email}
    staffing.take(one, StaffRole.objects.get(user=other).pk)
    assert told() == {other.email}


def test_an_operator_makes_administrators_and_no_decision_maker(db):
    new = person("Nina Ny")
    with pytest.raises(CommandError, match="two administrators"):
        call_command("grant_role", new.email, "SSB", "decision_maker")
    call_command("grant_role", new.email, "SSB", "agency_admin")
    other = person("Olav Annen")
    call_command("grant_role", other.email, "SSB", "agency_admin")
    assert holds(other, "agency_admin")


def test_the_page_proposes_to_remove_and_says_why_somebody_may_not_confirm(client, admins):
    one, other = admins
    third = second("Cy Admin")
    held = StaffRole.objects.get(user=other)
    address = reverse("cases:staff", args=["SSB"])
    sign_in(client, one, fresh=True)
    client.post(reverse("cases:staff_role", args=["SSB", "take", held.pk]))
    assert holds(other, "agency_admin")
    proposed = RoleProposal.objects.get()
    confirm = reverse("cases:staff_role", args=["SSB", "confirm", proposed.pk])
    page = client.get(address).content.decode()
    assert "Remove: agency administrator" in page
    assert "You proposed this" in page
    assert confirm not in page
    sign_in(client, third, fresh=True)
    assert confirm in client.get(address).content.decode()
    client.post(confirm)
    assert not holds(other, "agency_admin")


def test_who_is_to_have_the_role_is_told_so_when_they_confirm_it(admins):
    one, other = admins
    proposed = staffing.give(one, "SSB", "decision_maker", other.email)
    with pytest.raises(Refused, match="meant for you"):
        staffing.settle(other, proposed.pk, confirm=True)


def test_an_administrator_ends_the_sign_ins_of_somebody_at_the_agency(client, admins):
    officer = staff("case_officer")
    held = StaffRole.objects.get(user=officer)
    theirs = sign_in(Client(), officer)
    address = reverse("cases:staff_role", args=["SSB", "end", held.pk])
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        sign_in(client, admins[0])
        client.post(address)
        assert theirs.get("/me/").status_code == 200, "not without a fresh sign-in"
        sign_in(client, officer, fresh=True)
        assert client.post(address).status_code == 403
        sign_in(client, admins[0], fresh=True)
        client.post(address)
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert theirs.get("/me/").status_code == 302
    assert holds(officer, "case_officer"), "the role stays"
    ended = Event.objects.get(type="user.sessions_ended")
    assert ended.actor == admins[0].reference
