"""An institution that is not in the list: registered, and nothing until an agency confirms it."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from institutions import commands, selectors
from institutions.models import Institution, MailDomain, Membership
from portal import clock
from portal.events.models import Event
from tests.people import approved, give, person, sign_in

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Institutt for  prøver",
    "country": "NO",
    "kind": "research_institution",
    "org_number": "899 999 118",
}


def register(client, user, **more):
    sign_in(client, user)
    return client.post(reverse("institutions:register"), {**FORM, **more})


def test_a_registered_institution_waits_and_gives_no_right(client, home) -> None:
    register(client, home.outsider)
    made = Institution.objects.get(org_number="899999118")
    assert (made.name, made.status) == ("Institutt for prøver", "pending")
    assert selectors.roles_at(home.outsider, made.pk) == frozenset()
    assert list(selectors.active_institutions(home.outsider)) == []
    assert selectors.search("prøver", home.colleague) == []
    sign_in(client, home.agency_admin)
    assert "Institutt for prøver waits" in client.get("/me/").content.decode()


def test_an_agency_administrator_confirms_it_with_its_first_administrator(client, home) -> None:
    answer = register(client, home.outsider, signs="on", title="Rektor", authority="Stilling")
    made = Institution.objects.get(org_number="899999118")
    assert answer.url == reverse("institutions:claim_authority", args=[made.pk])
    sign_in(client, home.agency_admin)
    client.post(reverse("institutions:confirm", args=[made.pk]))
    # Who ticked that they may sign has said so, and signs nothing yet.
    assert selectors.roles_at(home.outsider, made.pk) == {"administrator", "researcher"}
    assert list(selectors.administrators(made)) == [home.outsider]
    types = Event.objects.filter(stream=f"institution:{made.pk}").values_list("type", flat=True)
    assert set(types) == {
        "institution.registered",
        "membership.requested",
        "institution.confirmed",
        "membership.approved",
    }


def test_a_declined_institution_gives_no_right_and_frees_its_number(client, home) -> None:
    register(client, home.outsider)
    made = Institution.objects.get(org_number="899999118")
    sign_in(client, home.agency_admin)
    client.post(reverse("institutions:decline", args=[made.pk]))
    assert selectors.roles_at(home.outsider, made.pk) == frozenset()
    assert Membership.objects.get(user=home.outsider).status == "rejected"
    register(client, home.colleague)
    assert Institution.objects.filter(org_number="899999118", status="pending").count() == 1


def test_anothers_organisation_number_cannot_be_taken(client, home) -> None:
    Institution.objects.filter(pk=home.at.pk).update(org_number="899999118")
    answer = register(client, home.outsider)
    assert "is registered already" in answer.content.decode()
    assert Institution.objects.filter(org_number="899999118").count() == 1
    assert not Membership.objects.filter(user=home.outsider).exists()


@pytest.mark.parametrize("number", ["899999117", "", "123"])
def test_a_wrong_number_is_refused(client, home, number: str) -> None:
    assert register(client, home.outsider, org_number=number).status_code == 200
    assert not Institution.objects.filter(name__contains="prøver").exists()


def test_nobody_confirms_what_they_registered(client, home) -> None:
    sign_in(client, home.agency_admin)
    client.post(reverse("institutions:register"), FORM)
    made = Institution.objects.get(org_number="899999118")
    client.post(reverse("institutions:confirm", args=[made.pk]))
    made.refresh_from_db()
    assert made.status == "pending"
    other = person("Other", "other@agency.example")
    give(other, "agency_admin", "DST")
    commands.decide_institution(made, other, confirm=True)
    made.refresh_from_db()
    assert made.status == "confirmed"


def test_the_form_sets_nothing_but_what_it_asks(client, home) -> None:
    register(
        client,
        home.outsider,
        status="confirmed",
        state="confirmed",
        decided_by=str(home.agency_admin.pk),
        registered_by=str(home.boss.pk),
        id=str(home.at.pk),
        roles="signatory",
        agency="SSB",
        source="rcn",
        title="Not asked",
        authority="since the box is not ticked",
    )
    made = Institution.objects.get(org_number="899999118")
    assert made.status == "pending"
    assert made.registered_by == home.outsider
    assert made.pk != home.at.pk
    held = Membership.objects.get(user=home.outsider)
    assert (held.roles, held.title) == (["administrator", "researcher"], "")
    assert not made.approvals.exists()


def test_a_domain_counts_when_an_agency_administrator_verified_it(client, home) -> None:
    new = person("Nora", "nora@fjordheim.example")
    sign_in(client, home.boss)
    client.post(
        reverse("institutions:add_domain", args=[home.at.pk]), {"domain": "Fjordheim.example"}
    )
    assert selectors.offers(new) == []
    domain = MailDomain.objects.get(institution=home.at)
    verify = reverse("institutions:verify_domain", args=[home.at.pk, domain.pk])
    assert client.post(verify).status_code == 404, "not by the institution itself"
    sign_in(client, home.agency_admin)
    client.post(verify)
    assert selectors.offers(new) == [home.at]


def test_a_domain_belongs_to_one_institution(client, home, verified) -> None:
    verified()
    added = commands.add_domain(home.elsewhere, home.foreign_boss, "fjordheim.example")
    with pytest.raises(commands.Refused):
        commands.verify_domain(added, home.agency_admin)


@pytest.mark.parametrize("domain", ["gmail.com", "no domain", "", "localhost"])
def test_a_domain_of_everybody_is_refused(client, home, domain: str) -> None:
    sign_in(client, home.boss)
    client.post(reverse("institutions:add_domain", args=[home.at.pk]), {"domain": domain})
    assert not MailDomain.objects.exists()


def test_an_approval_counts_between_its_days(home) -> None:
    args = (home.at, "SSB", "rcn", home.agency_admin)
    with clock.frozen(datetime(2026, 1, 5, tzinfo=UTC)):
        approved(*args, date(2026, 1, 1), date(2026, 6, 30), "17")
    found = {
        day: (selectors.approval(home.at, "SSB", day) is not None)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    }
    assert list(found.values()) == [False, True, True, False]
    assert selectors.approval(home.at, "DST", date(2026, 2, 1)) is None
    facts = selectors.facts(home.at, "SSB", date(2026, 2, 1))
    assert (facts["approval_source"], facts["approval_number"]) == ("rcn", "17")
    assert selectors.facts(home.at, "SSB", date(2026, 8, 1))["approval_source"] == "none"
    commands.approve_by_decision(*args, date(2026, 3, 1), None, "SSB-2026-00001")
    assert selectors.approval(home.at, "SSB", date(2026, 4, 1)).valid_until is None


def test_another_spelling_of_the_number_finds_the_institution_and_the_way_to_it(
    client, home
) -> None:
    Institution.objects.filter(pk=home.at.pk).update(org_number="899999118")
    page = register(client, home.outsider, org_number="NO 899 999 118 MVA").content.decode()
    assert "is registered already" in page
    assert reverse("institutions:ask", args=[home.at.pk]) in page
    assert 'value="Institutt for  prøver"' in page or 'value="Institutt for prøver"' in page


def test_who_waits_with_the_number_is_not_named_to_others(client, home) -> None:
    register(client, home.colleague, name="Hemmelig institutt")
    page = register(client, home.outsider).content.decode()
    assert "An agency is looking at it" in page
    assert "Hemmelig" not in page


def test_a_similar_name_is_asked_about_and_nothing_typed_is_lost(client, home) -> None:
    wanted = {"name": "Fjordheims Institutt", "signs": "on"}
    page = register(client, home.outsider, **wanted).content.decode()
    assert "Is it one of these?" in page
    assert home.at.name in page
    assert re.search(r'name="signs"[^>]* checked', page)
    assert not Institution.objects.filter(status="pending").exists()
    told = str(home.at.pk)
    register(client, home.outsider, **wanted, none_of_these=told)
    made = Institution.objects.get(status="pending")
    assert made.name == "Fjordheims Institutt"


def test_none_of_these_counts_for_what_was_shown_only(client, home) -> None:
    """Somebody else may have been confirmed meanwhile, or the name was changed to another."""
    page = register(
        client, home.outsider, name="Fjordheims Institutt", none_of_these=str(home.elsewhere.pk)
    )
    assert "Is it one of these?" in page.content.decode()


def test_a_name_in_another_language_is_found_and_another_country_is_not(client, home) -> None:
    Institution.objects.filter(pk=home.at.pk).update(names={"en": "Seaside Institute"})
    page = register(client, home.outsider, name="Seaside Institut").content.decode()
    assert "also found as Seaside Institute" in page
    page = register(
        client, home.outsider, name="Seaside Institut", country="DK", org_number="99999004"
    )
    assert page.status_code == 302
