"""manage.py sample_letter: a complete signed letter from invented data. No server is needed."""

import shutil
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from decisions.letters.content import Outcome


class Command(BaseCommand):
    """Writes DIR/letter.pdf, and the demo authority's root certificate as DIR/root.pem."""

    help = "Write a signed letter of an invented case, and the root certificate it leads up to."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--agency", required=True, help="the code of an agency that has a scheme"
        )
        parser.add_argument("--outcome", required=True, choices=[str(each) for each in Outcome])
        parser.add_argument("--lang", required=True, help="language of the letter, such as nb")
        parser.add_argument("--out", required=True, type=Path, help="folder; made if missing")
        parser.add_argument(
            "--accepted", action="store_true", help="add the recipient's acceptance"
        )
        parser.add_argument("--variables", type=int, help="how many variables, to try big letters")

    def handle(self, **options: object) -> None:
        from decisions.letters import authority, sample

        agency, language = str(options["agency"]).upper(), str(options["lang"]).lower()
        outcome, out = Outcome(str(options["outcome"])), Path(str(options["out"]))
        if agency not in sample.agencies():
            raise CommandError(f"agency is one of {', '.join(sample.agencies())}")
        if language not in sample.languages(agency):
            known = ", ".join(sample.languages(agency))
            raise CommandError(f"letters of {agency} are written in {known}")
        if options["accepted"] and not outcome.gives_access:
            raise CommandError("only a decision that gives access can be accepted")
        number = options["variables"]
        content = sample.content(
            agency, outcome, language, variables=number if isinstance(number, int) else None
        )
        try:
            out.mkdir(parents=True, exist_ok=True)
            pdf = sample.letter(content, accepted=bool(options["accepted"]))
            (out / "letter.pdf").write_bytes(pdf)
            shutil.copyfile(sample.authority_folder() / authority.ROOT, out / authority.ROOT)
        except OSError as error:
            raise CommandError(f"cannot write to {out}: {error}") from error
        self.stdout.write(f"{out / 'letter.pdf'}\n{out / authority.ROOT}")
