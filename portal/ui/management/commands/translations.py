"""Keeps the catalogues in locale/: takes strings in, compiles, says what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.ui import catalogues


class Command(BaseCommand):
    help = (
        "Brings locale/<language>/LC_MESSAGES/django.po up to the sources (no GNU gettext needed)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="write the .mo files only")
        parser.add_argument(
            "--check",
            action="store_true",
            help="exit 1 and list what is untranslated, fuzzy, stale or damaged",
        )
        parser.add_argument("--language", choices=catalogues.languages(), help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [options["language"]] if options["language"] else catalogues.languages()
        if options["compile"]:
            for language in chosen:
                catalogues.compile_catalogue(language)
            return
        found = catalogues.extracted(settings.BASE_DIR)
        if options["check"]:
            faults = [fault for language in chosen for fault in catalogues.faults(language, found)]
            for fault in faults:
                self.stdout.write(fault)
            if faults:
                raise CommandError(f"{len(faults)} translations to put right", returncode=1)
            return
        for language in chosen:
            catalogues.write(language, catalogues.update(language, found))
            left = len(catalogues.faults(language, found))
            self.stdout.write(f"{language}: {len(found)} messages, {left} to translate")
