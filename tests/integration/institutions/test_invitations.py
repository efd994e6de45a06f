"""An invitation counts once, for fourteen days, for the address it was sent to."""

import re
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.serializers import serialize
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from institutions import commands, selectors
from institutions.commands.invitations import digest_of
from institutions.models import Invitation, Membership
from portal import clock
from portal.events.models import Event, OutboxEntry
from tests.people import person, sign_in

pytestmark = pytest.mark.django_db


def mails() -> list[dict]:
    found = OutboxEntry.objects.filter(kind="mail.send").order_by("pk")
    return [entry.payload for entry in found]


def secret_of(mail: dict) -> str:
    found = re.search(r"/invitations/([^/\s]+)/", mail["body"])
    assert found
    return found[1]


def invited(home, email: str = "new@elsewhere.example", **more) -> str:
    """Invites and gives the secret of the link in the mail."""
    commands.invite(home.at, home.boss, email, ["researcher"], **more)
    return secret_of(mails()[-1])


def page(secret: str) -> str:
    return reverse("institutions:invitation", args=[secret])


def test_somebody_is_invited_and_joins_with_the_link(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    client.post(
        reverse("institutions:invite", args=[home.at.pk]),
        {"email": "New@Elsewhere.example", "roles": ["researcher"]},
    )
    assert (
        "new@elsewhere.example"
        in client.get(reverse("institutions:institution", args=[home.at.pk])).content.decode()
    )
    new = person("Nora", "new@elsewhere.example")
    link = page(secret_of(mails()[-1]))
    sign_in(client, new)
    assert home.at.name in client.get(link).content.decode()
    assert not selectors.is_member(new, home.at.pk), "opening the link is not joining"
    client.post(link)
    assert selectors.roles_at(new, home.at.pk) == {"researcher"}
    held = Membership.objects.get(user=new)
    assert (held.basis, held.decided_by) == ("invitation", home.boss)
    assert mails()[-1]["to"] == home.boss.email
    assert client.get(link).status_code == 404, "once"


def test_the_link_holds_256_random_bits_and_only_a_digest_is_stored(home) -> None:
    secret = invited(home)
    assert len(urlsafe_b64decode(secret + "=")) == 32
    kept = Invitation.objects.get()
    assert kept.link_digest == digest_of(secret)
    assert secret not in serialize("json", [kept])
    for event in Event.objects.all():
        assert secret not in str(event.data)
        assert "elsewhere" not in str(event.data)


def test_known_and_unknown_addresses_are_answered_alike(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    address = reverse("institutions:invite", args=[home.at.pk])
    answers, bodies = [], []
    for email in (home.outsider.email, "nobody@nowhere.example"):
        answer = client.post(address, {"email": email, "roles": ["researcher"]}, follow=True)
        answers.append([str(message) for message in answer.context["messages"]])
        bodies.append(re.sub(r"/invitations/[^/]+/", "", mails()[-1]["body"]))
    assert answers[0] == answers[1]
    assert bodies[0] == bodies[1]


def test_a_link_that_was_passed_on_opens_nothing_and_names_nobody(home) -> None:
    secret = invited(home)
    client = sign_in(Client(), home.outsider)
    for answer in (client.get(page(secret)), client.post(page(secret))):
        assert answer.status_code == 403
        assert home.at.name not in answer.content.decode()
        assert "new@elsewhere.example" not in answer.content.decode()
    assert not selectors.is_member(home.outsider, home.at.pk)
    # A typed address is not a verified one.
    held = EmailAddress.objects.create(
        user=home.outsider, email="new@elsewhere.example", verified=False
    )
    assert client.post(page(secret)).status_code == 403
    held.verified = True
    held.save()
    client.post(page(secret))
    assert selectors.is_member(home.outsider, home.at.pk)


def test_used_revoked_old_unknown_and_orphaned_links_are_answered_alike(home) -> None:
    new = person("Nora", "new@elsewhere.example")
    client, bodies = sign_in(Client(), new), []

    def gone(secret: str) -> None:
        for answer in (client.get(page(secret)), client.post(page(secret))):
            assert answer.status_code == 404
            bodies.append(re.findall(r"(?s)<main.*</main>", answer.content.decode())[0])

    gone("unknown" * 6)
    first = invited(home)
    second = invited(home)
    gone(first)  # a later invitation replaces it
    commands.revoke(Invitation.objects.get(link_digest=digest_of(second)), home.boss)
    gone(second)
    third = invited(home)
    with clock.frozen(clock.now() + timedelta(days=14)):
        client = sign_in(Client(), new)
        gone(third)
    client = sign_in(Client(), new)
    commands.change(home.colleague_member, home.boss, ["administrator"])
    commands.change(home.boss_member, home.colleague, ["researcher"])
    gone(third)  # who invited may let nobody in any more
    assert len(set(bodies)) == 1
    assert not selectors.is_member(new, home.at.pk)


def test_no_link_stands_in_the_log(home, caplog) -> None:
    secret = invited(home)
    client = sign_in(Client(), home.outsider)
    for opened in (secret, "unknown-secret"):
        client.get(page(opened))
        assert opened not in caplog.text


def test_a_visitor_signs_in_first_whatever_the_link(home) -> None:
    answers = {Client().get(page(s)).url.split("?")[0] for s in (invited(home), "unknown")}
    assert answers == {reverse("account_login")}


def test_an_invitation_gives_no_authority_to_sign_and_nobody_invites_themselves(home) -> None:
    for roles in (["signatory"], ["researcher", "signatory"], [], ["owner"]):
        with pytest.raises(commands.Refused):
            commands.invite(home.at, home.boss, "x@y.example", roles)
    with pytest.raises(commands.Refused):
        commands.invite(home.at, home.boss, home.boss.email, ["researcher"])
    with pytest.raises(commands.Forbidden):
        commands.invite(home.at, home.colleague, "x@y.example", ["researcher"])
    with pytest.raises(commands.Forbidden):
        commands.invite(home.elsewhere, home.boss, "x@y.example", ["researcher"])


def test_the_database_keeps_an_invitation_from_being_used_too_late_or_twice_open(home) -> None:
    invited(home)
    kept = Invitation.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.update(used_by=home.outsider, used_at=clock.now() + timedelta(days=15))
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.update(roles=["signatory"])
    one = kept.get()
    one.pk, one.link_digest = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_a_request_that_waits_is_approved_by_the_invitation(home) -> None:
    commands.ask(home.outsider, home.at, "")
    last = clock.today("UTC") + timedelta(days=90)
    secret = invited(home, home.outsider.email, valid_until=last)
    commands.accept(secret, home.outsider)
    held = Membership.objects.get(user=home.outsider)
    assert (held.status, held.valid_until) == ("active", last)
