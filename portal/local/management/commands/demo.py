"""Starts the whole portal on this machine."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.local.launcher import Demo, DemoFailed
from portal.local.servers import ServerFailed


class Command(BaseCommand):
    """`manage.py demo`; RESET=1 in the environment starts afresh, PORT chooses the port."""

    help = "Starts database, broker, web, worker and beat on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--empty", action="store_true", help="without invented people and cases"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ["DJANGO_SETTINGS_MODULE"] != "portal.settings.demo":
            raise CommandError("demo runs with portal.settings.demo only")
        from portal.settings.demo import HOME, PORT

        if not PORT.isdigit():
            raise CommandError("PORT is a number, such as 8010")

        def say(text: str) -> None:
            self.stdout.write(text)
            self.stdout.flush()

        try:
            demo = Demo(HOME, int(PORT), say, options["empty"])
            demo.prepare(afresh=os.environ.get("RESET", "") not in ("", "0"))
            demo.run()
        except (DemoFailed, ServerFailed) as failed:
            self.stderr.write(f"demo: {failed}")
            sys.exit(1)
