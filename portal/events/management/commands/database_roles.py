"""manage.py database_roles: the three roles of the database, and what each of them may."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.events import roles

USUAL = roles.Roles()


class Command(BaseCommand):
    """As an administrator of the database before the first migration; as the owner after each."""

    help = (
        "Makes the roles of owner, app and worker (as an administrator of the database) and gives"
        " them their rights (as administrator or owner). Passwords come from the environment:"
        " DATABASE_OWNER_PASSWORD, DATABASE_APP_PASSWORD, DATABASE_WORKER_PASSWORD."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner", default=USUAL.owner, help="owns the tables; migrates")
        parser.add_argument("--app", default=USUAL.app, help="the role of web and beat")
        parser.add_argument("--worker", default=USUAL.worker, help="the role of the workers")

    def handle(self, *args: Any, **options: Any) -> None:
        names = roles.Roles(options["owner"], options["app"], options["worker"])
        passwords = {
            name: os.environ.get(f"DATABASE_{part}_PASSWORD", "")
            for name, part in (
                (names.owner, "OWNER"),
                (names.app, "APP"),
                (names.worker, "WORKER"),
            )
        }
        if len(passwords) < 3:
            raise CommandError("the three roles need three names")
        try:
            done = roles.set_up(names, passwords)
        except roles.NotAllowed as refused:
            raise CommandError(str(refused)) from None
        for line in done:
            self.stdout.write(line)
