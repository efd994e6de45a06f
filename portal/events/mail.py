"""Mail as an effect. A mail carries case number and link only; that is the caller's duty."""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from portal import clock
from portal.events.canonical import timestamp
from portal.events.outbox import Lane, Never, current_entry, effect, queue


def queue_mail(to: str, subject: str, body: str, key: str, language: str) -> bool:
    """Queues a plain-text mail to one address; `key` makes it one mail however often it is queued.

    `language` is that of the text (nb, nn, da, sv, en). Returns False when it was queued before.
    """
    payload = {
        "to": to,
        "subject": " ".join(subject.split()),
        "body": body,
        "language": language,
    }
    with transaction.atomic():  # an effect that queues its mail need not open one
        return queue("mail.send", payload, key)


@effect("mail.send", lane=Lane.MAIL, seconds=120, forget=True)
def send_mail(payload: dict) -> None:
    """Sends one queued mail. Sent twice, it has the same Message-ID: mail readers show one.

    Raises Never when the mail server refuses the address for good.
    """
    mail = EmailMessage(
        subject=payload["subject"],
        body=payload["body"],
        to=[payload["to"]],
        headers={
            "Message-ID": message_id(current_entry().key),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": payload["language"],
        },
    )
    try:
        mail.send()
    except SMTPRecipientsRefused as refusal:
        if all(code >= 500 for code, _text in refusal.recipients.values()):
            raise Never("the mail server refuses the address") from None
        raise


def message_id(key: str) -> str:
    """The Message-ID of the mail queued with `key`: always the same one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def demo_folder() -> Path:
    """Where DemoBackend keeps its mails: DEMO_MAIL_DIR, else `mail` beside the demo's files."""
    return Path(getattr(settings, "DEMO_MAIL_DIR", None) or Path(settings.MEDIA_ROOT) / "mail")


def demo_mails() -> list[dict]:
    """What DemoBackend has kept, newest first."""
    found = [json.loads(file.read_text()) for file in demo_folder().glob("*.json")]
    return sorted(found, key=lambda mail: mail["at"], reverse=True)


class DemoBackend(BaseEmailBackend):
    """Keeps mails as files for the demo's mail page: one JSON file each, named by the Message-ID,
    so that a mail sent twice is one. Keys: message_id, at, from, to, subject, body, language."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = demo_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            _keep(mail, folder)
        return len(email_messages)


def _keep(mail: EmailMessage, folder: Path) -> None:
    message = mail.message()
    identity = str(message["Message-ID"])
    content = {
        "message_id": identity,
        "at": timestamp(clock.now()),
        "from": mail.from_email,
        "to": mail.recipients(),
        "subject": str(mail.subject),
        "body": str(mail.body),
        "language": message["Content-Language"] or "",
    }
    name = hashlib.sha256(identity.encode()).hexdigest()
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False) as file:
        json.dump(content, file, ensure_ascii=False)
    os.replace(file.name, folder / f"{name}.json")
