"""What kinds of jobs there are, and how one is run.

A kind is registered in an app's tasks.py; it is an effect of the outbox of the same name.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise

from portal import clock, store
from portal.events import outbox
from portal.jobs.models import OVER, Job, State

log = logging.getLogger(__name__)

TRIES = 3  # somebody is looking at the page: twelve tries take most of a day
KEPT = timedelta(days=1)  # from asking to the file's end, and from the file's beginning
PAUSE = 0.5  # seconds between two writes of how far a job is

Text = str | Promise


class Failed(Exception):
    """Raised by the work: it cannot be done, and `code` says why; the kind words it. Not tried
    again. `values` fill the words' placeholders."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Made:
    """What the work made: a file as its bytes or as an object of the store already, or no file
    and a `result` that the kind's template shows."""

    content: bytes = b""
    filename: str = ""
    content_type: str = ""
    digest: str = ""
    result: dict[str, Any] = field(default_factory=dict)


@dataclass
class Work:
    """What a work function is called with."""

    job: Job
    _said: float = 0.0

    @property
    def payload(self) -> dict[str, Any]:
        """What `begin` was given."""
        return dict(self.job.payload)

    @property
    def owner(self) -> Any:
        """The person who asked; None for somebody without an account."""
        return self.job.owner

    @property
    def source(self) -> str:
        """The digest of the object to be read, or ""."""
        return self.job.source_digest

    def progress(self, done: int, total: int) -> None:
        """Says how far the work is; cheap to call often. `total` 0: not known."""
        now = time.monotonic()
        if now - self._said >= PAUSE or done == total:
            self._said = now
            self.job.change(done=done, total=total)


Worker = Callable[[Work], Made]
# (the person who asks now, or None; what `begin` was given) -> may they have it still?
Allowed = Callable[[Any, dict[str, Any]], bool]


@dataclass(frozen=True)
class Kind:
    """How jobs of one kind are done, shown, and by whom they may be had."""

    name: str
    work: Worker
    title: Text
    allowed: Allowed
    failures: Mapping[str, Text]
    template: str
    back: Callable[[dict[str, Any]], str] | None
    keep: timedelta
    fresh: bool


_kinds: dict[str, Kind] = {}


def job(
    name: str,
    *,
    title: Text,
    allowed: Allowed,
    failures: Mapping[str, Text] | None = None,
    template: str = "",
    back: Callable[[dict[str, Any]], str] | None = None,
    keep: timedelta = KEPT,
    fresh: bool = False,
    **effect: Any,
) -> Callable[[Worker], Worker]:
    """Registers a kind of job; stands in an app's tasks.py.

    `title`: the page's heading. `allowed`: asked at every look at the page and at every download,
    with the person of that request, so that who lost a role gets nothing. `failures`: code of
    `Failed` -> words. `template`: shows `result` in place of, or beside, the file. `back`: address
    of the page to return to. `keep`: how long the result is kept. `fresh`: the file is
    given after a fresh sign-in only. `effect`: see
    `portal.events.outbox.effect`. The work may run twice; only its last result is kept.
    """

    def register(work: Worker) -> Worker:
        kind = Kind(name, work, title, allowed, failures or {}, template, back, keep, fresh)

        def handler(payload: dict) -> None:
            _run(kind, payload["job"])

        handler.__module__, handler.__qualname__ = work.__module__, work.__qualname__
        outbox.effect(name, **effect)(handler)
        _kinds[name] = kind
        return work

    return register


def kinds() -> dict[str, Kind]:
    """Every registered kind by name."""
    outbox.effects()
    return _kinds


def _run(kind: Kind, pk: str) -> None:
    job = Job.objects.select_related("owner").filter(pk=pk).exclude(state__in=OVER).first()
    if job is None:  # nobody waits for it any more
        return
    job.change(state=State.RUNNING, done=0, total=0)
    try:
        with translation.override(job.language):
            made = kind.work(Work(job))
    except Failed as failed:
        _end(job, kind, state=State.FAILED, code=failed.code, result=failed.values)
        return
    except outbox.NotYet:
        job.change(state=State.WAITING)
        raise
    except Exception as error:
        # The row stays open: what is dead in the outbox has failed, until an administrator retries.
        job.change(state=State.WAITING)
        if outbox.current_entry().attempt >= TRIES and not isinstance(error, outbox.Never):
            log.exception("job %s (%s)", job.pk, kind.name)
            raise outbox.Never(f"failed {TRIES} times: {type(error).__name__}") from error
        raise
    digest = made.digest or (store.put(made.content) if made.filename else "")
    size = 0
    if digest:
        with store.open_object(digest) as stored:
            size = stored.size
    with transaction.atomic():
        _end(
            job,
            kind,
            state=State.DONE,
            result=made.result,
            digest=digest,
            filename=made.filename,
            content_type=made.content_type,
            size=size,
        )
        outbox.finish()


def _end(job: Job, kind: Kind, **values: Any) -> None:
    now = clock.now()
    job.change(source_digest="", finished_at=now, expires_at=now + kind.keep, **values)
