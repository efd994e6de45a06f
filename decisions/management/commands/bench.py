"""Measures what matters: medians with the size they were measured at."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from applications import benchmarks, schemes
from catalogue import benchmarks as catalogue
from decisions.letters import sample
from portal.accounts import selectors as people
from portal.accounts import sessions
from portal.accounts.models import User
from portal.benchmarks import Figure, median
from portal.pdf import benchmarks as paper


class Command(BaseCommand):
    """`manage.py bench [--json] [--rounds N]`; `seed_load` fills a database for it."""

    help = "Medians of pages, checks, saving and letters."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--rounds", type=int, default=25)
        parser.add_argument(
            "--small", action="store_true", help="a fiftieth of the sizes: to see that it runs"
        )

        parser.add_argument(
            "--lanes",
            type=int,
            nargs="*",
            metavar="ROWS",
            help="on a demo whose workers run: big cases of so many rows (5000 20000), and how"
            " long 50 small ones wait for their receipts meanwhile",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["lanes"] is not None:
            self._race(options["lanes"] or [5_000, 20_000], 5 if options["small"] else 50)
            return
        rounds = options["rounds"]
        shrink = 50 if options["small"] else 1
        figures = benchmarks.checks(5_000 // shrink, 200 // shrink)
        figures += catalogue.figures(min(rounds, 15), shrink)
        figures += [
            Figure(name, "3 pages", median(work, min(rounds, 7)))
            for name, work in sample.bench().items()
        ]
        figures += paper.figures(shrink)
        agency = schemes.all_current()[0].agency
        officers = people.people_with_role(agency, "case_officer")
        applicant = User.objects.filter(is_active=True).order_by("email").first()
        if officers:
            figures += benchmarks.pages(officers[0], self._sign_in, rounds)
        if applicant:
            figures += benchmarks.saving(applicant, rounds)
            figures += benchmarks.lists(applicant, self._sign_in, min(rounds, 3), 5_000 // shrink)
        if options["json"]:
            self.stdout.write(json.dumps([vars(f) for f in figures]))
            return
        self.stdout.write(f"{'':<30}{'size':<40}{'median ms':>10}{'queries':>9}{'KiB':>7}")
        for f in figures:
            queries = "" if f.queries is None else str(f.queries)
            kib = "" if f.kib is None else f"{f.kib:.0f}"
            self.stdout.write(
                f"{f.name:<30}{f.size:<40}{f.milliseconds:>10.1f}{queries:>9}{kib:>7}"
            )

    def _race(self, bigs: list[int], smalls: int) -> None:
        if not settings.ALLOW_SEEDING:
            raise CommandError("this makes cases up: only on a demo")
        from portal.local import racing
        from portal.local.demo_people import ensure_people

        owner = ensure_people()["applicant"]
        found = racing.race(owner, smalls, bigs, say=self.stdout.write)
        self.stdout.write(
            f"{len(found.waits)} small cases beside {bigs}: p95 {found.p95:.2f} s, longest"
            f" {max(found.waits):.2f} s; of the big ones {found.heavy_left} pieces are still to do"
        )

    def _sign_in(self, client: Client, user: Any) -> None:
        client.force_login(user)
        session = client.session
        session[sessions.KEY] = sessions.new(user, second_factor=True)
        session.save()
