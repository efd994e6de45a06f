"""manage.py reset_second_factor ADDRESS: for somebody who lost phone, key and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts import commands
from portal.accounts.selectors import by_email


class Command(BaseCommand):
    help = "Removes a person's second factors and ends their sessions. Make sure who is asking."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        user = by_email(options["address"])
        if user is None:
            raise CommandError("nobody has an account with this address")
        removed = commands.reset_second_factor(user, "system:manage.py")
        self.stdout.write(f"{removed} removed; all sessions of {user.email} are ended")
