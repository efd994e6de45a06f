"""Who leaves an institution leaves its cases at once; what nobody works on is taken over."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import policy
from applications.commands import Actor, Forbidden, Invalid, NotFound, NotNow, execute
from institutions import commands, selectors
from institutions.models import Membership
from portal import clock
from portal.accounts.models import User
from portal.events.models import Event, OutboxEntry
from portal.events.outbox import run_due
from tests.people import person, sign_in


def held(user, case) -> Membership:
    return Membership.objects.get(user=user, institution=case.institution, status="active")


def left_owner(case):
    """Who had the case before it was taken over."""
    event = Event.objects.get(stream=f"application:{case.pk}", type="application.take_over")
    return User.objects.get(pk=event.data["before"])


@pytest.fixture
def left(world):
    """A draft and a submitted case whose owner has left, with the institution's administrator."""
    draft, case = world.draft(), world.submitted()
    boss = person("Ada Administrator", "ada@left.example")
    Membership.objects.create(
        user=boss,
        institution=case.institution,
        roles=["administrator"],
        status="active",
        basis="request",
        started_at=clock.now(),
        decided_by=world["applicant"],
        decided_at=clock.now(),
    )
    commands.end(held(world["applicant"], case), boss)
    return draft, case, boss


def joins(user, case) -> Membership:
    return Membership.objects.create(
        user=user,
        institution=case.institution,
        roles=["researcher"],
        status="active",
        basis="request",
        started_at=clock.now(),
        decided_by=case.owner,
        decided_at=clock.now(),
    )


def test_a_session_that_is_open_loses_the_cases_at_the_next_request(world, client) -> None:
    draft, case = world.draft(), world.submitted()
    owner = world["applicant"]
    sign_in(client, owner)
    pages = [
        reverse("applications:overview", args=[case.pk]),
        reverse("applications:overview", args=[draft.pk]),
        reverse("applications:section", args=[draft.pk, "project"]),
        reverse("applications:messages", args=[case.pk]),
    ]
    assert [client.get(page).status_code for page in pages] == [200] * 4
    commands.end(held(owner, case), owner)
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.post(pages[2], {"project.title": "Still mine"}).status_code == 404
    with pytest.raises(NotFound):
        execute("save_section", draft.pk, Actor(user=owner), {"section": "project", "values": {}})
    listed = client.get(reverse("applications:mine")).content.decode()
    assert str(case.pk) not in listed
    assert str(draft.pk) not in client.get("/me/").content.decode()
    commands_left = policy.roles(owner, case)
    assert commands_left == frozenset()
    assert policy.is_barred(owner, case), "an own case stays an own case for staff acts"


def test_the_last_day_of_a_membership_bites_without_a_nightly_job(world, client) -> None:
    case = world.submitted()
    owner = world["applicant"]
    today = clock.today("UTC")
    Membership.objects.filter(pk=held(owner, case).pk).update(valid_until=today)
    sign_in(client, owner)
    page = reverse("applications:overview", args=[case.pk])
    assert client.get(page).status_code == 200, "the last day is included"
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert not policy.roles(owner, case)
        assert not selectors.is_member(owner, case.institution_id)


def test_a_colleague_who_leaves_loses_the_case_and_one_from_elsewhere_keeps_it(world) -> None:
    case = world.submitted()
    colleague, outsider = person("Kari", "kari@left.example"), person("Ola", "ola@left.example")
    mine = joins(colleague, case)
    world.do("invite_colleague", case, "applicant", {"user": colleague, "role": "editor"})
    case.colleagues.create(
        user=outsider, role="viewer", added_by=world["applicant"], added_at=clock.now()
    )
    assert "editor" in policy.roles(colleague, case)
    commands.end(mine, colleague)
    assert policy.roles(colleague, case) == frozenset()
    assert policy.roles(outsider, case) == {"viewer"}
    joins(colleague, case)
    assert "editor" in policy.roles(colleague, case), "who comes back finds the case again"


def test_the_administrator_gives_a_case_and_a_draft_of_who_left_to_a_member(left, client) -> None:
    draft, case, boss = left
    heir = person("Hanna", "hanna@left.example")
    joins(heir, case)
    sign_in(client, boss)
    assert "no applicant any more" in client.get("/me/").content.decode()
    listed = client.get(reverse("applications:left_alone")).content.decode()
    for which in (draft, case):
        page = reverse("applications:take_over", args=[which.pk])
        assert page in listed
        assert (
            page in client.get(reverse("applications:overview", args=[which.pk])).content.decode()
        )
        empty = client.post(page, {"user": ""})
        assert empty.status_code == 200
        assert client.post(page, {"user": str(heir.pk)}).status_code == 302
        which.refresh_from_db()
        assert which.owner == heir
        assert "owner" in policy.roles(heir, which)
        assert client.get(page).status_code == 404, "once is enough"
    assert policy.is_barred(left_owner(case), case), "an own case stays an own case"
    event = Event.objects.get(stream=f"application:{case.pk}", type="application.take_over")
    assert event.actor == f"user:{boss.pk}"
    assert event.data["owner"] == str(heir.pk)
    run_due()
    told = OutboxEntry.objects.filter(kind="mail.send", key__startswith="takeover:")
    assert told.count() == 2
    assert client.get(reverse("applications:overview", args=[draft.pk])).status_code == 404, (
        "a draft that somebody has again is theirs alone"
    )


def test_nothing_is_taken_over_while_an_owner_or_editor_is_there(world) -> None:
    case = world.submitted()
    boss, editor = person("Ada", "ada@left.example"), person("Ed", "ed@left.example")
    Membership.objects.filter(pk=joins(boss, case).pk).update(roles=["administrator"])
    joins(editor, case)
    with pytest.raises(NotNow):
        execute("take_over", case.pk, Actor(user=boss), {"user": boss})
    world.do("invite_colleague", case, "applicant", {"user": editor, "role": "editor"})
    commands.end(held(world["applicant"], case), boss)
    with pytest.raises(NotNow):
        execute("take_over", case.pk, Actor(user=boss), {"user": boss})
    commands.end(held(editor, case), boss)
    execute("take_over", case.pk, Actor(user=boss), {"user": boss})
    case.refresh_from_db()
    assert case.owner == boss


def test_only_an_administrator_takes_over_and_only_for_a_member(left, world, client) -> None:
    _draft, case, boss = left
    stranger, researcher = person("Eve", "eve@left.example"), person("Ro", "ro@left.example")
    joins(researcher, case)
    with pytest.raises(Invalid):
        execute("take_over", case.pk, Actor(user=boss), {"user": stranger})
    for user in (stranger, researcher, world["applicant"]):
        with pytest.raises((NotFound, Forbidden)):
            execute("take_over", case.pk, Actor(user=user), {"user": user})
        sign_in(client, user)
        page = reverse("applications:take_over", args=[case.pk])
        assert client.get(page).status_code == 404
        assert client.get(reverse("applications:left_alone")).status_code == 404


def test_of_what_happens_in_a_case_who_left_is_not_told(left) -> None:
    _draft, case, boss = left
    assert boss in policy.told(case)
    assert case.owner not in policy.told(case)
