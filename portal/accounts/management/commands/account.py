"""manage.py account ADDRESS --end-sessions | --close | --open: for operators, for any account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts import commands
from portal.accounts.selectors import by_email

ACTOR = "system:manage.py"


class Command(BaseCommand):
    help = "Ends a person's sessions, closes their account or opens it again. All stays recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--end-sessions", action="store_const", const="end", dest="what")
        what.add_argument("--close", action="store_const", const="close", dest="what")
        what.add_argument("--open", action="store_const", const="open", dest="what")

    def handle(self, *args: Any, **options: Any) -> None:
        user = by_email(options["address"])
        if user is None:
            raise CommandError("nobody has an account with this address")
        if options["what"] == "end":
            commands.end_sessions(user, ACTOR)
            told = "all sessions are ended"
        else:
            commands.set_active(user, options["what"] == "open", ACTOR)
            told = "the account is open" if options["what"] == "open" else "the account is closed"
        self.stdout.write(f"{user.email}: {told}")
