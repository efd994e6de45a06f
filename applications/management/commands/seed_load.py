"""Fills a database with many cases, in bulk, for measuring. Never for a database of real cases."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from applications import schemes
from applications.enums import State
from applications.models.guard import gate_open
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
BATCH = 50_000
PEOPLE, INSTITUTIONS, OFFICERS = 2_000, 200, 40

PEOPLE_SQL = """
INSERT INTO accounts_user (id, email, name, language, password, is_active, created_at, last_login)
SELECT gen_random_uuid(), 'load' || n || '@load.invalid', 'Load ' ||
    (ARRAY['Aas','Berg','Dahl','Eide','Foss','Gran','Hagen','Isdal','Juvik','Krogh'])[1 + n %% 10]
    || ' ' || n, 'nb', '!', true, %(now)s, NULL
FROM generate_series(1, %(people)s) AS n
ON CONFLICT DO NOTHING
"""
CASES_SQL = """
WITH people AS (
    SELECT id, name, row_number() OVER (ORDER BY email) - 1 AS n
    FROM accounts_user WHERE email LIKE 'load%%@load.invalid'
), places AS (
    SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS n FROM institutions_institution
), sized AS (
    SELECT (SELECT count(*) FROM people) AS people, (SELECT count(*) FROM places) AS places
), made AS (
    SELECT s.n, p.id AS owner, p.name AS person, i.id AS institution, i.name AS place,
        (%(states)s::text[])[1 + (s.n * 37) %% 100] AS state,
        o.id AS officer,
        %(now)s - (((s.n * 7919) %% 2000000) || ' minutes')::interval AS submitted,
        (ARRAY['Deltid og inntekt','Overgang fra skole','Uførhet blant unge','Nabolag og læring',
               'Pendling etter veibygging','Flytting og bolig','Arv og formue','Sykefravær i turnus',
               'Språk og arbeid','Gjeld i husholdninger'])[1 + s.n %% 10]
            || ' ' || (ARRAY['i byene','på kysten','i distriktene','over tid','etter 2010'])
            [1 + (s.n / 10) %% 5] || ' ' || s.n AS title
    FROM generate_series(%(first)s, %(last)s) AS s(n), sized
    JOIN people p ON true JOIN places i ON true JOIN people o ON true
    WHERE p.n = s.n %% sized.people AND i.n = s.n %% sized.places
        AND o.n = (s.n * 13) %% %(officers)s
)
INSERT INTO applications_application (
    id, agency, scheme_version, type, state, number, language, answers, version, content_version,
    config, owner_id, institution_id, assignee_id, title, label, created_at, updated_at,
    submitted_at, due_at, search_text, search_names, search_vector)
SELECT gen_random_uuid(), %(agency)s, %(version)s, 'new', state,
    'L' || to_char(n, 'FM0000000'), 'nb',
    jsonb_build_object('project', jsonb_build_object('title', title)), 5, 3, %(config)s,
    owner, institution,
    CASE WHEN n %% 9 = 0 AND state = 'submitted' THEN NULL ELSE officer END,
    title, '', submitted, submitted, submitted, submitted + interval '30 days',
    words, lower(words), to_tsvector(%(search)s::regconfig, words)
FROM (SELECT made.*, concat_ws(' ', 'L' || to_char(n, 'FM0000000'), title, place, person) AS words
      FROM made) AS told
"""


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
        scheme = known[options["agency"] or next(iter(known))]
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE_SQL, {"now": clock.now(), "people": PEOPLE})
        self._places()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(substr(number, 2)::int), 0) FROM applications_application"
                " WHERE agency = %s AND number ~ '^L[0-9]{7}$'",
                [scheme.agency],
            )
            start = cursor.fetchone()[0]
        states = [str(state) for state, share in MIX for _ in range(share)]
        last = start + options["applications"]
        for first in range(start + 1, last + 1, BATCH):
            with transaction.atomic(), gate_open(), connection.cursor() as cursor:
                cursor.execute(
                    CASES_SQL,
                    {
                        "first": first,
                        "last": min(first + BATCH - 1, last),
                        "states": states,
                        "officers": OFFICERS,
                        "agency": scheme.agency,
                        "version": scheme.version,
                        "config": '{"deadlines": {"queue": 30, "return": 21, "assessment": 60}}',
                        "now": clock.now(),
                        "search": scheme.search_config,
                    },
                )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE applications_application")
        self.stdout.write(f"{options['applications']} cases added for {scheme.agency}")

    def _places(self) -> None:
        first, second = User.objects.filter(email__endswith="@load.invalid").order_by("email")[:2]
        missing = INSTITUTIONS - Institution.objects.count()
        Institution.objects.bulk_create(
            Institution(
                name=f"Load Institute {n}",
                country="DE",
                kind="research_institution",
                status="confirmed",
                registered_by=first,
                decided_by=second,
                decided_at=clock.now(),
            )
            for n in range(missing)
        )
