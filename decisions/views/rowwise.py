"""The officer's page of what is decided on each row of a draft."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.commands import Invalid, Stale, execute
from applications.views.common import actor, application_page
from decisions.models import Decision
from decisions.selectors import draft as drafts
from decisions.views.common import Page, draft_page
from portal.given import number

# What the choice beside a row says; nothing is chosen beforehand.
DECIDED = {"yes": True, "no": False}


class NoRowChosen(Exception):
    """Many rows were to be decided on at once, and none was named."""


@application_page
@require_http_methods(["GET", "POST"])
def variables(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows that were applied for, fifty a page: grant or refuse one by one or many at once."""
    page = draft_page(request, pk)
    chosen = drafts.Filter.of(request.GET)
    conflicts: list[dict[str, Any]] = []
    error, changed_below = "", False
    if request.method == "POST":
        payload: dict[str, Any] = {"decision": str(pk), "rows": _typed_rows(request)}
        if request.POST.get("bulk") in ("grant", "refuse", "as_before"):
            payload["bulk"] = _typed_bulk(request, chosen)
        try:
            if payload.get("bulk", {}).get("positions") == []:
                raise NoRowChosen
            execute("draft_decision", page.application.pk, actor(request), payload)
        except NoRowChosen:
            error = _("No row is chosen. Choose rows, or all that this view shows.")
        except Stale as stale:
            conflicts = _row_conflicts(page.decision, stale)
            changed_below = not conflicts
        except Invalid:
            error = _("A reason is too long, or the rows have changed. Nothing was saved.")
        else:
            messages.success(request, _("Saved."))
            address = reverse("decisions:variables", args=[pk])
            following = number(request.POST.get("next"))
            query = urlencode(chosen.query(after=chosen.after if following is None else following))
            return redirect(f"{address}?{query}" if query else address)
    table = drafts.variables(page.decision, chosen)
    if conflicts or error or changed_below:
        _keep_typed(table, request)
    counted = drafts.counts(page.decision)
    here = reverse("decisions:variables", args=[pk])
    context = {
        "page": page,
        "decision": page.decision,
        "application": page.application,
        "table": table,
        "filter": chosen,
        "counts": counted,
        "first_undecided_url": first_undecided(page, counted),
        "tabs": [
            (show, label, counted[show], f"{here}?{urlencode(chosen.query(show=show, after=-1))}")
            for show, label in _tabs(page.decision).items()
        ],
        "sources": drafts.sources(page.decision),
        "matching": chosen.rows(page.decision).count(),
        "was_all": chosen.digest(page.decision),
        "changed_below": changed_below,
        "words": {
            "new": _("New"),
            "same": _("Granted, the same"),
            "other": _("Granted otherwise"),
            "refused": _("Refused"),
        },
        "conflicts": conflicts,
        "error": error,
        "next_url": _next(here, chosen, table["next"]),
        "first_url": f"{here}?{urlencode(chosen.query(after=-1))}" if table["first"] else "",
    }
    status = 409 if conflicts or changed_below else 422 if error else 200
    return render(request, "decisions/variables.html", context, status=status)


def first_undecided(page: Page, counted: dict[str, Any]) -> str:
    """Where the first row stands that nobody has decided on: the page of rows, and the row."""
    first = counted["first_undecided"]
    if first is None:
        return ""
    query = f"?after={first - 1}" if first else ""
    return f"{reverse('decisions:variables', args=[page.decision.pk])}{query}#row-{first}"


def _tabs(decision: Decision) -> dict[str, str]:
    of_change = {
        "new": _("New or other than before"),
        "again": _("Refused before"),
        "as_before": _("As granted before"),
    }
    return {
        "all": _("All"),
        "undecided": _("Not decided"),
        "granted": _("Granted"),
        "refused": _("Refused"),
        "limited": _("Limited"),
        **(of_change if decision.changes_id else {}),
    }


def _next(here: str, chosen: drafts.Filter, after: int | None) -> str:
    return f"{here}?{urlencode(chosen.query(after=after))}" if after is not None else ""


def _typed_rows(request: HttpRequest) -> dict[int, dict[str, Any]]:
    """The rows of the page that differ from what it showed."""
    rows = {}
    for name, was in request.POST.items():
        if not name.startswith("was-"):
            continue
        position = number(name[4:])
        if position is None:
            continue
        # What was not sent decides nothing.
        granted = DECIDED.get(request.POST.get(f"granted-{position}", ""))
        reason = request.POST.get(f"reason-{position}", "")
        rows[position] = {"granted": granted, "reason": reason, "base": was}
    return rows


def _typed_bulk(request: HttpRequest, chosen: drafts.Filter) -> dict[str, Any]:
    bulk: dict[str, Any] = {
        "granted": request.POST["bulk"] == "grant",
        "as_before": request.POST["bulk"] == "as_before",
        "reason": request.POST.get("bulk-reason", ""),
    }
    if request.POST.get("scope") == "filter":
        base = request.POST.get("base-all", "")
        return bulk | {"source": chosen.source, "show": chosen.show, "base": base}
    positions = [p for row in request.POST.getlist("row") if (p := number(row)) is not None]
    base_of = {p: request.POST.get(f"was-{p}", "") for p in positions}
    return bulk | {"positions": positions, "base": base_of}


def _row_conflicts(decision: Decision, stale: Stale) -> list[dict[str, Any]]:
    names = dict(
        decision.variables.filter(position__in=list(stale.theirs)).values_list("position", "name")
    )

    def words(row: tuple[bool | None, str]) -> str:
        told = {None: _("Not decided"), True: _("Granted"), False: _("Refused")}
        return f"{told[row[0]]}. {row[1]}".strip()

    return [
        {
            "label": names.get(int(position), str(position)),
            "theirs": words(theirs),
            "yours": words(stale.yours[position]),
        }
        for position, theirs in stale.theirs.items()
    ]


def _keep_typed(table: dict[str, Any], request: HttpRequest) -> None:
    """Shows what was typed again; the digests are of what is saved, so the next save is theirs."""
    typed = _typed_rows(request)
    for line in table["lines"]:
        if row := typed.get(line["position"]):
            line |= {"granted": row["granted"], "reason": row["reason"]}
