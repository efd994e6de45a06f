"""Who says that they may sign for an institution: shown, with a document, decided by somebody else."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from institutions import claims, commands, selectors
from institutions.commands.authority import checked
from institutions.commands.common import Forbidden, Refused
from institutions.models import AuthorityClaim, Institution, Membership
from portal import clock
from portal.events.models import Event, OutboxEntry
from tests.people import give, member, person, sign_in

pytestmark = pytest.mark.django_db


def claim_of(title: str = "Direktør") -> commands.Claim:
    return commands.Claim(title, "Stilling", date(2026, 1, 1), None, "a" * 64, "fullmakt.pdf", 9)


def scanned(claim: AuthorityClaim, status: str = "clean") -> None:
    refusal = "" if status == "clean" else "script"
    checked(claim.document, {"status": status, "refusal": refusal, "scanner": "test"})


@pytest.fixture
def alone(home):
    """A registered institution that an agency confirmed; its only administrator claims to sign."""
    made = commands.register(home.outsider, "Nytt", "NO", "research_institution", "899999126")
    commands.decide_institution(made, home.agency_admin, confirm=True)
    home.new = Institution.objects.get(pk=made.pk)
    held = Membership.objects.get(user=home.outsider)
    home.claim = commands.claim_authority(held, home.outsider, claim_of())
    return home


def test_a_claim_gives_no_right_until_somebody_else_confirms_it(alone) -> None:
    assert selectors.roles_at(alone.outsider, alone.new.pk) == {"administrator", "researcher"}
    scanned(alone.claim)
    with pytest.raises(Forbidden):
        commands.decide_claim(alone.claim, alone.outsider, confirm=True)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor past the code
        AuthorityClaim.objects.update(confirmed=True, ended_by=alone.outsider, ended_at=clock.now())
    commands.decide_claim(alone.claim, alone.agency_admin, confirm=True)
    held = Membership.objects.get(user=alone.outsider)
    assert "signatory" in selectors.roles_at(alone.outsider, alone.new.pk)
    assert (held.title, held.authority_from) == ("Direktør", date(2026, 1, 1))
    with pytest.raises(Refused):
        commands.decide_claim(alone.claim, alone.agency_admin, confirm=True)


@pytest.mark.parametrize("status", ["waiting", "refused"])
def test_a_claim_is_not_confirmed_while_its_document_is_not_clean(alone, status: str) -> None:
    if status == "refused":
        scanned(alone.claim, "refused")
    with pytest.raises(Refused):
        commands.decide_claim(alone.claim, alone.agency_admin, confirm=True)
    assert "signatory" not in selectors.roles_at(alone.outsider, alone.new.pk)


def test_a_claim_is_declined_with_a_reason_that_the_member_reads(client, alone) -> None:
    with pytest.raises(Refused):
        commands.decide_claim(alone.claim, alone.agency_admin, confirm=False, reason=" ")
    commands.decide_claim(alone.claim, alone.agency_admin, confirm=False, reason="Utgått fullmakt")
    sign_in(client, alone.outsider)
    page = reverse("institutions:claim", args=[alone.new.pk, alone.claim.pk])
    assert "Utgått fullmakt" in client.get(page).content.decode()
    held = Membership.objects.get(user=alone.outsider)
    assert commands.claim_authority(held, alone.outsider, claim_of())  # with a better document


def test_the_institutions_other_administrator_is_asked_before_any_agency(home) -> None:
    held = home.colleague_member
    made = commands.claim_authority(held, home.colleague, claim_of())
    assert claims.deciders(made) == [home.boss]
    assert list(claims.for_decision_by(home.boss)) == [made]
    assert list(claims.for_decision_by(home.agency_admin)) == []
    assert list(claims.for_decision_by(home.foreign_boss)) == []
    scanned(made)
    commands.decide_claim(made, home.boss, confirm=True)
    assert home.colleague in selectors.signatories(home.at)


def test_nobody_from_elsewhere_reads_or_decides_a_claim(client, alone) -> None:
    page = reverse("institutions:claim", args=[alone.new.pk, alone.claim.pk])
    elsewhere = reverse("institutions:claim", args=[alone.at.pk, alone.claim.pk])
    for who in (alone.boss, alone.officer, alone.colleague):
        sign_in(client, who, fresh=True)
        assert client.get(page).status_code == 404
        assert client.post(page, {"act": "confirm"}).status_code == 404
        with pytest.raises(Forbidden):
            commands.decide_claim(alone.claim, who, confirm=True)
    sign_in(client, alone.agency_admin, fresh=True)
    assert client.get(elsewhere).status_code == 404


def test_an_agencys_administrator_who_belongs_to_the_institution_does_not_decide(alone) -> None:
    own = person("Own", "own@agency.example")
    give(own, "agency_admin", "DST")
    member(own, alone.new)
    scanned(alone.claim)
    assert list(claims.for_decision_by(own)) == []
    with pytest.raises(Forbidden):
        commands.decide_claim(alone.claim, own, confirm=True)


def test_who_registers_and_may_sign_uploads_the_document_and_the_agency_sees_it(
    client, home, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sign_in(client, home.outsider, fresh=True)
    form = {
        "name": "Nytt institutt",
        "country": "NO",
        "kind": "research_institution",
        "org_number": "899999126",
        "signs": "on",
    }
    claim_page = client.post(reverse("institutions:register"), form).url
    assert client.get(claim_page).status_code == 200
    said = {"title": "Rektor", "authority": "Styrevedtak 3/2026", "authority_from": "2026-01-01"}
    without = client.post(claim_page, said)
    assert "Styrevedtak 3/2026" in without.content.decode(), "nothing typed is lost"
    assert not AuthorityClaim.objects.exists()
    paper = SimpleUploadedFile("fullmakt.pdf", b"%PDF-1.7", "application/pdf")
    assert client.post(claim_page, {**said, "document": paper}).status_code == 302
    made = AuthorityClaim.objects.get()
    assert OutboxEntry.objects.filter(kind="authority.check").exists()
    sign_in(client, home.agency_admin, fresh=True)
    waiting = client.get(reverse("institutions:registrations")).content.decode()
    page = reverse("institutions:claim", args=[made.membership.institution_id, made.pk])
    assert page in waiting
    client.post(reverse("institutions:confirm", args=[made.membership.institution_id]))
    mails = OutboxEntry.objects.filter(kind="mail.send", payload__to=home.agency_admin.email)
    assert any(page in entry.payload["body"] for entry in mails)
    assert "Rektor" in client.get(page).content.decode()
    early = client.post(page, {"act": "confirm"})
    assert "still being checked" in early.content.decode()
    scanned(made)
    assert client.post(page, {"act": "confirm"}).status_code == 302
    assert "signatory" in selectors.roles_at(home.outsider, made.membership.institution_id)
    types = Event.objects.filter(type__startswith="membership.authority").order_by("sequence")
    assert [e.type for e in types] == [
        "membership.authority_document",
        "membership.authority_claimed",
        "membership.authority_confirmed",
    ]


def test_deciding_a_claim_asks_for_a_fresh_sign_in(client, alone) -> None:
    scanned(alone.claim)
    sign_in(client, alone.agency_admin)
    page = reverse("institutions:claim", args=[alone.new.pk, alone.claim.pk])
    client.post(page, {"act": "confirm"})
    assert "signatory" not in selectors.roles_at(alone.outsider, alone.new.pk)


def test_a_claim_is_taken_back_and_ends_with_the_membership(client, alone, home) -> None:
    sign_in(client, alone.outsider, fresh=True)
    client.post(reverse("institutions:claim", args=[alone.new.pk, alone.claim.pk]), {"act": "x"})
    alone.claim.refresh_from_db()
    assert (alone.claim.confirmed, alone.claim.ended_by) == (None, alone.outsider)
    other = commands.claim_authority(home.colleague_member, home.colleague, claim_of())
    commands.end(home.colleague_member, home.colleague)
    other.refresh_from_db()
    assert other.ended_at is not None


def test_one_claim_at_a_time_and_none_for_who_signs_already(alone, home) -> None:
    held = Membership.objects.get(user=alone.outsider)
    with pytest.raises(Refused):
        commands.claim_authority(held, alone.outsider, claim_of())
    with pytest.raises(Refused):
        commands.claim_authority(home.signatory_member, home.signatory, claim_of())
    with pytest.raises(Forbidden):
        commands.claim_authority(home.colleague_member, home.boss, claim_of())


def test_an_administrator_makes_no_signatory_without_a_document(home) -> None:
    with pytest.raises(Refused):
        commands.change(home.colleague_member, home.boss, ["signatory"], "Leder", "Stilling")
    commands.add_document(home.colleague_member, home.boss, "b" * 64, "x.pdf", 1)
    commands.change(home.colleague_member, home.boss, ["signatory"], "Leder", "Stilling")
    assert home.colleague in selectors.signatories(home.at)


def test_asking_to_belong_makes_nobody_a_signatory_in_the_database_either(home) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=home.outsider, institution=home.at, roles=["signatory"], title="x", authority="y"
        )
