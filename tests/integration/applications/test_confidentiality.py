"""Everybody with access confirms the duty of confidentiality by themselves, and nobody for another."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from applications import selectors
from applications.commands import Actor, Forbidden, NotFound, execute
from applications.models import (
    Application,
    ConfidentialityConfirmation,
    ConfidentialityLink,
    Row,
    Submission,
)
from applications.selectors import confidentiality as selected
from institutions.commands.invitations import digest_of
from portal import clock
from portal.events.models import Event
from portal.events.outbox import run_due
from portal.local import seeding
from tests import snapshots
from tests.integration.applications.people import mails, secret_for
from tests.people import person, sign_in

PEOPLE = [
    {"name": "Anja Røed", "institution": "Fjordbyen", "email": "Anja@one.example"},
    {"name": "Per Kvam", "institution": "Elsewhere", "email": "per@two.example"},
    {"name": "Tor Elvestad", "institution": "Fjordbyen"},
]


@pytest.fixture
def case(world):
    snapshots.begun_with("people to be asked", lambda: _sent(world), after="people")
    return Application.objects.get()


def _sent(world) -> None:
    case = world.complete()
    Row.objects.filter(application=case, list_path="persons").delete()
    world.do("import_rows", case, "applicant", {"list": "persons", "rows": PEOPLE})
    seeding.send(case, world["applicant"], 0)
    run_due()


def send_again(case) -> None:
    """What stands in the rows now is what was sent last."""
    Submission.objects.create(
        application=case,
        sequence=case.submissions.count() + 1,
        document=selectors.document(case),
        digest="0" * 64,
        declaration="yes",
        submitted_by=case.owner,
        submitted_at=clock.now(),
    )


@pytest.fixture
def anja(world):
    return person("Anja Røed", "anja@one.example")


def page(secret):
    return reverse("applications:confirm_confidentiality", args=[secret])


def digest(case):
    return selectors.scheme_of(case).confidentiality.digest(case.language)


def confirm(secret, user, case):
    by = Actor(user=user, secret=secret)
    return execute("confirm_confidentiality", case.pk, by, {"read": digest(case)})


def test_who_was_sent_a_link_reads_the_text_in_the_letters_language_and_confirms(
    world, case, anja, client
):
    secret = secret_for("anja@one.example")
    assert Client().get(page(secret))["Location"].startswith(reverse("account_login"))
    sign_in(client, anja)
    shown = client.get(page(secret)).content.decode()
    assert case.number in shown
    duty = selectors.scheme_of(case).confidentiality
    for paragraph in duty.text:
        assert paragraph(case.language) in shown
    refused = client.post(page(secret), {"read": digest(case)})
    assert refused.status_code == 422, "the box is theirs to tick"
    stale = client.post(page(secret), {"read": "0" * 64, "confirmed": "yes"})
    assert stale.status_code == 422, "another text than the one that counts"
    assert not ConfidentialityConfirmation.objects.exists()
    done = client.post(page(secret), {"read": digest(case), "confirmed": "yes"}, follow=True)
    assert done.status_code == 200
    kept = ConfidentialityConfirmation.objects.get()
    assert (kept.person, kept.email) == (anja, "anja@one.example")
    assert (kept.text_digest, kept.language) == (digest(case), case.language)
    event = Event.objects.get(type="application.confirm_confidentiality")
    assert event.actor == f"user:{anja.pk}"
    assert event.data["text"] == digest(case)
    assert event.data["words"] == duty.words(case.language)
    assert "anja" not in str(event.data)
    client.post(page(secret), {"read": digest(case), "confirmed": "yes"})
    assert ConfidentialityConfirmation.objects.count() == 1, "once"


def test_the_applicant_and_the_case_officer_see_how_many_and_who_is_missing(world, case, anja):
    confirm(secret_for("anja@one.example"), anja, case)
    told = selected.of_case(case)
    assert told is not None
    assert (told.confirmed, len(told.people)) == (1, 3)
    assert [p.name for p in told.missing] == ["Per Kvam", "Tor Elvestad"]
    applicant = sign_in(Client(), world["applicant"])
    overview = applicant.get(reverse("applications:overview", args=[case.pk])).content.decode()
    address = reverse("applications:confirmations", args=[case.pk])
    assert address in overview
    shown = applicant.get(address).content.decode()
    assert all(p["name"] in shown for p in PEOPLE)
    officer = sign_in(Client(), world["case_officer"])
    seen = officer.get(reverse("cases:case", args=[case.agency, case.pk])).context
    assert seen["confidentiality"].confirmed == 1
    assert officer.get(address).status_code == 302, "the page is the applicant's"


def test_who_stands_in_the_list_with_another_address_later_confirms_anew(world, case, anja):
    confirm(secret_for("anja@one.example"), anja, case)
    row = Row.objects.get(application=case, data__name="Anja Røed")
    row.data["email"] = "anja@new.example"
    row.save()
    assert selected.of_case(case).confirmed == 1, "what is not sent is nobody's to know"
    send_again(case)
    told = selected.of_case(case)
    assert told is not None
    assert told.confirmed == 0
    execute("ask_confidentiality", case.pk, Actor(name="worker"))
    run_due()
    EmailAddress.objects.create(user=anja, email="anja@new.example", verified=True)
    confirm(secret_for("anja@new.example"), anja, case)
    told = selected.of_case(case)
    assert told is not None
    assert told.confirmed == 1
    assert ConfidentialityConfirmation.objects.filter(person=anja).count() == 2


def test_a_lost_mail_is_no_hindrance_the_persons_own_page_leads_there(world, case, anja):
    def offered(client) -> list[str]:
        shown = client.get(reverse("accounts:me")).content.decode()
        return re.findall(r'href="(/applications/confidentiality/[^"]+)"', shown)

    mine = sign_in(Client(), anja)
    [address] = offered(mine)
    assert case.number in mine.get(address).content.decode()
    assert sign_in(Client(), world["applicant"]).get(address).status_code == 403
    assert offered(sign_in(Client(), person("Nn", "nn@else.example"))) == []
    mine.post(address, {"read": digest(case), "confirmed": "yes"})
    assert ConfidentialityConfirmation.objects.get().person == anja
    assert offered(mine) == []
    Row.objects.filter(application=case, data__name="Per Kvam").delete()
    send_again(case)
    assert offered(sign_in(Client(), person("Per Kvam", "per@two.example"))) == []


def test_nobody_confirms_for_another(world, case, anja):
    secret = secret_for("anja@one.example")
    for user in (world["applicant"], person("Per Kvam", "per@two.example")):
        client = sign_in(Client(), user)
        for answer in (client.get(page(secret)), client.post(page(secret), {"confirmed": "yes"})):
            assert answer.status_code == 403
            assert case.number not in answer.content.decode()
        with pytest.raises((Forbidden, NotFound)):
            confirm(secret, user, case)
    facts = {
        "application": case,
        "scheme_version": "2026-1",
        "language": "nb",
        "text_digest": digest(case),
        "confirmed_at": clock.now(),
    }
    refused = [
        {"person": world["applicant"], "email": "anja@one.example"},
        {"person": anja, "email": "per@two.example"},
        {"person": world["applicant"], "email": world["applicant"].email},  # not in the list
    ]
    for who in refused:
        with pytest.raises(Error), transaction.atomic():
            ConfidentialityConfirmation.objects.create(**facts, **who)
    made = ConfidentialityConfirmation.objects.create(
        **facts, person=anja, email="anja@one.example"
    )
    made.pk = None
    with pytest.raises(Error), transaction.atomic():
        made.save(force_insert=True)
    for words in ("UPDATE {} SET confirmed_at = now()", "DELETE FROM {}"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words.format("applications_confidentialityconfirmation"))


def test_old_replaced_and_unknown_links_and_those_of_who_was_taken_off_are_alike(
    world, case, anja, caplog
):
    bodies = []

    def gone(secret):
        client = sign_in(Client(), anja)
        for answer in (client.get(page(secret)), client.post(page(secret), {"confirmed": "yes"})):
            assert answer.status_code == 404
            bodies.append(re.findall(r"(?s)<main.*</main>", answer.content.decode())[0])

    gone("unknown" * 6)
    first = secret_for("anja@one.example")
    with clock.frozen(clock.now() + timedelta(days=15)):
        gone(first)
        world.do("ask_confidentiality", case, "applicant")
    gone(first)
    last = secret_for("anja@one.example")
    assert ConfidentialityLink.objects.get(email="anja@one.example").link_digest == digest_of(last)
    Row.objects.filter(application=case, data__name="Anja Røed").delete()
    send_again(case)
    gone(last)
    assert len(set(bodies)) == 1
    assert first not in caplog.text


def test_who_has_not_confirmed_is_reminded_and_not_twice_a_day(world, case, anja):
    confirm(secret_for("anja@one.example"), anja, case)
    client = sign_in(Client(), world["applicant"])
    address = reverse("applications:confirmations", args=[case.pk])
    client.post(address)
    assert mails() == [], "everybody was asked today"
    with clock.frozen(clock.now() + timedelta(days=2)):
        client = sign_in(Client(), world["applicant"])
        client.post(address)
        assert [m["to"] for m in mails()] == ["per@two.example"]
        client.post(address)
        assert len(mails()) == 1
    with pytest.raises(Forbidden):
        world.do("ask_confidentiality", case, "case_officer")


def test_the_worker_asks_everybody_when_the_application_is_sent_and_once_only(world, case):
    assert ConfidentialityLink.objects.count() == 2
    run_due()
    execute("ask_confidentiality", case.pk, Actor(name="worker"))
    assert set(ConfidentialityLink.objects.values_list("times", flat=True)) == {1}
    draft = world.draft()
    assert selected.of_case(draft) is None
