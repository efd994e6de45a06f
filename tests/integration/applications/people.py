"""What tests of colleagues and confirmations share."""

import re
from typing import Any

from django.core import mail

from institutions.models import Membership
from portal import clock
from portal.events.models import OutboxEntry


def mails() -> list[dict]:
    """Everything that waits to be sent, the oldest first."""
    found = OutboxEntry.objects.filter(kind="mail.send").order_by("pk")
    return [entry.payload for entry in found if entry.payload]  # sent ones are forgotten


def sent_to(address: str) -> str:
    """The text of the newest mail that has gone out to this address."""
    return [str(m.body) for m in mail.outbox if m.to == [address]][-1]


def mail_to(address: str) -> dict:
    """The newest mail to this address."""
    return [each for each in mails() if each["to"] == address][-1]


def secret_for(address: str) -> str:
    """The secret of the link in the newest mail to this address, waiting or sent."""
    waiting = [each["body"] for each in mails() if each["to"] == address]
    text = waiting[-1] if waiting else sent_to(address)
    found = re.search(r"/(?:invitations|confidentiality)/([^/\s]+)/", text)
    assert found
    return found[1]


def joins(user: Any, case: Any, *roles: str) -> Membership:
    """Makes `user` a member of the case's institution."""
    return Membership.objects.create(
        user=user,
        institution=case.institution,
        roles=list(roles) or ["researcher"],
        status="active",
        basis="request",
        started_at=clock.now(),
        decided_by=case.owner,
        decided_at=clock.now(),
    )
