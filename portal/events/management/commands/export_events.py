"""manage.py export_events --out FILE [--stream S] [--personal]: the log as JSON lines."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.events.export import export


class Command(BaseCommand):
    help = "Writes the event log for scripts/verify_export.py, which needs nothing but Python."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, help="file to write; - is standard output")
        parser.add_argument("--stream", help="only this stream, with proof from the checkpoints")
        parser.add_argument(
            "--personal", action="store_true", help="with the personal payloads: handle with care"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["out"] == "-":
            export(
                lambda line: self.stdout.write(line, ending=""),
                options["stream"],
                options["personal"],
            )
            return
        out = Path(options["out"])
        part = out.with_name(f"{out.name}.part")
        try:
            # Only for the one who exports: events name people by id, payloads by name.
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                events = export(file.write, options["stream"], options["personal"])
            part.replace(out)
        except OSError as error:
            raise CommandError(f"cannot write {out}: {error.strerror}") from None
        self.stdout.write(f"{events} events written to {out}.")
