"""manage.py checkpoint_events: signs how the event log stands now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.events.checkpoints import Busy, make_checkpoint
from portal.events.keys import NoKey


class Command(BaseCommand):
    help = "Makes a signed checkpoint of the event log. Note the number and hash elsewhere."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            point = make_checkpoint()
        except (NoKey, Busy) as error:
            raise CommandError(str(error)) from None
        if point is None:
            self.stdout.write("Nothing was written since the last checkpoint.")
        else:
            self.stdout.write(f"Checkpoint {point.number}:{point.hash}")
