"""manage.py sweep_objects [--dry-run]: removes stored objects that no row names."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal import sweeping


class Command(BaseCommand):
    """What beat does every day."""

    help = "Removes stored objects that nothing names and that are older than seven days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list them and remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = sweeping.sweep(dry_run=options["dry_run"])
        if options["dry_run"]:
            for digest in found:
                self.stdout.write(digest)
        word = "would be" if options["dry_run"] else "were"
        self.stdout.write(f"{len(found)} objects {word} removed")
