"""What the page of an institution tells of its cases, and what a draft begins with."""

import pytest
from django.urls import reverse

from applications.commands import Actor, create
from applications.models import Submission
from institutions import commands as institutions
from institutions import moves
from institutions.models import Institution, InstitutionDetails
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


def test_a_form_says_who_answers_for_data_protection_at_the_institution(client, db) -> None:
    at = institution("Staden", country="SE", org_number="9999990006")
    user = person("Sara", "sara@x.example", language="sv")
    member(user, at)
    case = create(Actor(user=user), "SOS", "sv", at.pk)
    sign_in(client, user)
    ethics, registers = (
        reverse("applications:section", args=[case.pk, part]) for part in ("ethics", "registers")
    )
    assert "ombud@x.example" not in client.get(ethics).content.decode(), "nothing is known yet"
    InstitutionDetails.objects.create(
        institution=at, protection_mail="ombud@x.example", changed_by=user
    )
    assert 'href="mailto:ombud@x.example"' in client.get(ethics).content.decode()
    assert "ombud@x.example" not in client.get(registers).content.decode(), "not asked there"


def merged(world, case):
    """The institution that the case's own is merged into by two administrators."""
    person("Keeper", "keeper@agency.example")
    kept, gone = institution("Hovedinstituttet", org_number=""), case.institution
    Institution.objects.filter(pk=gone.pk).update(org_number="")
    one, two = (staff("agency_admin", agency) for agency in ("DST", "SOS"))
    gone.refresh_from_db()
    seen = moves.digest(kept, gone)
    held = institutions.propose_merge(kept, gone, one, "Same", seen)
    return institutions.confirm_merge(held, two, seen)


def test_a_submitted_case_follows_and_what_was_sent_stays(client, world) -> None:
    case = world.submitted()
    before, sent = case.institution, Submission.objects.get(application=case)
    kept = merged(world, case)
    case.refresh_from_db()
    assert (case.institution, case.state) == (kept, "submitted")
    after = Submission.objects.get(application=case)
    assert (after.digest, after.document) == (sent.digest, sent.document)
    assert before.name in str(after.document)
    assert kept.name.lower() in case.search_names, "officers find it by its institution's name"
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:overview", args=[case.pk]))
    assert page.status_code == 200
    client.cookies["django_language"] = "en"
    history = client.get(reverse("applications:history", args=[case.pk])).content.decode()
    assert "merged into another" in history


def test_whoever_administers_the_kept_one_sees_the_case_that_came(client, world) -> None:
    case = world.submitted()
    boss, left = person("Boss", "boss@x.example"), person("Left", "left@x.example")
    kept = merged(world, case)
    member(boss, kept, "administrator")
    link = reverse("applications:overview", args=[case.pk])
    sign_in(client, boss)
    assert client.get(link).status_code == 200
    sign_in(client, left)
    assert client.get(link).status_code == 404
