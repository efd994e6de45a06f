"""The case officers' queues: fixed number of queries, paged by key, sorted by what is due.

Dates are formatted here and rows are plain values: two template date filters per row cost as much
as the rest of the page (performance.md).
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q, QuerySet

from applications import policy
from applications.enums import OPEN_STATES, WAITING_FOR_APPLICANT, State
from applications.models import Application
from applications.schemes import Scheme
from applications.selectors import checks
from portal import clock
from portal.accounts import staffing
from portal.given import cursor, moment, place

PER_PAGE = 25
COUNT_CAP = 1000
OPEN = [str(s) for s in OPEN_STATES]
WITH_APPLICANT = [str(s) for s in WAITING_FOR_APPLICANT]


People = list[Any]  # ids: who asks, and whom they stand in for today


def people_of(user: Any, scheme: Scheme) -> People:
    """Whose cases are those of `user` at the agency today. One query."""
    today = clock.today(scheme.timezone)
    return [user.pk, *staffing.stood_in_for(user, scheme.agency, today)]


def _mine(people: People) -> Q:
    return Q(assignee__in=people, state__in=OPEN)


def _unassigned(people: People) -> Q:
    return Q(assignee__isnull=True, state__in=OPEN)


def _waiting(people: People) -> Q:
    return Q(state__in=WITH_APPLICANT)


def _overdue(people: People) -> Q:
    return Q(state__in=OPEN, due_at__lt=clock.now())


def _all_open(people: People) -> Q:
    return Q(state__in=OPEN)


def _everything(people: People) -> Q:
    return Q(submitted_at__isnull=False)


QUEUES = {
    "mine": _mine,
    "unassigned": _unassigned,
    "waiting": _waiting,
    "overdue": _overdue,
    "open": _all_open,
    "all": _everything,
}


def _person(text: str) -> str:
    """`text` when it is "none" or a person's key, else nothing."""
    if text == "none":
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@dataclass
class Filters:
    """What the address asks for. Unknown values are dropped, never an error."""

    queue: str = "mine"
    state: str = ""
    assignee: str = ""
    type: str = ""
    text: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: Any) -> "Filters":
        """Reads the filters from the address."""
        queue = query.get("queue", "mine")
        state = query.get("state", "")
        return cls(
            queue if queue in QUEUES else "mine",
            state if state in set(State) - {State.DRAFT} else "",
            _person(query.get("assignee", "")),
            query.get("type", "")[:50],
            query.get("q", "").strip()[:200],
            query.get("after", ""),
        )

    def as_query(self, **changed: str) -> dict[str, str]:
        """The filters as parameters of an address, with some changed and empty ones left out."""
        named = {
            "queue": self.queue,
            "state": self.state,
            "assignee": self.assignee,
            "type": self.type,
            "q": self.text,
            "after": "",
        } | changed
        return {name: value for name, value in named.items() if value}


@dataclass
class QueueLine:
    """One case of a queue, ready to print."""

    pk: str
    number: str
    title: str
    institution: str
    state: str
    state_label: str
    label: str
    assignee: str
    due: str
    overdue: bool
    submitted: str
    type: str = ""
    check: str = ""
    check_colour: str = ""


@dataclass
class QueuePage:
    """One page of a queue; `next` is the key of the next page, or empty."""

    lines: list[QueueLine] = field(default_factory=list)
    next: str = ""


def search(cases: QuerySet, text: str, config: str) -> QuerySet:
    """The cases with all words of `text`, or with it inside number, names or title."""
    words = SearchQuery(text, config=config, search_type="websearch")
    return cases.filter(Q(search_vector=words) | Q(search_names__contains=text.lower()))


def of_agency(user: Any, agency: str) -> QuerySet:
    """The submitted cases of an agency that `user`, who has a role there, is not barred from."""
    cases = Application.objects.filter(agency=agency, submitted_at__isnull=False)
    return cases.exclude(policy.barred(user))


def _matching(user: Any, people: People, filters: Filters, scheme: Scheme) -> QuerySet:
    cases = of_agency(user, scheme.agency).filter(QUEUES[filters.queue](people))
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.type and scheme.type(filters.type):
        cases = cases.filter(type=filters.type)
    if filters.assignee == "none":
        cases = cases.filter(assignee__isnull=True)
    elif filters.assignee:
        cases = cases.filter(assignee_id=UUID(filters.assignee))
    if filters.text:
        cases = search(cases, filters.text, scheme.search_config)
    return cases


COLUMNS = (
    "pk",
    "number",
    "sent_title",
    "institution__name",
    "state",
    "label",
    "assignee__name",
    "due_at",
    "submitted_at",
    "type",
)


def queue_page(
    user: Any, scheme: Scheme, people: People, filters: Filters, language: str
) -> QueuePage:
    """One page of a queue of `scheme`'s agency as `user` may read it, sorted by what is due first.

    Closed cases and search results come newest first. One query, whatever the page.
    """
    cases = _matching(user, people, filters, scheme)
    newest_first = filters.queue == "all"
    key = place(filters.after, moment, UUID)
    if newest_first:
        cases = cases.order_by("-submitted_at", "-pk")
        if key:
            cases = cases.filter(submitted_at__lte=key[0]).exclude(
                submitted_at=key[0], pk__gte=key[1]
            )
    else:
        cases = cases.order_by("due_at", "pk")
        if key:
            cases = cases.filter(due_at__gte=key[0]).exclude(due_at=key[0], pk__lte=key[1])
    found = list(cases.values_list(*COLUMNS)[: PER_PAGE + 1])
    zone, now = ZoneInfo(scheme.timezone), clock.now()
    page = QueuePage()
    # What most come for needs no word.
    kinds = {t.id: t.label(language) for t in scheme.types[1:]}
    checked = checks.of_cases(row[0] for row in found[:PER_PAGE])
    for row in found[:PER_PAGE]:
        pk, number, title, institution, state, label, assignee, due, submitted, kind = row
        page.lines.append(
            QueueLine(
                str(pk),
                number,
                title,
                institution or "",
                state,
                scheme.workflow.state_label(state, language),
                scheme.workflow.labels[label](language) if label in scheme.workflow.labels else "",
                assignee or "",
                f"{due.astimezone(zone):%Y-%m-%d}" if due and state in OPEN else "",
                bool(due and due < now and state in OPEN),
                f"{submitted.astimezone(zone):%Y-%m-%d}",
                kinds.get(kind, ""),
                *_check(state, checked[str(pk)]),
            )
        )
    if len(found) > PER_PAGE:
        last = found[PER_PAGE - 1]
        page.next = cursor(last[8] if newest_first else last[7], last[0])
    return page


def _check(state: str, checked: checks.Checked) -> tuple[str, str]:
    """What is said of the checks of an open case, and in which colour."""
    if state not in OPEN:
        return "", ""
    return checks.short(checked), checks.COLOURS[checked.state]


def counts(user: Any, scheme: Scheme, people: People) -> dict[str, str]:
    """How many cases lie in each queue, capped: "1000+" is as good as the number. One query."""
    parts = []
    cases = of_agency(user, scheme.agency)
    for name in ("mine", "unassigned", "waiting", "overdue", "open"):
        capped = cases.filter(QUEUES[name](people)).values("pk")[: COUNT_CAP + 1]
        parts.append((name, capped))
    found = _count_all(parts)
    return {
        name: f"{COUNT_CAP}+" if count > COUNT_CAP else str(count) for name, count in found.items()
    }


def _count_all(parts: list[tuple[str, QuerySet]]) -> dict[str, int]:
    pieces: list[str] = []
    values: list[Any] = []
    for _name, queryset in parts:
        sql, params = queryset.query.sql_with_params()
        pieces.append(f"(SELECT count(*) FROM ({sql}) AS capped)")  # noqa: S608 - built by the ORM
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(pieces)}", values)
        row = cursor.fetchone()
    return {name: count for (name, _), count in zip(parts, row, strict=True)}
