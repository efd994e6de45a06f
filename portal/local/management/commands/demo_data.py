"""Fills an empty database with the demo: people, institutions, cases in every state."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.local import demo_catalogues, demo_lists, nordic_stories, stories


class Command(BaseCommand):
    """`manage.py demo_data`; a database with people in it is left alone."""

    help = "Fills an empty database with invented people, institutions and cases."

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "ALLOW_SEEDING", False):
            raise CommandError("invented people belong into the demo")
        demo_catalogues.fill()
        cast = stories.gather()
        counted = stories.tell(cast) + nordic_stories.tell(cast)
        demo_lists.fill(cast.admin)
        self.stdout.write(f"{counted} cases made")
