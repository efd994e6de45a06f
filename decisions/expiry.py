"""The certificates that sign letters end one day: who can renew them is told in time."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _

from applications import schemes
from portal import clock
from portal.accounts.selectors import people_with_role
from portal.events import readings
from portal.events.mail import queue_mail
from portal.links import absolute

log = logging.getLogger(__name__)

# Days before the end (security.md, "Faults"). Each is told once.
STAGES = (60, 30, 7)


@dataclass(frozen=True)
class Ending:
    """A certificate of an agency that ends within the longest of STAGES, or has ended.

    `purpose` is "decision" or "acceptance"; `stage` the nearest of STAGES that has come;
    `identity` changes when the certificate is renewed.
    """

    agency: str
    purpose: str
    expires_at: datetime
    stage: int
    identity: str

    def __str__(self) -> str:
        return f"the certificate for {self.purpose} of {self.agency} ends {self.expires_at:%F}"


def _signers() -> Iterator[tuple[str, str, Any]]:
    """(agency, purpose, signer) of all agencies; None for a key that cannot be opened: the decision
    that waits for it says so."""
    from decisions.letters.signing import (
        ACCEPTANCE,
        DECISION,
        SigningUnavailable,
        load_signer,
    )

    for scheme in schemes.all_current():
        for purpose in (DECISION, ACCEPTANCE):
            try:
                signer = load_signer(purpose=purpose, agency=scheme.agency)
            except SigningUnavailable as unavailable:
                log.warning("%s, %s: %s", scheme.agency, purpose, unavailable)
                signer = None
            yield scheme.agency, purpose, signer


def ending() -> list[Ending]:
    """The certificates of all agencies that end soon."""
    now, found = clock.now(), []
    for agency, purpose, signer in _signers():
        if signer is None:
            continue
        left = signer.expires_at - now
        come = [days for days in STAGES if left <= timedelta(days=days)]
        if come:
            identity = signer.fingerprint[:16]
            found.append(Ending(agency, purpose, signer.expires_at, min(come), identity))
    return found


def note() -> None:
    """Notes for the page of operations when each certificate ends: the web does not have the keys."""
    for agency, purpose, signer in _signers():
        ends = {} if signer is None else {"ends": signer.expires_at.isoformat()}
        readings.note(f"certificate:{agency}:{purpose}", ends)


def warn() -> int:
    """Mails the administrators of each agency whose certificate ends within 60, 30 or 7 days, once
    for each. Returns how many mails were queued."""
    queued = 0
    for end in ending():
        log.error("%s", end)
        for user in people_with_role(end.agency, "agency_admin"):
            key = f"certificate:{end.agency}:{end.purpose}:{end.identity}:{end.stage}:{user.pk}"
            with translation.override(user.language):
                subject, body = _words(end)
                queued += queue_mail(user.email, subject, body, key, user.language)
    return queued


def _words(end: Ending) -> tuple[str, str]:
    scheme = schemes.current(end.agency)
    day = end.expires_at.astimezone(ZoneInfo(scheme.timezone)).date()
    told = {
        "agency": scheme.name(translation.get_language() or "en"),
        "date": formats.date_format(day, "DATE_FORMAT"),
    }
    if end.purpose == "decision":
        what = _("The certificate that signs the decisions of %(agency)s ends on %(date)s.") % told
    else:
        what = _("The certificate that seals acceptances for %(agency)s ends on %(date)s.") % told
    lines = [
        what,
        _("After that, letters wait to be signed until a new certificate is in place."),
        _("Ask those who run the portal to renew it."),
        absolute("accounts:me"),
    ]
    return _("Tilgang: a signing certificate must be renewed"), "\n\n".join(lines)
