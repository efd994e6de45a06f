"""manage.py grant_role ADDRESS AGENCY ROLE [--take]: the first roles of an installation, and the
way out when an agency has no two administrators left who may act together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts import commands
from portal.accounts.enums import StaffRoleName
from portal.accounts.models import StaffRole
from portal.accounts.selectors import by_email


class Command(BaseCommand):
    help = "Gives a person a role at an agency, or takes it away (--take)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="e-mail address of somebody who has an account")
        parser.add_argument("agency", help=", ".join(commands.agencies()))
        parser.add_argument("role", help=", ".join(StaffRoleName.values))
        parser.add_argument("--take", action="store_true", help="take the role away")

    def handle(self, *args: Any, **options: Any) -> None:
        user = by_email(options["address"])
        if user is None:
            raise CommandError("nobody has an account with this address: sign up first")
        agency, role = options["agency"].upper(), options["role"]
        if role == StaffRoleName.DECISION_MAKER and not options["take"]:
            raise CommandError(
                "two administrators of the agency make a decision maker, on the page of its staff; "
                "name two administrators with this command, neither of whom named the other"
            )
        if not options["take"]:
            try:
                commands.grant_role(user, agency, role, by=user, actor="system:manage.py")
            except commands.UnknownRole as unknown:
                raise CommandError(f"there is no such agency or role: {unknown}") from unknown
            self.stdout.write(f"{user.email} is {role} at {agency}")
            return
        held = StaffRole.objects.filter(
            user=user, agency=agency, role=role, revoked_at__isnull=True
        ).first()
        if held is None:
            raise CommandError(f"{user.email} is not {role} at {agency}")
        commands.revoke_role(held, by=user, actor="system:manage.py")
        self.stdout.write(f"{user.email} is no longer {role} at {agency}")
