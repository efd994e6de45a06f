"""manage.py outbox [--retry ID … | --retry-all]: what waits, what failed; tries again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.events.outbox import retry
from portal.events.selectors import dead_entries, outbox_state, put_off

OPERATOR = "system:operator"


class Command(BaseCommand):
    help = "Shows the outbox: what waits, what is dead; --retry gives dead entries a new life."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", type=int, nargs="+", default=[], metavar="ID")
        parser.add_argument("--retry-all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["retry"]
        if options["retry_all"]:
            wanted = [entry.pk for entry in dead_entries(limit=100_000)]
        refused = [pk for pk in wanted if not retry(pk, OPERATOR)]
        state = outbox_state()
        self.stdout.write(
            f"{state.waiting} waiting ({state.due} due, {state.running} running,"
            f" oldest {state.oldest:.0f} s), {state.dead} dead"
        )
        for kind, count in state.unknown_kinds.items():
            self.stdout.write(f"{count} of the kind {kind}, which nothing here handles")
        for kind, reason, count in put_off():
            self.stdout.write(f"{count} of {kind} will be tried again: {reason}")
        for entry in dead_entries():
            self.stdout.write(
                f"dead {entry.pk} {entry.kind}, {entry.attempts} attempts: {entry.last_error}"
            )
        if refused:
            raise CommandError(f"not dead: {', '.join(map(str, refused))}")
