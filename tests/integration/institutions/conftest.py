"""An institution with its people, and somebody from outside."""

from types import SimpleNamespace

import pytest

from institutions.models import MailDomain
from portal import clock
from tests.people import institution, member, person, staff


@pytest.fixture
def home(db) -> SimpleNamespace:
    """`at` with boss (administrator), colleague (researcher), signatory; another with its own
    administrator; an agency administrator and an officer."""
    at, elsewhere = institution(), institution("Annet institutt")
    people = SimpleNamespace(
        at=at,
        elsewhere=elsewhere,
        boss=person("Boss", "boss@fjordheim.example"),
        colleague=person("Kari", "kari@fjordheim.example"),
        signatory=person("Sigrid", "sigrid@fjordheim.example"),
        foreign_boss=person("Foreign", "boss@annet.example"),
        outsider=person("Ola", "ola@example.no"),
        agency_admin=staff("agency_admin"),
        officer=staff("case_officer"),
    )
    people.boss_member = member(people.boss, at, "administrator", "researcher")
    people.colleague_member = member(people.colleague, at)
    people.signatory_member = member(people.signatory, at, "signatory")
    people.foreign_member = member(people.foreign_boss, elsewhere, "administrator")
    return people


@pytest.fixture
def verified(home):
    """Gives `home.at` a verified mail domain."""

    def give(domain: str = "fjordheim.example") -> MailDomain:
        return MailDomain.objects.create(
            institution=home.at,
            domain=domain,
            added_by=home.boss,
            verified_by=home.agency_admin,
            verified_at=clock.now(),
        )

    return give
