"""What an institution tells of itself, who may change what of it, and what its page shows."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from institutions import commands
from institutions.commands.details import values_of, version_of
from institutions.models import Institution, InstitutionDetails
from portal import clock
from portal.events.models import Event, OutboxEntry
from tests.people import member, sign_in

pytestmark = pytest.mark.django_db
TYPED = {
    "seen": "0",
    "name_en": "Fjordheim  Institute",
    "postal_address": "Postboks 1\r\n0001 Fjordheim ",
    "invoice_gln": "57 9000 0000 009",
    "invoice_peppol": "0192:899999118",
    "protection_name": "Vera Vern",
    "protection_mail": "vern@fjordheim.example",
}
GOOD_GLN = "5790000000005"


def details_page(home):
    return reverse("institutions:details", args=[home.at.pk])


def save(client, home, **more):
    return client.post(details_page(home), {**TYPED, "invoice_gln": GOOD_GLN, **more})


def test_an_administrator_writes_the_details_and_the_event_says_which(client, home) -> None:
    sign_in(client, home.boss)
    assert save(client, home).status_code == 302
    home.at.refresh_from_db()
    assert home.at.names == {"en": "Fjordheim Institute"}
    held = InstitutionDetails.objects.get()
    assert held.postal_address == "Postboks 1\n0001 Fjordheim"
    assert (held.version, held.changed_by) == (1, home.boss)
    event = Event.objects.get(type="institution.details_changed")
    expected = {
        "name_en", "postal_address", "invoice_gln", "invoice_peppol", "protection_name",
        "protection_mail",
    }  # fmt: skip
    assert set(event.data["fields"]) == expected
    assert "Vera" not in str(event.data), "a person is not named in the chain"
    page = client.get(reverse("institutions:institution", args=[home.at.pk])).content.decode()
    for told in ("Fjordheim Institute", "0001 Fjordheim", GOOD_GLN, "Vera Vern"):
        assert told in page


def test_saving_nothing_new_is_no_event(client, home) -> None:
    sign_in(client, home.boss)
    save(client, home)
    assert save(client, home, seen="1").status_code == 302
    assert Event.objects.filter(type="institution.details_changed").count() == 1
    assert version_of(home.at) == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("invoice_gln", "5790000000009", "check digit"),
        ("invoice_gln", "96385074", "13 digits"),
        ("invoice_peppol", "899999118", "four digits, a colon"),
        ("protection_phone", "ring me", "in digits"),
        ("protection_mail", "", "can be reached"),
        ("invoice_mail", "nobody", "valid email"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(client, home, field, value, told) -> None:
    sign_in(client, home.boss)
    page = save(client, home, **{field: value}).content.decode()
    assert told in page
    assert 'value="0192:899999118"' in page or field == "invoice_peppol"
    assert not InstitutionDetails.objects.exists()


def test_of_two_who_write_at_once_the_second_sees_both_texts(client, home) -> None:
    sign_in(client, home.boss)
    save(client, home)
    answer = save(client, home, postal_address="Another street 2", seen="0")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "0001 Fjordheim" in page
    assert "Another street 2" in page
    assert InstitutionDetails.objects.get().postal_address == "Postboks 1\n0001 Fjordheim"
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    answer = save(client, home, postal_address="Another street 2", seen=seen[1])
    assert answer.status_code == 302
    assert InstitutionDetails.objects.get().postal_address == "Another street 2"


def test_a_name_of_another_institution_cannot_be_taken(client, home) -> None:
    sign_in(client, home.boss)
    page = save(client, home, name_nb="Annet  Institutt").content.decode()
    assert "Another institution is called" in page
    assert not InstitutionDetails.objects.exists()


def test_only_who_keeps_an_institution_reaches_its_details(client, home) -> None:
    for who in (home.colleague, home.signatory, home.foreign_boss, home.outsider, home.officer):
        sign_in(client, who, fresh=True)
        for name in ("details", "identity"):
            page = reverse(f"institutions:{name}", args=[home.at.pk])
            assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
    sign_in(client, home.agency_admin)
    assert client.get(details_page(home)).status_code == 200


def test_its_own_administrator_is_told_whom_to_ask_for_another_name(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    page = client.get(details_page(home)).content.decode()
    assert "changed by an administrator of an agency" in page
    save(client, home, name="Statistisk sentralbyrå", org_number="899999118", kind="state_body")
    before = (home.at.name, home.at.kind, home.at.org_number)
    home.at.refresh_from_db()
    assert (home.at.name, home.at.kind, home.at.org_number) == before
    assert client.get(reverse("institutions:identity", args=[home.at.pk])).status_code == 404
    with pytest.raises(commands.Forbidden):
        commands.change_identity(home.at, home.boss, 0, "X", "NO", "other", "")


IDENTITY = {
    "seen": "0",
    "name": "Fjordheim universitet",
    "country": "NO",
    "kind": "state_body",
    "org_number": "899 999 118",
}


def test_an_agency_administrator_says_which_organisation_it_is(client, home) -> None:
    page = reverse("institutions:identity", args=[home.at.pk])
    sign_in(client, home.agency_admin)
    assert "/accounts/" in client.post(page, IDENTITY)["Location"], "asks for a fresh sign-in"
    sign_in(client, home.agency_admin, fresh=True)
    assert client.post(page, IDENTITY).status_code == 302
    home.at.refresh_from_db()
    assert (home.at.name, home.at.org_number) == ("Fjordheim universitet", "899999118")
    event = Event.objects.get(type="institution.identity_changed")
    assert event.data["before"]["name"] == "Fjordheim institutt"
    assert set(event.data["fields"]) == {"name", "kind", "org_number"}
    told = OutboxEntry.objects.filter(kind="mail.send").values_list("payload", flat=True)
    assert home.boss.email in str(list(told))
    assert client.post(page, {**IDENTITY, "name": "Later"}).status_code == 409


def test_a_number_of_another_institution_is_refused_with_the_way_out(client, home) -> None:
    Institution.objects.filter(pk=home.elsewhere.pk).update(org_number="899999118")
    sign_in(client, home.agency_admin, fresh=True)
    answer = client.post(reverse("institutions:identity", args=[home.at.pk]), IDENTITY)
    assert "merge them instead" in answer.content.decode()
    home.at.refresh_from_db()
    assert home.at.name == "Fjordheim institutt"


def test_nobody_of_an_agency_says_it_of_an_institution_of_their_own(client, home) -> None:
    member(home.agency_admin, home.at)
    sign_in(client, home.agency_admin, fresh=True)
    answer = client.post(reverse("institutions:identity", args=[home.at.pk]), IDENTITY)
    assert answer.status_code == 404


def test_the_database_refuses_numbers_that_cannot_be(home) -> None:
    for wrong in ({"invoice_gln": "12"}, {"invoice_peppol": "x:1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InstitutionDetails.objects.create(
                institution=home.at, changed_by=home.boss, changed_at=clock.now(), **wrong
            )
    assert values_of(home.at)["invoice_gln"] == ""
