"""What an agency's administrators see of the machinery: what waits, what failed and why, who works.

What belongs to another agency's case is told by kind, age and reason only; what it holds is told of
nobody's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.schemes import Scheme
from applications.selectors.words import moment_in_words
from portal import clock, version
from portal.events import backlog, claiming, readings
from portal.events.lanes import Lane
from portal.events.models import OutboxEntry

MOST = 50  # entries of each kind on the page

Cases = dict[str, tuple[str, str, str]]  # id -> (agency, id of the application, number)
# Key of a payload -> what the ids under it belong to; a higher app adds its own.
BELONGS: dict[str, Callable[[list[str]], Cases]] = {}

_CASES = """
    SELECT 'application', a.id::text, a.agency, a.id::text, a.number
    FROM applications_application a WHERE a.id = ANY(%(application)s::uuid[])
    UNION ALL SELECT 'submission', s.id::text, a.agency, a.id::text, a.number
    FROM applications_submission s JOIN applications_application a ON a.id = s.application_id
    WHERE s.id::text = ANY(%(submission)s)
    UNION ALL SELECT 'attachment', f.id::text, a.agency, a.id::text, a.number
    FROM applications_attachment f JOIN applications_application a ON a.id = f.application_id
    WHERE f.id::text = ANY(%(attachment)s)
    UNION ALL SELECT 'colleague', c.id::text, a.agency, a.id::text, a.number
    FROM applications_colleague c JOIN applications_application a ON a.id = c.application_id
    WHERE c.id::text = ANY(%(colleague)s)
"""
_OWN = ("application", "submission", "attachment", "colleague")


@dataclass(frozen=True)
class Job:
    """One entry as an administrator of one agency may see it."""

    pk: int
    kind: str
    lane: str
    age: str
    reason: str
    tries: int
    case: str
    url: str
    foreign: bool
    when: str
    retry_url: str


def lane_words() -> dict[str, str]:
    """The lanes in words."""
    return {
        Lane.MAIL: _("Mail and notices"),
        Lane.CHECKS: _("Checks"),
        Lane.SCANS: _("Looking at files"),
        Lane.LETTERS: _("Receipts and letters"),
        Lane.HEAVY: _("Heavy work"),
    }


def _reasons() -> dict[str, str]:
    return {
        claiming.KILLED: _("Its process was killed."),
        claiming.TOO_LONG: _("It ran longer than it may."),
        claiming.TOO_BIG: _("It needed more memory than it may."),
        claiming.GONE: _("The worker that had it was gone."),
    }


def ago(seconds: float) -> str:
    """A length of time in words: 40 s, 12 min, 5 h, 3 d."""
    for size, words in ((86_400, _("%d d")), (3600, _("%d h")), (60, _("%d min"))):
        if seconds >= size:
            return words % (seconds // size)
    return _("%d s") % seconds


def belongs(entries: Iterable[OutboxEntry]) -> dict[int, tuple[str, str, str]]:
    """Entry -> (agency, application, number), for those that belong to a case or an agency."""
    asked: dict[str, dict[str, list[int]]] = {}
    found: dict[int, tuple[str, str, str]] = {}
    for entry in entries:
        for key in ("agency", *_OWN, *BELONGS):
            value = entry.payload.get(key) if isinstance(entry.payload, dict) else None
            if value:
                if key == "agency":
                    found[entry.pk] = (str(value), "", "")
                else:
                    asked.setdefault(key, {}).setdefault(str(value), []).append(entry.pk)
                break
    if any(key in asked for key in _OWN):
        ids = {key: [i for i in asked.get(key, {}) if _fits(key, i)] for key in _OWN}
        with connection.cursor() as cursor:
            cursor.execute(_CASES, ids)
            for key, pk, *case in cursor.fetchall():
                found |= {entry: tuple(case) for entry in asked[key][pk]}  # type: ignore[misc]
    for key, cases_of in BELONGS.items():
        if key in asked:
            for pk, of in cases_of(list(asked[key])).items():
                found |= dict.fromkeys(asked[key][pk], of)
    return found


def _fits(key: str, value: str) -> bool:
    if key != "application":
        return True
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _jobs(agency: str, entries: list[OutboxEntry], of: dict, zone: str, lang: str) -> list[Job]:
    now, lanes, reasons, jobs = clock.now(), lane_words(), _reasons(), []
    for entry in entries:
        owner, application, number = of.get(entry.pk, ("", "", ""))
        foreign = bool(owner) and owner != agency
        mine = bool(application) and not foreign
        may_retry = entry.dead_at is not None and not foreign
        jobs.append(
            Job(
                pk=entry.pk,
                kind=entry.kind,
                lane=lanes.get(entry.lane, entry.lane),
                age=ago(max(0.0, (now - entry.wanted_at).total_seconds())),
                reason=reasons.get(entry.last_error, entry.last_error),
                tries=entry.attempts,
                case=(number or _("Draft")) if mine else "",
                url=reverse("cases:case", args=[agency, application]) if mine and number else "",
                foreign=foreign,
                when=_when(entry, zone, lang),
                retry_url=reverse("cases:retry", args=[agency, entry.pk]) if may_retry else "",
            )
        )
    return jobs


def _when(entry: OutboxEntry, zone: str, lang: str) -> str:
    return moment_in_words(entry.dead_at or entry.due_at, zone, lang)


def entries() -> tuple[list[OutboxEntry], list[OutboxEntry]]:
    """(dead, failed and tried again), each the latest first."""
    troubled = OutboxEntry.objects.filter(done_at__isnull=True).exclude(last_error="")
    dead = list(OutboxEntry.objects.filter(dead_at__isnull=False).order_by("-dead_at")[:MOST])
    failed = list(troubled.filter(dead_at__isnull=True).order_by("wanted_at")[:MOST])
    return dead, failed


def dead_entry(agency: str, pk: int) -> OutboxEntry | None:
    """The dead entry, when an administrator of `agency` may retry it: their own, or nobody's."""
    entry = OutboxEntry.objects.filter(pk=pk, dead_at__isnull=False).first()
    if entry is None:
        return None
    owner, *_rest = belongs([entry]).get(pk, ("",))
    return entry if owner in ("", agency) else None


def job(scheme: Scheme, entry: OutboxEntry, language: str) -> Job:
    """One entry in words."""
    return _jobs(scheme.agency, [entry], belongs([entry]), scheme.timezone, language)[0]


def page(scheme: Scheme, language: str, parts: dict[str, str]) -> dict[str, Any]:
    """All that the page shows; the same number of queries whatever waits."""
    dead, failed = entries()
    of = belongs([*dead, *failed])
    zone, words = scheme.timezone, lane_words()
    names = [f"certificate:{scheme.agency}:{purpose}" for purpose in _purposes()]
    seen = readings.read([*names, "scanner"])

    def told(at: datetime) -> str:
        return moment_in_words(at, zone, language)

    return {
        "agency": scheme.agency,
        "lanes": [
            {
                "name": words[state.lane],
                "state": state.state,
                "waiting": state.waiting,
                "failed": state.failed,
                "running": state.running,
                "dead": state.dead,
                "oldest": ago(state.oldest) if state.waiting else "–",
            }
            for state in backlog.lanes()
        ],
        "dead": _jobs(scheme.agency, dead, of, zone, language),
        "failed": _jobs(scheme.agency, failed, of, zone, language),
        "most": MOST,
        "workers": [
            {
                "name": worker.worker,
                "lanes": ", ".join(words.get(lane, lane) for lane in worker.lanes),
                "version": worker.version,
                "old": worker.version != version.code(),
                "started": told(worker.started_at),
                "seen": ago(max(0.0, (clock.now() - worker.seen_at).total_seconds())),
                "lost": (clock.now() - worker.seen_at).total_seconds() > backlog.LOST,
            }
            for worker in backlog.workers()
        ],
        "version": version.code(),
        "parts": _parts(parts, seen, told),
        "certificates": [
            {"label": label, "value": _certificate(seen.get(name), zone, language)}
            for name, label in zip(names, _purposes().values(), strict=True)
        ],
    }


def _purposes() -> dict[str, str]:
    return {"decision": _("Letters of decisions"), "acceptance": _("Acceptances")}


def _certificate(reading: Any, zone: str, language: str) -> str:
    if reading is None:
        return _("not looked at yet")
    if "ends" not in reading.value:
        return _("cannot be opened: nothing is signed with it")
    ends = datetime.fromisoformat(reading.value["ends"])
    days = (ends - clock.now()).days
    return _("ends %(day)s, in %(count)d days") % {
        "day": moment_in_words(ends, zone, language),
        "count": days,
    }


def _parts(parts: dict[str, str], seen: dict[str, Any], told: Callable) -> list[dict[str, str]]:
    names = {
        "database": _("Database"),
        "broker": _("Broker"),
        "disk": _("Room on the disk"),
        "storage": _("Storage of files"),
    }
    lines = [
        {"label": names[name], "value": _("answers") if state == "ok" else state}
        for name, state in parts.items()
    ]
    scanner = seen.get("scanner")
    if scanner is None:
        words = _("not looked at yet")
    elif scanner.value["state"] == "none":
        words = _("none is set up: no file can be opened")
    elif scanner.value["state"] == "ok":
        words = f"{_('answers')} ({scanner.value['name']}, {told(scanner.at)})"
    else:
        words = _("does not answer since %(when)s: files wait") % {"when": told(scanner.at)}
    return [*lines, {"label": _("Virus scanner"), "value": words}]
