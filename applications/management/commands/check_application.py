"""The completeness checks on a file, without database, sign-in or interface (rules.md 9)."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications import schemes
from applications.completeness import Finding, check
from applications.completeness.reading import Entry, read
from applications.schemes import Scheme
from portal import clock, days


class Command(BaseCommand):
    help = (
        "Checks documents and prints, one line for each, a JSON list of the findings: "
        "id, severity, message, rows. Exits 0 whenever every document could be checked."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --today, --json, --lang."""
        parser.add_argument("file", help="one JSON document, or JSON Lines; - is standard input")
        parser.add_argument(
            "--today", type=days.argument, help="day of submission (default: today at the agency)"
        )
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.add_argument(
            "--lang", default="en", choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError (exit 1) when a document could not be checked; the others are."""
        known = {scheme.agency: scheme for scheme in schemes.all_current()}
        failed = 0
        for number, entry in enumerate(read(self._text(options["file"])), 1):
            agency = entry.document.get("agency") if entry.document else None
            scheme = known.get(agency) if isinstance(agency, str) else None
            error = entry.error or ("" if scheme else _no_agency(agency, known))
            if error or scheme is None:
                failed += 1
                self.stderr.write(f"line {entry.line}: {error}")
                if options["json"]:  # keeps line n of the answer with document n
                    self.stdout.write(json.dumps({"error": error}))
                continue
            found = check(entry.document, scheme, options["today"] or clock.today(scheme.timezone))
            if options["json"]:
                told = [_as_json(finding, scheme, options["lang"]) for finding in found]
                self.stdout.write(json.dumps(told))
            else:
                self._list(number, entry, found, scheme, options["lang"])
        if failed:
            raise CommandError(f"{failed} of the documents could not be checked")

    def _text(self, name: str) -> str:
        try:
            if name == "-":
                return sys.stdin.buffer.read().decode("utf-8-sig")
            with open(name, encoding="utf-8-sig") as file:
                return file.read()
        except OSError as error:
            raise CommandError(f"cannot read {name}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise CommandError(f"{name} is not text in UTF-8") from None

    def _list(
        self, number: int, entry: Entry, found: list[Finding], scheme: Scheme, lang: str
    ) -> None:
        self.stdout.write(f"{number}. {scheme.agency}, line {entry.line}: {len(found)} findings")
        for finding in found:
            self.stdout.write(
                f"   {finding.severity:<5}  {finding.id}"
                f"  {scheme.message(finding.id, lang, finding.open)}"
            )
            if finding.rows:
                rows = ", ".join(finding.rows).encode("utf-8", "backslashreplace").decode()
                self.stdout.write(f"          at {rows}")


def _no_agency(agency: Any, known: dict[str, Scheme]) -> str:
    names = ", ".join(known)
    if agency is None:
        return f"the document has no agency (one of {names})"
    return f"unknown agency {json.dumps(agency)[:50]} (one of {names})"


def _as_json(finding: Finding, scheme: Scheme, lang: str) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "message": scheme.message(finding.id, lang, finding.open),
        "rows": finding.rows,
    }
