"""What has come of the checks of what was sent: the one source of this for pages, lists and commands.

Five things, never mixed up: not run, running, failed, found nothing, found something. What asks for
a finished check asks `is_finished`, and what shows it says `sentence`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, CheckRun, Finding, Submission
from applications.selectors.words import moment_in_words
from portal import clock
from portal.events.models import OutboxEntry

KIND = "checks.run"
# A check lasts a moment, with very many rows a minute. What takes longer than this is stuck.
TOO_LONG = timedelta(minutes=10)


class CheckState(StrEnum):
    """What one knows of a submission by its checks."""

    NOT_RUN = "not_run"
    RUNNING = "running"
    FAILED = "failed"
    NOTHING = "nothing"
    FOUND = "found"


@dataclass(frozen=True)
class Checked:
    """The state of the newest check of a submission.

    `findings`: how many, when it is finished. `asked_at`: when it was asked for (None: never).
    `again_at`: when a failed one is tried again by itself. `stuck`: it should have ended long ago.
    """

    state: CheckState
    findings: int = 0
    asked_at: datetime | None = None
    finished_at: datetime | None = None
    again_at: datetime | None = None
    stuck: bool = False
    run: int | None = None

    @property
    def is_finished(self) -> bool:
        """Whether it says what was found."""
        return self.state in (CheckState.NOTHING, CheckState.FOUND)


NEVER = Checked(CheckState.NOT_RUN)


def judge(line: Mapping[str, Any] | None, now: datetime) -> Checked:
    """The state by what the newest run and its entry of the outbox say. Pure.

    `line`: pk, requested_at, ran_at, findings (how many); of the entry, where there is one:
    `attempts`, lease_until, due_at, dead_at, done_at, last_error. None: no run was asked for.
    """
    if line is None:
        return NEVER
    pk, asked = line.get("pk"), line["requested_at"]
    if line["ran_at"]:
        state = CheckState.FOUND if line["findings"] else CheckState.NOTHING
        return Checked(state, line["findings"], asked, line["ran_at"], run=pk)
    entry = line.get("entry")
    if entry is None or entry["done_at"]:  # nobody is on it: its work is gone
        return Checked(CheckState.FAILED, asked_at=asked, stuck=True, run=pk)
    late = now - asked > TOO_LONG
    if entry["dead_at"]:
        return Checked(CheckState.FAILED, asked_at=asked, run=pk)
    held = entry["lease_until"]
    if held and held > now:
        return Checked(CheckState.RUNNING, asked_at=asked, stuck=late, run=pk)
    if held or entry["last_error"]:  # its worker ended, or it raised: tried again by itself
        again = max(entry["due_at"], now) if held is None else now
        return Checked(CheckState.FAILED, asked_at=asked, again_at=again, run=pk)
    return Checked(CheckState.NOT_RUN, asked_at=asked, stuck=late, run=pk)


def key(run: CheckRun | int) -> str:
    """The key of the outbox entry that carries a run out."""
    return f"{KIND}:{run.pk if isinstance(run, CheckRun) else run}"


def column(runs: QuerySet[CheckRun], *more: str, **named: Any) -> ArraySubquery:
    """The newest of `runs` (a query with an OuterRef) as JSON that `of_json` reads."""
    entries = OutboxEntry.objects.filter(
        kind=KIND, key=Concat(Value(f"{KIND}:"), Cast(OuterRef("pk"), TextField()))
    )
    facts = ("attempts", "lease_until", "due_at", "dead_at", "done_at", "last_error")
    entry = ArraySubquery(entries.values(json=JSONObject(**{f: F(f) for f in facts})))
    counted = Finding.objects.filter(run=OuterRef("pk")).order_by().values("run")
    told = JSONObject(
        pk=F("pk"),
        requested_at=F("requested_at"),
        ran_at=F("ran_at"),
        counted=ArraySubquery(counted.annotate(n=Count("pk")).values("n")),
        entry=entry,
        **{name: F(name) for name in more},
        **named,
    )
    return ArraySubquery(runs.order_by("-requested_at", "-pk")[:1].values(json=told))


def of_json(lines: list[dict[str, Any]], now: datetime | None = None) -> Checked:
    """The state by what `column` gave."""
    if not lines:
        return NEVER
    line = dict(lines[0])
    line["findings"] = sum(line.pop("counted"))
    line["entry"] = _moments(line["entry"][0]) if line["entry"] else None
    return judge(_moments(line), now or clock.now())


def _moments(line: dict[str, Any]) -> dict[str, Any]:
    """Moments come out of JSON as text."""
    return {
        name: datetime.fromisoformat(value)
        if name.endswith(("_at", "_until")) and isinstance(value, str)
        else value
        for name, value in line.items()
    }


def of(submission: Submission | None) -> Checked:
    """The state of the checks of exactly this submission. One query."""
    if submission is None:
        return NEVER
    runs = CheckRun.objects.filter(submission=OuterRef("pk"))
    found = Submission.objects.filter(pk=submission.pk).values_list(column(runs))
    return of_json(found[0][0])


def of_cases(cases: Iterable[Any]) -> dict[str, Checked]:
    """The state of what each case (its id) sent last, by id as text. One query."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-sequence")
    runs = CheckRun.objects.filter(submission=OuterRef("last"))
    found = Application.objects.filter(pk__in=list(cases)).annotate(last=last.values("pk")[:1])
    return {str(pk): of_json(lines) for pk, lines in found.values_list("pk", column(runs))}


def finished(submission: Submission) -> CheckRun | None:
    """The newest finished run over exactly this submission, with its findings."""
    runs = CheckRun.objects.filter(submission=submission, ran_at__isnull=False)
    return runs.prefetch_related("findings").order_by("-ran_at", "-pk").first()


def sentence(checked: Checked) -> str:
    """What the state says, in the reader's language: another sentence for each."""
    if checked.state == CheckState.FOUND:
        text = ngettext(
            "The checks found %(n)d thing.", "The checks found %(n)d things.", checked.findings
        )
        return text % {"n": checked.findings}
    return {
        CheckState.NOT_RUN: _("The checks have not run yet."),
        CheckState.RUNNING: _("The checks are running."),
        CheckState.FAILED: _("The checks failed: it is not known what they would find."),
        CheckState.NOTHING: _("The checks found nothing."),
    }[checked.state]


def short(checked: Checked) -> str:
    """The same in a few words, for a line of a list."""
    if checked.state == CheckState.FOUND:
        text = ngettext("%(n)d finding", "%(n)d findings", checked.findings)
        return text % {"n": checked.findings}
    return {
        CheckState.NOT_RUN: _("Not checked yet"),
        CheckState.RUNNING: _("Being checked"),
        CheckState.FAILED: _("Check failed"),
        CheckState.NOTHING: _("No findings"),
    }[checked.state]


def more(checked: Checked, zone: str, language: str, ours: bool = True) -> str:
    """Since when, and what happens next: a second sentence. `ours`: for the agency's side, which can
    run them again."""

    def words(at: datetime) -> str:
        return moment_in_words(at, zone, language)

    if checked.finished_at:
        return _("Checked %(at)s.") % {"at": words(checked.finished_at)}
    if not ours:
        return _("You need not do anything: the agency sees this too.")
    if checked.stuck and checked.asked_at:
        told = _("Asked for %(at)s, and should have ended long ago. Run them again.")
        return told % {"at": words(checked.asked_at)}
    if checked.again_at:
        return _("They are tried again by themselves.")
    if checked.state == CheckState.FAILED:
        return _("They are not tried again by themselves. Run them again.")
    if checked.asked_at:
        told = _("Asked for %(at)s. Look at this page again in a moment.")
        return told % {"at": words(checked.asked_at)}
    return _("Nobody has asked for them. Run them.")


COLOURS = {
    CheckState.NOT_RUN: "warning",
    CheckState.RUNNING: "info",
    CheckState.FAILED: "danger",
    CheckState.NOTHING: "success",
    CheckState.FOUND: "warning",
}


def told(checked: Checked, zone: str, language: str, ours: bool = True) -> dict[str, Any]:
    """The state for a page of the agency (`ours`) or the applicant's side: `state`, `sentence`, `more`, `short`, `colour`, `again` (whether running
    them again makes sense)."""
    return {
        "state": str(checked.state),
        "sentence": sentence(checked),
        "more": more(checked, zone, language, ours),
        "short": short(checked),
        "colour": COLOURS[checked.state],
        "again": checked.state != CheckState.RUNNING or checked.stuck,
        "finished": checked.is_finished,
    }
