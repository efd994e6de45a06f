"""What the page of an institution tells of its cases, and what a draft begins with."""

import pytest
from django.urls import reverse

from applications.commands import Actor, create
from institutions.models import InstitutionDetails
from tests.people import give, institution, member, person, sign_in, staff

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(client, user, at) -> str:
    sign_in(client, user)
    return client.get(reverse("institutions:institution", args=[at.pk])).content.decode()


def test_who_may_see_a_case_finds_it_on_the_institutions_page(client, world) -> None:
    case = world.submitted()
    at = case.institution
    boss, other = person("Boss", "boss@x.example"), person("Other", "other@x.example")
    person("Keeper", "keeper@agency.example")
    member(boss, at, "administrator")
    member(other, at)
    link = reverse("applications:overview", args=[case.pk])
    assert link in page_of(client, boss, at)
    assert link not in page_of(client, other, at), "a colleague without a part in it"


def test_agencies_see_how_many_cases_there_are_and_reach_their_own(client, world) -> None:
    case = world.submitted()
    at = case.institution
    person("Keeper", "keeper@agency.example")
    admin = staff("agency_admin", "SSB")
    page = page_of(client, admin, at)
    queue = reverse("cases:queue", args=["SSB"])
    assert f'href="{queue}?queue=all' in page
    assert reverse("applications:overview", args=[case.pk]) not in page
    other = person("Elsewhere", "else@agency.example")
    give(other, "agency_admin", "DST")
    assert queue not in page_of(client, other, at)


def test_a_new_application_begins_with_where_invoices_go(db) -> None:
    at = institution("Staden", country="SE", org_number="9999990006")
    user = person("Sara", "sara@x.example", language="sv")
    member(user, at)
    InstitutionDetails.objects.create(
        institution=at,
        invoice_address="Ekonomi\nStorgatan 1\n123 45 Staden",
        invoice_reference="K-17",
        changed_by=user,
    )
    answers = create(Actor(user=user), "SOS", "sv", at.pk).answers["invoice"]
    assert answers["address"] == "Ekonomi, Storgatan 1"
    assert (answers["postalCode"], answers["city"]) == ("123 45", "Staden")
    assert (answers["orgNumber"], answers["reference"]) == ("9999990006", "K-17")
