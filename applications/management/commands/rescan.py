"""manage.py rescan: has every file scanned that no scanner has looked at yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications import scanning


class Command(BaseCommand):
    """To be called once a scanner is switched on where there was none."""

    help = "Queues the malware scan of every attachment that was never scanned."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SCANNER == "none":
            raise CommandError("no scanner is set up: SCANNER is none")
        queued = scanning.rescan()
        self.stdout.write(f"{queued} files are queued for the scanner")
