"""Fills a database with many cases, in bulk, for measuring. Never for a database of real cases."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Max, Value

from applications import schemes
from applications.enums import State
from applications.models import Application
from applications.models.guard import gate_open
from applications.schemes.model import Scheme
from institutions.models import Institution
from portal import clock
from portal.accounts.models import User

# Shares of the states among the cases of an agency that has run for years.
MIX = (
    (State.ACCEPTED, 55),
    (State.REFUSED, 8),
    (State.WITHDRAWN, 7),
    (State.DISMISSED, 5),
    (State.SUBMITTED, 8),
    (State.ASSESSMENT, 8),
    (State.RETURNED, 4),
    (State.ACCEPTANCE, 3),
    (State.APPROVAL, 2),
)
BATCH = 2_000
PEOPLE, INSTITUTIONS, OFFICERS = 2_000, 200, 40
NAMES = ("Aas", "Berg", "Dahl", "Eide", "Foss", "Gran", "Hagen", "Isdal", "Juvik", "Krogh")
THEMES = (
    "Deltid og inntekt", "Overgang fra skole", "Uførhet blant unge", "Nabolag og læring",
    "Pendling etter veibygging", "Flytting og bolig", "Arv og formue", "Sykefravær i turnus",
    "Språk og arbeid", "Gjeld i husholdninger",
)  # fmt: skip
WHERE = ("i byene", "på kysten", "i distriktene", "over tid", "etter 2010")
MINUTES = 2_000_000  # how far back the oldest was submitted: some four years


class Command(BaseCommand):
    """`manage.py seed_load --applications 100000 [--agency SSB]`."""

    help = "Fills the database with many invented cases in bulk, for measuring."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--applications", type=int, required=True)
        parser.add_argument("--agency", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not getattr(settings, "ALLOW_SEEDING", False):
            raise CommandError("seed_load fills a database for measuring: not with these settings")
        known = {scheme.agency: scheme for scheme in schemes.all_current()}
        agency = (options["agency"] or next(iter(known))).upper()
        if agency not in known:
            raise CommandError(f"no agency {agency}: there are {', '.join(known)}")
        scheme = known[agency]
        people = self._people()
        places = self._places(people)
        start = self._last_number(scheme.agency)
        last = start + options["applications"]
        states = [state for state, share in MIX for _ in range(share)]
        for first in range(start + 1, last + 1, BATCH):
            numbers = range(first, min(first + BATCH, last + 1))
            cases = [_case(n, scheme, people, places, states) for n in numbers]
            with transaction.atomic(), gate_open():
                Application.objects.bulk_create(cases)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE applications_application")
        self.stdout.write(f"{options['applications']} cases added for {scheme.agency}")

    def _people(self) -> list[User]:
        """Everybody who applies and handles. Models and no SQL: a new column gets its default."""
        User.objects.bulk_create(
            (
                User(
                    email=f"load{n}@load.invalid",
                    name=f"Load {NAMES[n % len(NAMES)]} {n}",
                    language="nb",
                    password="!",  # noqa: S106 - nobody signs in as them
                )
                for n in range(1, PEOPLE + 1)
            ),
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        return list(User.objects.filter(email__endswith="@load.invalid").order_by("email"))

    def _places(self, people: list[User]) -> list[Institution]:
        missing = INSTITUTIONS - Institution.objects.count()
        Institution.objects.bulk_create(
            Institution(
                name=f"Load Institute {n}",
                country="DE",
                kind="research_institution",
                status="confirmed",
                registered_by=people[0],
                decided_by=people[1],
                decided_at=clock.now(),
            )
            for n in range(missing)
        )
        return list(Institution.objects.filter(status="confirmed").order_by("pk")[:INSTITUTIONS])

    def _last_number(self, agency: str) -> int:
        """The highest number that an earlier call gave in this agency."""
        given = Application.objects.filter(agency=agency, number__regex=r"^L[0-9]{7}$")
        highest = given.aggregate(number=Max("number"))["number"]
        return int(highest[1:]) if highest else 0


def _case(
    n: int,
    scheme: Scheme,
    people: list[User],
    places: list[Institution],
    states: list[State],
) -> Application:
    """The case with number `n`. The same number gives the same case, spread over people,
    institutions, states and years."""
    owner, place = people[n % len(people)], places[n % len(places)]
    state, number = states[n * 37 % len(states)], f"L{n:07}"
    submitted = clock.now() - timedelta(minutes=n * 7919 % MINUTES)
    title = f"{THEMES[n % len(THEMES)]} {WHERE[n // 10 % len(WHERE)]} {n}"
    words = f"{number} {title} {place.name} {owner.name}"
    waits = state == State.SUBMITTED and n % 9 == 0
    return Application(
        agency=scheme.agency,
        scheme_version=scheme.version,
        type="new",
        state=state,
        number=number,
        language="nb",
        answers={"project": {"title": title}},
        version=5,
        content_version=3,
        config={"deadlines": {"queue": 30, "return": 21, "assessment": 60}},
        owner=owner,
        institution=place,
        assignee=None if waits else people[n * 13 % OFFICERS],
        title=title,
        sent_title=title,
        created_at=submitted,
        updated_at=submitted,
        submitted_at=submitted,
        due_at=submitted + timedelta(days=30),
        search_text=words,
        search_names=words.lower(),
        search_vector=SearchVector(Value(words), config=scheme.search_config),
    )
