"""A small world: the demo's people, one institution, and cases brought as far as a test needs."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from applications.commands import Actor, create, execute
from applications.models import Application
from portal.accounts.models import User
from portal.local import seeding
from portal.local.demo_people import ensure_people
from portal.local.demo_projects import PROJECTS
from tests import snapshots


@dataclass
class World:
    """People by key, and their institution."""

    people: dict[str, User]

    def __getitem__(self, key: str) -> User:
        return self.people[key]

    def actor(self, key: str, fresh: bool = False) -> Actor:
        return Actor(user=self.people[key], fresh=fresh)

    def do(self, command: str, case: Application, who: str, payload=None, **more):
        result = execute(command, case.pk, self.actor(who), payload or {}, **more)
        case.refresh_from_db()
        return result

    def draft(self) -> Application:
        from institutions.selectors import active_institutions

        institution = active_institutions(self["applicant"]).first()
        return create(self.actor("applicant"), "SSB", "nb", institution.pk)

    def complete(self, leave_out=()) -> Application:
        name = " ".join(["complete without", *leave_out]) if leave_out else "complete"
        return self._begun(name, lambda: self._fill(leave_out))

    def submitted(self) -> Application:
        return self._begun("submitted", self._submit)

    def _begun(self, name: str, make: Callable[[], object]) -> Application:
        """The one more case that `make` makes, or that it made for an earlier test."""
        known = set(Application.objects.values_list("pk", flat=True))
        snapshots.begun_with(name, make, after="people")
        return Application.objects.exclude(pk__in=known).get()

    def _fill(self, leave_out: tuple[str, ...]) -> Application:
        case = self.draft()
        seeding.fill(case, self["applicant"], PROJECTS[0], 1, leave_out)
        return case

    def _submit(self) -> None:
        seeding.send(self.complete(), self["applicant"], 0.5)


def made() -> World:
    """The world of an empty database."""
    snapshots.begun_with("people", lambda: ensure_people() and None)
    return World(ensure_people())


@pytest.fixture
def world(transactional_db) -> World:
    return made()
