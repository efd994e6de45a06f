"""People, staff roles, and my page."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from portal import clock
from portal.accounts import commands, policy, selectors, waiting
from portal.accounts.models import StaffRole, User
from portal.events.models import Event
from tests.people import give, person, sign_in, staff

pytestmark = pytest.mark.django_db


def test_a_role_counts_at_its_agency_only() -> None:
    officer = staff("case_officer", "SSB")
    assert policy.staff_roles(officer, "SSB") == {"case_officer"}
    assert policy.staff_roles(officer, "DST") == frozenset()
    assert policy.agencies(officer) == ["SSB"]
    assert selectors.people_with_role("SSB", "case_officer", "lawyer") == [officer]
    assert selectors.people_with_role("DST", "case_officer") == []


def test_a_role_that_was_taken_counts_no_more_and_can_be_given_again() -> None:
    boss, officer = person("Boss", "boss@example.no"), staff("case_officer")
    commands.revoke_role(officer.staff_roles.get(), boss)
    assert policy.staff_roles(officer, "SSB") == frozenset()
    assert not policy.is_staff_anywhere(officer)
    commands.grant_role(officer, "SSB", "case_officer", boss)
    commands.grant_role(officer, "SSB", "case_officer", boss)
    assert officer.staff_roles.filter(revoked_at__isnull=True).count() == 1
    told = Event.objects.filter(stream=f"user:{officer.pk}").order_by("pk")
    told = told.values_list("type", "actor")
    assert list(told) == [
        ("staff_role.revoked", boss.reference),
        ("staff_role.granted", boss.reference),
    ]


def test_somebody_whose_account_is_closed_has_no_role() -> None:
    officer = staff("case_officer")
    commands.set_active(officer, False, "system:test")
    assert policy.staff_roles(officer, "SSB") == frozenset()
    assert selectors.people_with_role("SSB", "case_officer") == []


@pytest.mark.parametrize(("agency", "role"), [("XXX", "case_officer"), ("SSB", "superuser")])
def test_there_are_no_other_agencies_and_roles(agency: str, role: str) -> None:
    user = person()
    with pytest.raises(commands.UnknownRole):
        commands.grant_role(user, agency, role, user)
    assert not user.staff_roles.exists()


def test_the_database_refuses_a_role_twice_an_unknown_one_and_half_a_pair() -> None:
    officer = staff("case_officer")
    wrong = (
        {"role": "case_officer"},
        {"role": "superuser"},
        {"role": "lawyer", "revoked_at": clock.now()},
        {"role": "lawyer", "revoked_by": officer},
        {
            "role": "lawyer",
            "revoked_by": officer,
            "revoked_at": clock.now() - timedelta(days=1),
        },
    )
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffRole.objects.create(user=officer, agency="SSB", granted_by=officer, **fields)


def test_the_database_refuses_an_address_in_another_case() -> None:
    person(email="kari@example.no")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="KARI@example.no", name="K")])
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Kari@Example.no")


def test_the_operator_gives_the_first_role() -> None:
    user, out = person(email="kari@example.no"), StringIO()
    call_command("grant_role", "KARI@example.no", "ssb", "agency_admin", stdout=out)
    assert policy.staff_roles(user, "SSB") == {"agency_admin"}
    event = Event.objects.get(type="staff_role.granted")
    assert event.actor == "system:manage.py"
    call_command("grant_role", "kari@example.no", "ssb", "agency_admin", "--take", stdout=out)
    assert policy.staff_roles(user, "SSB") == frozenset()
    for args in (("nobody@example.no", "ssb", "lawyer"), ("kari@example.no", "ssb", "king")):
        with pytest.raises(CommandError):
            call_command("grant_role", *args)


def test_my_details_are_mine_and_nothing_else_is_set(client: Client) -> None:
    user = person()
    sign_in(client, user)
    data = {
        "name": "Kari Ny",
        "language": "nn",
        "email": "other@example.no",
        "is_active": "",
        "is_staff": "1",
        "role": "agency_admin",
        "agency": "SSB",
        "institution": "1",
        "sessions_ended_at": "2020-01-01",
    }
    client.post(reverse("accounts:details"), data)
    user.refresh_from_db()
    assert (user.name, user.language, user.email) == ("Kari Ny", "nn", "kari.nordmann@example.no")
    assert user.is_active
    assert user.sessions_ended_at is None
    assert not user.staff_roles.exists()
    page = client.get("/me/").content.decode()
    assert '<html lang="nn"' in page
    event = Event.objects.get(type="user.details_changed")
    assert event.data == {"fields": ["name", "language"]}


def test_my_page_shows_what_waits_longest_first(client: Client) -> None:
    user, now = person(), clock.now()

    def source(who: User) -> list[waiting.WaitingItem]:
        return [
            waiting.WaitingItem("Newer", "/new/", now, "case"),
            waiting.WaitingItem("Older", "/old/", now - timedelta(days=3), "case"),
        ]

    waiting.register(source)
    try:
        sign_in(client, user)
        page = client.get("/me/").content.decode()
    finally:
        waiting._sources.pop(f"{source.__module__}.{source.__qualname__}")
    assert page.index("Older") < page.index("Newer")


# name -> (method, status for somebody who is signed in)
PAGES = {
    "me": ("get", 200),
    "details": ("get", 200),
    "notifications": ("get", 200),
    "everything": ("post", 302),  # confirm anew who you are
    "second_factor": ("get", 200),
    "session": ("get", 200),
    "extend_session": ("post", 302),
    "sign_out_elsewhere": ("post", 302),
    "resume": ("get", 302),
    "ways": ("get", 200),
    "level": ("get", 200),
    "sessions": ("get", 200),
    "end_session": ("post", 302),
    "link": ("post", 302),
    "unlink": ("post", 302),
}
ARGUMENTS = {
    "link": ["nobody"],
    "unlink": [1],
    "end_session": ["00000000-0000-4000-8000-000000000000"],
}


def test_every_address_of_my_page_stands_in_the_table() -> None:
    assert {p.name for p in get_resolver("portal.accounts.urls").url_patterns} == set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_my_page_is_for_who_is_signed_in(client: Client, name: str) -> None:
    method, status = PAGES[name]
    page = reverse(f"accounts:{name}", args=ARGUMENTS.get(name))
    answer = getattr(client, method)(page)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    for user in (person(), staff("auditor"), staff("agency_admin")):
        assert getattr(sign_in(Client(), user), method)(page).status_code == status


@pytest.mark.parametrize("language", ["nn", "nb", "da", "sv", "en"])
def test_my_page_renders_in_every_language(client: Client, language: str) -> None:
    officer = staff("case_officer")
    give(officer, "lawyer", "DST")
    client.cookies["django_language"] = language
    sign_in(client, officer)
    for name in ("me", "details", "second_factor", "ways", "level", "sessions"):
        answer = client.get(reverse(f"accounts:{name}"))
        assert f'<html lang="{language}"' in answer.content.decode()


def test_reading_my_pages_writes_nothing(client: Client) -> None:
    sign_in(client, person())
    before = Event.objects.count()
    for name, (method, _) in PAGES.items():
        answer = client.get(reverse(f"accounts:{name}", args=ARGUMENTS.get(name)))
        assert answer.status_code == (405 if method == "post" else PAGES[name][1])
    assert Event.objects.count() == before
