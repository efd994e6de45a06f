"""Big cases and small ones at the same time: how long the small ones wait for their receipts.

For `manage.py bench --lanes`, on a demo's database while its workers run, and scaled down for the
suite. The cases are invented, and stay.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from applications import commands
from applications.commands import Actor
from applications.completeness.sample import complete_document
from applications.models import Application, Submission
from applications.selectors import scheme_of
from institutions.selectors import active_institutions
from portal.events.models import OutboxEntry
from portal.local import seeding
from portal.local.demo_projects import PROJECTS

AGENCY = "SSB"
PATIENCE = 600.0  # seconds for all small cases


@dataclass(frozen=True)
class Race:
    """What came of it. `waits`: seconds from each small case's submission to its receipt, PDF and
    mail; `heavy_left`: how much of the big cases' work was still to be done then."""

    waits: tuple[float, ...]
    heavy_left: int

    @property
    def p95(self) -> float:
        """The wait that 95 of 100 small cases stay under."""
        return sorted(self.waits)[max(0, -(-len(self.waits) * 95 // 100) - 1)]


def drafts(owner: Any, smalls: int, bigs: list[int]) -> tuple[list[Application], list[Application]]:
    """Complete drafts: so many small ones, and one with each number of variables in `bigs`.

    What follows from filling them is done in this process; nothing is submitted.
    """
    institution = active_institutions(owner).first()
    if institution is None:
        raise LookupError(f"{owner.email} belongs to no institution")
    made = []
    for number in range(smalls + len(bigs)):
        case = seeding.begin(AGENCY, owner, institution, 0.1)
        seeding.fill(case, owner, PROJECTS[number % len(PROJECTS)], 0.1)
        made.append(case)
    for case, rows in zip(made[smalls:], bigs, strict=True):
        table = scheme_of(case).field("variables")
        asked = {column.path for column in table.columns if column.asked} if table else set()
        variables = [
            {path: value for path, value in row.items() if path in asked}
            for row in complete_document(AGENCY, rows)["variables"]
        ]
        payload = {"list": "variables", "rows": variables, "replace": True}
        seeding.give("import_rows", case, Actor(user=owner), payload, 0.1)
    return made[:smalls], made[smalls:]


def submit(case: Application, owner: Any) -> None:
    """Hands one case in, now; the workers do the rest."""
    payload = {"declaration": scheme_of(case).declaration_of(case.type)(case.language)}
    commands.execute("submit", case.pk, Actor(user=owner), payload)


def arrived(case: Application) -> float | None:
    """Seconds from submission until the receipt was made and its mail had gone; None until then."""
    submission = Submission.objects.get(application=case)
    if not submission.pdf_digest:
        return None
    keys = [f"submission.render:{case.pk}:{submission.sequence}", f"receipt:{submission.pk}"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM max(done_at) - min(created_at)) FROM events_outboxentry"
            " WHERE key = ANY(%s) HAVING count(done_at) = %s",
            [keys, len(keys)],
        )
        row = cursor.fetchone()
    return None if row is None else float(row[0])


def heavy_left() -> int:
    """How many heavy entries are still to be done."""
    return OutboxEntry.objects.filter(lane="heavy", done_at__isnull=True).count()


def race(
    owner: Any,
    smalls: int,
    bigs: list[int],
    pause: float = 2.0,
    say: Callable[[str], None] = lambda text: None,
) -> Race:
    """Submits the big cases, then the small ones, one every `pause` seconds, and waits for the small
    ones' receipts. Raises TimeoutError when they do not come."""
    say(f"{smalls} small drafts and {len(bigs)} big ones are made")
    small_cases, big_cases = drafts(owner, smalls, bigs)
    for case in big_cases:
        submit(case, owner)
    say("the big ones are handed in; now the small ones")
    for case in small_cases:
        submit(case, owner)
        time.sleep(pause)
    deadline = time.monotonic() + PATIENCE
    while any(arrived(case) is None for case in small_cases):
        if time.monotonic() > deadline:
            raise TimeoutError("the small cases' receipts do not come: do the workers run?")
        time.sleep(0.2)
    waits = tuple(wait for case in small_cases if (wait := arrived(case)) is not None)
    return Race(waits, heavy_left())
