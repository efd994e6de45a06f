"""How people are told: at once, once a day together, or not by mail; and all that is stored of them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from portal import clock
from portal.accounts import exporting, notices
from portal.accounts.enums import NotificationKind
from portal.accounts.models import DigestLine
from portal.events import outbox
from portal.events.models import OutboxEntry
from tests.integration.applications.conftest import World, world  # noqa: F401
from tests.people import person, sign_in

CASE = NotificationKind.CASE


def mails() -> list[dict]:
    return [e.payload for e in OutboxEntry.objects.filter(kind="mail.send").order_by("pk")]


def told(user, number: int) -> None:
    link = f"https://x.example/{number}"
    notices.tell(user, CASE, f"Sak {number}", f"Noe skjedde.\n\n{link}", f"k{number}", link)


def test_without_a_choice_a_mail_comes_at_once_and_once(db):
    user = person("Kari", language="nb")
    told(user, 1)
    told(user, 1)
    assert [m["subject"] for m in mails()] == ["Sak 1"]


def test_once_a_day_everything_comes_in_one_mail_and_only_once(db):
    user = person("Kari", language="nb")
    notices.choose(user, {"case": "daily"})
    for number in (1, 2, 2):
        told(user, number)
    assert mails() == []
    assert notices.send_digests() == 1
    (mail,) = mails()
    assert mail["to"] == user.email
    assert mail["language"] == "nb"
    assert "2" in mail["subject"]
    for link in ("https://x.example/1", "https://x.example/2"):
        assert mail["body"].count(link) == 1
    assert notices.send_digests() == 0
    assert DigestLine.objects.filter(sent_at=None).count() == 0


def test_not_by_mail_means_none_and_nothing_is_kept_for_later(db):
    user = person("Kari")
    notices.choose(user, {"case": "none"})
    told(user, 1)
    notices.choose(user, {"case": "daily"})
    assert notices.send_digests() == 0
    assert mails() == []


def test_what_must_be_acted_on_comes_at_once_whatever_was_chosen(world, mailoutbox):  # noqa: F811
    case = world.submitted()
    owner = world["applicant"]
    notices.choose(owner, {"case": "none"})
    while outbox.run_due(limit=50):
        pass
    mailoutbox.clear()
    world.do("send_message", case, "case_officer", {"body": "Hei."})
    outbox.run_due(limit=50)
    assert [m for m in mailoutbox if m.to == [owner.email]] == []
    due = clock.today("Europe/Oslo") + timedelta(days=14)
    world.do("return", case, "case_officer", {"points": [{"text": "Mangler."}], "due_on": due})
    while outbox.run_due(limit=50):
        pass
    assert len([m for m in mailoutbox if m.to == [owner.email]]) == 1


def test_the_choice_is_made_on_a_page_and_said_in_its_language(client, db):
    user = person("Kari", language="sv")
    sign_in(client, user)
    address = reverse("accounts:notifications")
    assert client.get(address).status_code == 200
    answer = client.post(address, {"case": "daily", "institution": "none"})
    assert answer.status_code == 302
    assert notices.ways(user) == {"case": "daily", "institution": "none"}
    assert client.post(address, {"case": "hourly", "institution": "none"}).status_code == 422
    with pytest.raises(ValueError, match="decision"):
        notices.choose(user, {"decision": "none"})


def test_everything_stored_about_a_person_is_given_to_them_and_nothing_of_others(world, client):  # noqa: F811
    case = world.submitted()
    world.do("send_message", case, "applicant", {"body": "Min egen melding."})
    world.do("send_message", case, "case_officer", {"body": "Svar fra saksbehandler."})
    world.do("add_note", case, "case_officer", {"body": "Internt om saken."})
    sign_in(client, world["applicant"], fresh=True)
    page = client.post(reverse("accounts:everything")).url
    while outbox.run_due(kinds=["account.export"]):
        pass
    answer = client.get(f"{page}file/")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    found = json.loads(text)
    assert found["person"]["email"] == world["applicant"].email
    assert case.number in [c["number"] for c in found["applications"]["cases"]]
    assert "Min egen melding." in text
    assert found["institutions"]["memberships"]
    for foreign in ("Internt om saken.", "Svar fra saksbehandler.", world["colleague"].email):
        assert foreign not in text
    assert client.get(reverse("accounts:everything")).status_code == 405


def test_staff_get_their_roles_in_the_export(world):  # noqa: F811
    found = json.loads(exporting.export(world["case_officer"]))
    assert [r["role"] for r in found["account"]["staff_roles"]] == ["case_officer"]
