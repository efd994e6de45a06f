"""manage.py verify_events [--stream S] [--known NUMBER:HASH]: is the event log whole?"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.events.canonical import timestamp
from portal.events.keys import NoKey, fingerprint
from portal.events.verify import Verdict, verify


def known_checkpoint(text: str) -> tuple[int, str]:
    """NUMBER:HASH as verify_events prints it. Raises CommandError for anything else."""
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise CommandError("--known is NUMBER:HASH, as verify_events printed it")
    return int(number), digest.lower()


class Command(BaseCommand):
    help = "Says whether the event log is whole, and names the first bad link. Exit code 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stream", help="only this stream, e.g. application:<uuid>")
        parser.add_argument("--known", help="NUMBER:HASH of a checkpoint noted earlier, elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        known = known_checkpoint(options["known"]) if options["known"] else None
        try:
            verdict = verify(options["stream"], known)
        except NoKey as error:
            raise CommandError(str(error)) from None
        for fault in verdict.faults:
            self.stdout.write(f"NOT WHOLE: {fault}.")
        if verdict.fault_count > len(verdict.faults):
            self.stdout.write(f"… and {verdict.fault_count - len(verdict.faults)} more.")
        self._tell(verdict)
        if not verdict.whole:
            sys.exit(1)
        if options["stream"] and not verdict.events:
            raise CommandError("there is no such stream")

    def _tell(self, verdict: Verdict) -> None:
        seen = f"events {verdict.events}, streams {verdict.streams}"
        seen += f", checkpoints {verdict.checkpoints}"
        if verdict.rows:
            seen += f", rows compared {verdict.rows}"
        if verdict.erased:
            seen += f", personal payloads lawfully erased {verdict.erased}"
        self.stdout.write(f"{'The log is whole' if verdict.whole else 'Looked at'}: {seen}.")
        if verdict.last is None:
            self.stdout.write("No checkpoint yet: a tail that was cut off would not be noticed.")
            return
        last = verdict.last
        self.stdout.write(f"Last checkpoint: {last.number}:{last.hash} of {timestamp(last.at)}.")
        if verdict.since_checkpoint:
            self.stdout.write(f"Events younger than that: {verdict.since_checkpoint}.")
        for key in sorted(verdict.keys):
            self.stdout.write(f"Signed with the key {key}, fingerprint {fingerprint(key)}.")
        if not verdict.trusted:
            self.stdout.write("No key is set to compare it with: see EVENTS_TRUSTED_KEYS.")
