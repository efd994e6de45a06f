"""Who in the list of people with access has confirmed the duty of confidentiality."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTransform

from applications.enums import ACCESS_STATES
from applications.models import (
    Application,
    ConfidentialityConfirmation,
    ConfidentialityLink,
    Submission,
)
from applications.schemes import Scheme
from applications.schemes.confidentiality import Confidentiality
from applications.selectors.document import scheme_of


@dataclass(frozen=True)
class Listed:
    """A row of the list. `email` in small letters, empty when the row has none."""

    name: str
    email: str
    institution: str
    confirmed_at: datetime | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True)
class Told:
    """Everybody in the list, and how many of them have confirmed."""

    people: tuple[Listed, ...]

    @property
    def confirmed(self) -> int:
        return sum(p.confirmed_at is not None for p in self.people)

    @property
    def missing(self) -> list[Listed]:
        """Who has not confirmed."""
        return [p for p in self.people if p.confirmed_at is None]

    @property
    def can_be_asked(self) -> bool:
        """Whether anybody who has not confirmed has a mail address."""
        return any(p.email for p in self.missing)


def _address(row: Mapping[str, Any], duty: Confidentiality) -> str:
    return str(row.get(duty.email) or "").strip().lower()


def _rows(application: Application, duty: Confidentiality) -> list[dict]:
    """The list as it was sent last. Whom a returned case names meanwhile is nobody's to know."""
    sent = _lists_sent([application.pk], duty.list)
    return sent.get(application.pk, [])


def _lists_sent(cases: Iterable[Any], path: str) -> dict[Any, list[dict]]:
    """The list at `path` of each of these cases, as it was sent last. One query."""
    latest = Submission.objects.filter(application__in=list(cases)).order_by(
        "application", "-sequence"
    )
    rows = latest.distinct("application").annotate(listed=_at(path))
    return {pk: listed or [] for pk, listed in rows.values_list("application", "listed")}


def _at(path: str) -> Any:
    found: Any = "document"
    for key in path.split("."):
        found = KeyTransform(key, found)
    return found


def addresses(application: Application) -> list[str]:
    """The mail addresses in the list that was sent, each once, in its order."""
    duty = scheme_of(application).confidentiality
    if duty is None:
        return []
    found = (_address(row, duty) for row in _rows(application, duty))
    return list(dict.fromkeys(address for address in found if "@" in address))


def to_confirm(emails: list[str], now: datetime) -> list[ConfidentialityLink]:
    """The open links to these addresses whose people stand in the list and have not confirmed, the
    oldest first. Two queries."""
    confirmed = ConfidentialityConfirmation.objects.filter(
        application=OuterRef("application"), email=OuterRef("email")
    )
    found = ConfidentialityLink.objects.filter(
        ~Exists(confirmed),
        email__in=emails,
        expires_at__gt=now,
        application__state__in=[str(s) for s in ACCESS_STATES],
    )
    links = list(found.select_related("application").order_by("sent_at", "pk"))
    listed = set()
    asking = {link.application_id: scheme_of(link.application).confidentiality for link in links}
    duties = {pk: duty for pk, duty in asking.items() if duty}
    for path in {duty.list for duty in duties.values()}:
        cases = [pk for pk, duty in duties.items() if duty.list == path]
        for pk, rows in _lists_sent(cases, path).items():
            listed |= {(pk, _address(row, duties[pk])) for row in rows}
    return [link for link in links if (link.application_id, link.email) in listed]


def confirmed_addresses(application: Application) -> list[str]:
    """The addresses whose people have confirmed."""
    held = application.confidentiality_confirmations
    return list(held.values_list("email", flat=True))


def told(
    scheme: Scheme,
    rows: Iterable[Mapping[str, Any]],
    confirmed: Mapping[str, datetime],
    asked: Mapping[str, datetime],
) -> Told | None:
    """The list with who has confirmed when. None for an agency that asks for no confirmation, and
    for an empty list. Pure."""
    duty = scheme.confidentiality
    if duty is None:
        return None
    people = []
    for row in rows:
        email = _address(row, duty)
        people.append(
            Listed(
                str(row.get(duty.name) or ""),
                email,
                str(row.get(duty.institution) or "") if duty.institution else "",
                confirmed.get(email),
                asked.get(email),
            )
        )
    return Told(tuple(people)) if people else None


def of_case(application: Application) -> Told | None:
    """The same, read for one sent application; None before it is sent and when it has ended."""
    scheme = scheme_of(application)
    if scheme.confidentiality is None or application.state not in ACCESS_STATES:
        return None
    confirmed = application.confidentiality_confirmations.values_list("email", "confirmed_at")
    asked = application.confidentiality_links.values_list("email", "sent_at")
    rows = _rows(application, scheme.confidentiality)
    return told(scheme, rows, dict(confirmed), dict(asked))
