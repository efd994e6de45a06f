"""Writes docs/permissions.md from the workflow table."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from applications.permissions import page


class Command(BaseCommand):
    """`manage.py permissions` writes the page; `--check` only says whether it is stale."""

    help = "Writes docs/permissions.md from applications/workflow.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when the page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "permissions.md"
        if options["check"]:
            if not path.exists() or path.read_text() != page():
                raise SystemExit("docs/permissions.md is stale: run manage.py permissions")
            return
        path.write_text(page())
        self.stdout.write(f"wrote {path.name}")
