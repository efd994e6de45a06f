"""An application is handed over: offered, taken, and until then nothing changes."""

import threading
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from applications import policy
from applications.commands import Actor, Forbidden, Invalid, NotFound, NotNow, execute
from applications.models import Colleague, ColleagueInvitation, Handover
from institutions import commands
from institutions.commands.invitations import digest_of
from portal import clock
from portal.events.models import Event
from portal.events.outbox import run_due
from tests.integration.applications.people import joins, secret_for, sent_to
from tests.people import person, sign_in


@pytest.fixture
def case(world):
    return world.draft()


@pytest.fixture
def heir(world, case):
    """A member of the institution who edits the case."""
    user = world["colleague"]
    world.do("invite_colleague", case, "applicant", {"user": user, "role": "editor"})
    return user


def offer(world, case, user, stays=True) -> None:
    world.do("propose_handover", case, "applicant", {"user": user, "stays": stays})


def take(case, user) -> None:
    execute("accept_handover", case.pk, Actor(user=user))
    case.refresh_from_db()


def at_once(*acts) -> list[str]:
    """Runs all in threads that start together; what each came to."""
    gate, found = threading.Barrier(len(acts)), []

    def run(act) -> None:
        gate.wait()
        try:
            act()
            found.append("done")
        except (NotNow, Forbidden, NotFound):
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_until_the_colleague_accepts_nothing_changes_and_then_it_is_theirs(world, case, heir):
    owner = sign_in(Client(), world["applicant"])
    page = reverse("applications:colleagues", args=[case.pk])
    fields = {"handover-user": str(heir.pk), "handover-stays": "yes"}
    owner.post(reverse("applications:propose_handover", args=[case.pk]), fields)
    case.refresh_from_db()
    assert case.owner == world["applicant"]
    assert policy.roles(heir, case) == {"editor"}
    assert heir.name in owner.get(page).content.decode()
    run_due()
    answer = reverse("applications:answer_handover", args=[case.pk])
    assert answer in sent_to(heir.email)
    assert owner.get(answer).status_code == 404, "it is not for them to answer"
    client = sign_in(Client(), heir)
    assert answer in client.get("/me/").content.decode(), "it waits for them on their page"
    assert answer in client.get(page).content.decode()
    assert client.get(answer).status_code == 200
    assert client.post(answer, {"answer": "accept"}).status_code == 302
    case.refresh_from_db()
    assert case.owner == heir
    assert policy.roles(heir, case) == {"owner"}
    assert policy.roles(world["applicant"], case) == {"editor"}
    event = Event.objects.get(stream=f"application:{case.pk}", type="application.accept_handover")
    assert event.actor == f"user:{heir.pk}"
    assert event.data["before"] == str(world["applicant"].pk)
    run_due()
    assert str(heir.name) not in sent_to(world["applicant"].email)
    assert client.post(answer, {"answer": "accept"}).status_code == 409, "once"


def test_who_leaves_with_it_sees_it_no_more_and_stays_barred_as_staff(world, case, heir):
    offer(world, case, heir, stays=False)
    take(case, heir)
    assert policy.roles(world["applicant"], case) == frozenset()
    assert policy.is_barred(world["applicant"], case)
    client = sign_in(Client(), world["applicant"])
    address = reverse("applications:overview", args=[case.pk])
    assert client.get(address).status_code == 404


def test_an_offer_that_was_taken_back_declined_or_replaced_gives_nothing(world, case, heir):
    offer(world, case, heir)
    world.do("withdraw_handover", case, "applicant")
    with pytest.raises(NotNow):
        take(case, heir)
    offer(world, case, heir)
    execute("decline_handover", case.pk, Actor(user=heir))
    with pytest.raises(NotNow):
        take(case, heir)
    other = person("Hanna", "hanna@left.example")
    joins(other, case)
    world.do("invite_colleague", case, "applicant", {"user": other, "role": "submitter"})
    offer(world, case, heir)
    offer(world, case, other)
    with pytest.raises(NotNow):
        take(case, heir)
    take(case, other)
    assert case.owner == other


def test_it_is_offered_to_writers_of_the_institution_only_and_by_the_owner_only(world, case, heir):
    outside, reader = person("Ola", "ola@else.example"), person("Lese", "lese@left.example")
    joins(reader, case)
    world.do("invite_colleague", case, "applicant", {"user": reader, "role": "viewer"})
    Colleague.objects.create(
        application=case,
        user=outside,
        role="editor",
        basis="invitation",
        added_by=case.owner,
        added_at=clock.now(),
    )
    for user in (None, outside, reader, world["applicant"], world["case_officer"]):
        with pytest.raises(Invalid):
            offer(world, case, user)
    with pytest.raises(Forbidden):
        execute("propose_handover", case.pk, Actor(user=heir), {"user": heir})
    client = sign_in(Client(), world["applicant"])
    address = reverse("applications:propose_handover", args=[case.pk])
    wrong = client.post(address, {"handover-user": str(outside.pk), "handover-stays": "no"})
    assert wrong.status_code == 422
    case.refresh_from_db()
    assert case.owner == world["applicant"]


def test_an_offer_ends_with_the_right_to_edit_or_the_membership(world, case, heir):
    held = case.colleagues.get(user=heir, ended_at__isnull=True)
    offer(world, case, heir)
    world.do("change_colleague", case, "applicant", {"colleague": held.pk, "role": "viewer"})
    with pytest.raises(Forbidden):
        take(case, heir)
    assert Handover.objects.get().outcome == "void"
    live = case.colleagues.get(user=heir, ended_at__isnull=True)
    world.do("change_colleague", case, "applicant", {"colleague": live.pk, "role": "editor"})
    offer(world, case, heir)
    commands.end(heir.memberships.get(institution=case.institution, status="active"), heir)
    with pytest.raises(NotFound):
        take(case, heir)
    case.refresh_from_db()
    assert case.owner == world["applicant"]


def test_open_invitations_of_the_old_owner_end(world, case, heir):
    nora = person("Nora", "nora@elsewhere.example")
    world.do("invite_by_mail", case, "applicant", {"email": nora.email, "role": "editor"})
    secret = secret_for(nora.email)
    offer(world, case, heir)
    take(case, heir)
    assert ColleagueInvitation.objects.get(link_digest=digest_of(secret)).revoked_at
    with pytest.raises(NotFound):
        execute("accept_invitation", case.pk, Actor(user=nora, secret=secret))


@pytest.mark.parametrize("round_", range(3))
def test_of_two_acceptances_or_an_acceptance_and_a_taking_back_at_once_one_counts(
    world, case, heir, round_
):
    offer(world, case, heir)
    by = Actor(user=heir)
    twice = [lambda: execute("accept_handover", case.pk, by)] * 2
    assert at_once(*twice) == ["done", "refused"]
    case.refresh_from_db()
    assert case.owner == heir
    back = {"user": world["applicant"]}
    execute("propose_handover", case.pk, by, back)
    acts = [
        lambda: execute("withdraw_handover", case.pk, by),
        lambda: execute("accept_handover", case.pk, Actor(user=world["applicant"])),
    ]
    assert at_once(*acts) == ["done", "refused"]
    last = Handover.objects.order_by("pk").last()
    case.refresh_from_db()
    assert last is not None
    assert (case.owner == world["applicant"]) == (last.outcome == "accepted")


def test_an_invitation_accepted_twice_at_once_makes_one_colleague(world, case):
    nora = person("Nora", "nora@elsewhere.example")
    with mock.patch("applications.links.token_urlsafe", return_value="secret"):
        world.do("invite_by_mail", case, "applicant", {"email": nora.email, "role": "editor"})
    by = Actor(user=nora, secret="secret")
    acts = [lambda: execute("accept_invitation", case.pk, by)] * 3
    assert at_once(*acts) == ["done", "refused", "refused"]
    assert Colleague.objects.filter(user=nora).count() == 1


def test_the_database_knows_one_open_offer(world, case, heir):
    offer(world, case, heir)
    made = Handover.objects.get()
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.update(outcome="luck", ended_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.update(proposed_to=world["applicant"])
