"""Joining: everybody waits for somebody who says yes. A verified mail domain is a hint."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse

from institutions import commands, selectors
from institutions.models import Institution, MailDomain, Membership
from portal import clock
from portal.events.models import Event, OutboxEntry
from tests.people import person, sign_in

pytestmark = pytest.mark.django_db


def mailed() -> list[str]:
    return [e.payload["to"] for e in OutboxEntry.objects.filter(kind="mail.send").order_by("pk")]


def events(institution: Institution) -> list[str]:
    found = Event.objects.filter(stream=f"institution:{institution.pk}").order_by("sequence")
    return list(found.values_list("type", flat=True))


BADGE = "address at a verified domain"


def test_an_address_in_a_verified_domain_is_a_hint_that_one_press_approves(
    client, home, verified
) -> None:
    verified()
    new = person("Nora", "nora@fjordheim.example")
    sign_in(client, new)
    assert (
        "Ask to join Fjordheim institutt"
        in client.get(reverse("institutions:join")).content.decode()
    )
    client.post(reverse("institutions:ask", args=[home.at.pk]), {"message": ""})
    assert selectors.roles_at(new, home.at.pk) == frozenset(), "a domain gives no right"
    assert mailed() == ["boss@fjordheim.example"]
    sign_in(client, home.boss)
    page = client.get(reverse("institutions:institution", args=[home.at.pk])).content.decode()
    assert BADGE in page
    asked = Membership.objects.get(user=new)
    client.post(reverse("institutions:approve_member", args=[home.at.pk, asked.pk]))
    assert selectors.roles_at(new, home.at.pk) == {"researcher"}
    assert events(home.at) == ["membership.requested", "membership.approved"]


def test_the_database_keeps_nobody_active_whom_nobody_approved(home) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            institution=home.at,
            user=home.outsider,
            status="active",
            basis="domain",
            roles=["researcher"],
            started_at=clock.now(),
        )


@pytest.mark.parametrize(
    "email",
    [
        "eve@mail.fjordheim.example",  # a subdomain
        "eve@fjordheim.example.evil.example",
        "eve@xfjordheim.example",
        "eve@fjordheim.exampl",
        "eve@fjоrdheim.example",  # a Cyrillic letter
        "eve@fjordhеim.example",
        "fjordheim.example@evil.example",
    ],
)
def test_a_look_alike_or_subdomain_waits_for_somebody(client, home, verified, email: str) -> None:
    verified()
    eve = person("Eve", email)
    sign_in(client, eve)
    assert selectors.offers(eve) == []
    client.post(reverse("institutions:ask", args=[home.at.pk]), {"message": "I am Kari"})
    assert Membership.objects.get(user=eve).status == "pending"
    assert selectors.roles_at(eve, home.at.pk) == frozenset()
    sign_in(client, home.boss)
    page = client.get(reverse("institutions:institution", args=[home.at.pk])).content.decode()
    assert "I am Kari" in page
    assert BADGE not in page, "a look-alike is not taken for the institution's own"


def test_an_address_that_was_not_verified_opens_nothing(home, verified) -> None:
    verified()
    eve = person("Eve", "eve@evil.example")
    EmailAddress.objects.create(
        user=eve, email="eve@fjordheim.example", verified=False, primary=False
    )
    assert selectors.offers(eve) == []


def test_a_domain_that_was_not_verified_opens_nothing(home) -> None:
    MailDomain.objects.create(institution=home.at, domain="example.no", added_by=home.boss)
    assert selectors.offers(home.outsider) == []
    commands.ask(home.outsider, home.at, "")
    assert [held.hint for held in selectors.hinted(selectors.requests(home.at))] == [""]


def test_a_public_mail_host_never_opens_an_institution(home, verified) -> None:
    verified("gmail.com")
    assert selectors.offers(person("Eve", "eve@gmail.com")) == []


def test_a_request_is_approved_by_the_institutions_administrator(client, home) -> None:
    sign_in(client, home.outsider)
    client.post(reverse("institutions:ask", args=[home.at.pk]), {"message": "Hi, I am Ola."})
    asked = Membership.objects.get(user=home.outsider)
    assert mailed() == ["boss@fjordheim.example"]
    sign_in(client, home.boss)
    page = client.get(reverse("institutions:institution", args=[home.at.pk])).content.decode()
    assert "Hi, I am Ola." in page
    assert "Ola asks to join" in client.get("/me/").content.decode()
    client.post(reverse("institutions:approve_member", args=[home.at.pk, asked.pk]))
    assert selectors.roles_at(home.outsider, home.at.pk) == {"researcher"}
    assert mailed()[-1] == "ola@example.no"
    assert events(home.at) == ["membership.requested", "membership.approved"]
    written = Event.objects.get(type="membership.requested")
    assert "Ola" not in str(written.data), "personal words stand beside the chain"


def test_a_declined_request_gives_nothing_and_may_be_asked_again(client, home) -> None:
    asked = commands.ask(home.outsider, home.at, "")
    sign_in(client, home.boss)
    client.post(reverse("institutions:decline_member", args=[home.at.pk, asked.pk]))
    assert selectors.roles_at(home.outsider, home.at.pk) == frozenset()
    assert commands.ask(home.outsider, home.at, "").status == "pending"


def test_asking_twice_is_asking_once(home) -> None:
    commands.ask(home.outsider, home.at, "")
    with pytest.raises(commands.Refused):
        commands.ask(home.outsider, home.at, "")


def test_nobody_decides_on_their_own_request(client, home) -> None:
    admin = home.agency_admin
    Membership.objects.filter(institution=home.elsewhere).update(
        status="ended", ended_by=home.foreign_boss, ended_at=clock.now()
    )
    asked = commands.ask(admin, home.elsewhere, "")
    with pytest.raises(commands.Forbidden):
        commands.decide(asked, admin, approve=True)


def test_where_nobody_administers_an_agency_decides(client, home) -> None:
    Membership.objects.filter(institution=home.elsewhere).update(
        status="ended", ended_by=home.foreign_boss, ended_at=clock.now()
    )
    asked = commands.ask(home.outsider, home.elsewhere, "")
    assert mailed() == [home.agency_admin.email]
    sign_in(client, home.agency_admin)
    assert "Annet institutt" in client.get(reverse("institutions:registrations")).content.decode()
    client.post(reverse("institutions:approve_member", args=[home.elsewhere.pk, asked.pk]))
    assert selectors.is_member(home.outsider, home.elsewhere.pk)


def test_an_agency_leaves_institutions_with_an_administrator_alone(client, home) -> None:
    asked = commands.ask(home.outsider, home.at, "")
    sign_in(client, home.agency_admin)
    answer = client.post(reverse("institutions:approve_member", args=[home.at.pk, asked.pk]))
    assert answer.status_code == 404
    assert not selectors.is_member(home.outsider, home.at.pk)


def test_two_at_once_decide_once(home) -> None:
    asked = commands.ask(home.outsider, home.at, "")
    commands.decide(asked, home.boss, approve=True)
    with pytest.raises(commands.Refused):
        commands.decide(asked, home.boss, approve=False)
    assert selectors.is_member(home.outsider, home.at.pk)


def test_the_search_finds_nordic_letters_and_numbers(home) -> None:
    Institution.objects.filter(pk=home.at.pk).update(name="Ærfuglsenteret", org_number="899999118")
    assert [i.pk for i in selectors.search("æRFUGL", home.outsider)] == [home.at.pk]
    assert [i.pk for i in selectors.search("899 999 118", home.outsider)] == [home.at.pk]
    assert selectors.search("  ", home.outsider) == []
    assert selectors.search("ærfugl", home.colleague) == [], "where one belongs is not offered"
