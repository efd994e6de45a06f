"""How the demo's data is made: what the first page needs, then case after case.

While the rest is made people look around already, and the worker works. Every case is one
transaction: nobody sees half of it, the worker finds nothing of it to do, and a demo that is ended
meanwhile goes on at the next start where it stopped. How far it is stands in a file beside the
database (`settings.DEMO_PROGRESS`).
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from portal.local import demo_catalogues, demo_lists, nordic_stories, stories
from portal.local.stories import Cast, Step


@dataclass
class Progress:
    """How far it is. `opened`: everybody and the first cases are there."""

    opened: bool = False
    failed: bool = False
    of: int = 0
    done: dict[str, str] = field(default_factory=dict)  # name of the step -> id of its case

    @property
    def whole(self) -> bool:
        """Whether nothing is left to make."""
        return self.opened and len(self.done) >= self.of


def read(file: Path) -> Progress | None:
    """What `file` tells; None when nothing was begun."""
    try:
        return Progress(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def read_here() -> Progress | None:
    """How far this demo's data is."""
    return read(Path(settings.DEMO_PROGRESS))


def _write(progress: Progress) -> None:
    file = Path(settings.DEMO_PROGRESS)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    draft.replace(file)


def steps() -> list[Step]:
    """Every case of the demo, in the order in which they can be made: the first ones first."""
    found = [*stories.steps(), *nordic_stories.steps()]
    return sorted(found, key=lambda step: not step.first)


def fill(planned: list[Step], only_first: bool = False) -> int:
    """Makes what of `planned` is not there yet; returns how many cases there are then.
    `only_first`: stops when the first page can be opened."""
    progress = read_here() or Progress()
    progress.of, progress.failed = len(planned), False
    try:
        cast = stories.cast() if progress.opened else _gathered()
        for step in planned:
            if not progress.opened and not step.first:
                progress.opened = True
                _write(progress)
            if only_first and progress.opened:
                break
            _take(step, cast, progress)
        progress.opened = True
    except BaseException:
        progress.failed = True
        raise
    finally:
        _write(progress)
    return len(progress.done)


def _gathered() -> Cast:
    """Everybody, and what waits for them beside cases."""
    demo_catalogues.fill()
    cast = stories.gather()
    nordic_stories.gather(cast)
    demo_lists.fill(cast.admin)
    return cast


def _take(step: Step, cast: Cast, progress: Progress) -> None:
    if step.name in progress.done:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Drawing a letter on a slow machine must not look like a transaction that was forgotten.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        made = step.make(cast, progress.done)
    progress.done[step.name] = str(made.pk)
    _write(progress)
