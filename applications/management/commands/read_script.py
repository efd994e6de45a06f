"""A microdata.no script as rows of variables, without database, sign-in or interface."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.imports import decode, microdata_script


class Command(BaseCommand):
    help = (
        "Reads a microdata.no script and prints its variables, one for each, in order of first "
        "use. With --json: a JSON list of {bank, name, fromYear, toYear, timeless, lines}. What "
        "is not understood is told on standard error; it never makes the command fail."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --json."""
        parser.add_argument("file", help="the script; - is standard input")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError (exit 1) only when the file cannot be opened."""
        script = microdata_script.read(decode(self._bytes(options["file"])))
        if options["json"]:
            self.stdout.write(json.dumps([v.as_json() for v in script.variables]))
        else:
            for variable in script.variables:
                years = f"{variable.from_year}-{variable.to_year}"
                self.stdout.write(
                    f"{variable.bank or '-'}  {variable.name}  "
                    f"{'timeless' if variable.timeless else years}  "
                    f"lines {', '.join(map(str, variable.lines))}"
                )
        for said in script.not_understood:
            text = said.text.encode("ascii", "backslashreplace").decode()
            self.stderr.write(f"line {said.line}: not understood ({said.why}): {text}")

    def _bytes(self, name: str) -> bytes:
        try:
            return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"cannot read {name}: {error.strerror}") from None
