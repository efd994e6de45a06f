"""A mail reaches its reader once, says little, and asks for no answer."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from portal import clock
from portal.events import claiming, outbox
from portal.events.mail import demo_mails, message_id, queue_mail, send_mail
from portal.events.models import OutboxEntry
from portal.events.outbox import run_due
from portal.events.selectors import dead_entries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered(effects, settings):
    effects["mail.send"] = outbox.Effect("mail.send", send_mail, outbox.Lane.MAIL, forget=True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Tilgang <no-reply@tilgang.example>"


def send(key="receipt:1", subject="Case 26/7", to="kari@example.org"):
    return queue_mail(to, subject, "A message waits.\n\nhttps://tilgang.example/x", key, "nb")


def test_a_queued_mail_goes_out_once_in_plain_text():
    assert send()
    assert not send()
    run_due()
    (sent,) = mail.outbox
    message = sent.message()
    assert sent.to == ["kari@example.org"]
    assert message.get_content_type() == "text/plain"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nb"


def test_the_same_mail_sent_again_by_another_worker_is_recognised_as_the_same():
    send()
    entry = claiming.claim()
    outbox._run(entry)
    OutboxEntry.objects.update(done_at=None, payload=entry.payload)
    run_due()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        run_due()
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first == second == message_id("receipt:1")
    assert first.endswith("@tilgang.example>")
    assert message_id("receipt:2") != first


def test_a_subject_cannot_smuggle_a_header():
    send(subject="Case\r\nBcc: everybody@example.org")
    run_due()
    (sent,) = mail.outbox
    assert sent.subject == "Case Bcc: everybody@example.org"
    assert sent.message()["Bcc"] is None


def test_an_address_is_not_kept_once_the_mail_is_sent():
    send()
    assert OutboxEntry.objects.get().payload["to"] == "kari@example.org"
    run_due()
    assert OutboxEntry.objects.get().payload == {}


def broken(monkeypatch, error):
    def fail(self, *args, **kwargs):
        raise error

    monkeypatch.setattr(EmailMessage, "send", fail)


def test_a_mail_server_that_is_down_for_days_loses_no_mail(monkeypatch):
    with monkeypatch.context() as patch:
        broken(patch, SMTPServerDisconnected("connection of kari@example.org closed"))
        now = clock.now()
        for key in "abc":
            send(key)
        for _ in range(12):
            now += timedelta(hours=8)
            with clock.frozen(now):
                assert run_due() == 3
    dead = dead_entries()
    assert len(dead) == 3
    assert "SMTPServerDisconnected" in dead[0].last_error
    assert "example.org" not in dead[0].last_error
    for entry in dead:
        outbox.retry(entry.pk, "user:1")
    run_due()
    assert len(mail.outbox) == 3


@pytest.mark.parametrize(("code", "dead"), [(550, 1), (450, 0)])
def test_an_address_that_the_server_refuses_for_good_is_told_at_once(code, dead, monkeypatch):
    broken(monkeypatch, SMTPRecipientsRefused({"kari@example.org": (code, b"no such user")}))
    send()
    run_due()
    assert len(dead_entries()) == dead
    assert "kari" not in OutboxEntry.objects.get().last_error


def test_the_demo_keeps_its_mails_as_files_and_a_mail_sent_twice_is_one(settings, tmp_path):
    settings.EMAIL_BACKEND = "portal.events.mail.DemoBackend"
    settings.DEMO_MAIL_DIR = tmp_path / "mail"
    assert demo_mails() == []
    with clock.frozen(datetime(2026, 3, 1, 8, 0, tzinfo=UTC)):
        send("a", subject="Søknad")
        run_due()
    with clock.frozen(datetime(2026, 3, 1, 9, 0, tzinfo=UTC)):
        EmailMessage("Sign-in", "A code", to=["ola@example.org"]).send()
        OutboxEntry.objects.update(done_at=None, payload={**PAYLOAD})
        run_due()
    assert len(list((tmp_path / "mail").iterdir())) == 2
    assert {kept["subject"] for kept in demo_mails()} == {"Søknad", "Sign-in"}
    (kept,) = (kept for kept in demo_mails() if kept["subject"] == "Søknad")
    assert kept["to"] == ["kari@example.org"]
    assert kept["language"] == "nb"


PAYLOAD = {"to": "kari@example.org", "subject": "Søknad", "body": "A link", "language": "nb"}
