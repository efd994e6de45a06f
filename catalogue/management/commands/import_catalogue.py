"""Takes a catalogue in without the web."""

from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from catalogue import agencies, commands, headings, reading, sources, wording
from portal import days
from portal.clock import today


class Command(BaseCommand):
    """`manage.py import_catalogue AGENCY FILE --valid-from DATE [--note TEXT]`."""

    help = "Takes the file (XLSX or CSV) in as the agency's next edition of its catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency")
        parser.add_argument("file", type=Path)
        parser.add_argument("--valid-from", type=days.argument, default=None)
        parser.add_argument("--note", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agencies.code_of(options["agency"])
        if agencies.theme_of(agency) is None:
            raise CommandError(f"no agency {agency}: there are {', '.join(agencies.codes())}")
        with override("en"):
            self._take(agency, options)

    def _take(self, agency: str, options: dict[str, Any]) -> None:
        day = options["valid_from"] or today(commands.ZONE)
        try:
            with options["file"].open("rb") as file:
                source = sources.put(File(file, name=options["file"].name))
            sheet = reading.read(
                sources.table_of(source.ext, source.digest, headings.known_in).lines
            )
            made = commands.take(
                agency, sheet, None, day, source.digest, source.filename, options["note"]
            )
        except sources.Refused as refused:
            raise CommandError(wording.refusal(str(refused))) from None
        except OSError as wrong:
            raise CommandError(f"{options['file']}: {wrong.strerror}") from None
        except commands.WrongDay as wrong:
            raise CommandError(wording.wrong_day(str(wrong), agency)) from None
        except commands.Faulty as faulty:
            told = [wording.fault(wrong) for wrong in faulty.args[0]]
            lines = [f"line {f['line']}: {f['column']} {f['cell']} {f['text']}" for f in told[:50]]
            raise CommandError("\n".join([f"{len(told)} faults:", *lines])) from None
        if options["verbosity"]:
            counts = wording.counted(made.counts["variables"])
            self.stdout.write(f"{made}: {counts}")
