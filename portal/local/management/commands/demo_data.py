"""Fills an empty database with the demo: people, institutions, cases in every state."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.local import filling, signing_keys


class Command(BaseCommand):
    """`manage.py demo_data`; goes on where an earlier one stopped."""

    help = "Fills an empty database with invented people, institutions and cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--first", action="store_true", help="only what the first page needs, and no more"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "ALLOW_SEEDING", False):
            raise CommandError("invented people belong into the demo")
        try:
            signing_keys.ensure()
        except signing_keys.KeysGone as gone:
            raise CommandError(str(gone)) from None
        planned = filling.steps()
        made = filling.fill(planned, only_first=True)
        if not options["first"]:
            os.nice(10)  # who looks around meanwhile comes first
            made = filling.fill(planned)
        self.stdout.write(f"{made} cases made")
