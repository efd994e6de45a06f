"""Lists of approved institutions: for an agency's administrators, and its own one for everybody."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions.commands.common import Forbidden, Refused
from institutions.lists import commands, exporting, kinds, selectors, wording
from institutions.lists.forms import DroppedForm
from institutions.lists.kinds import Kind
from institutions.models import Institution, ListLine
from institutions.policy import AGENCY_ADMIN
from portal import clock
from portal.accounts import policy as accounts
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.signed_in import SignedInRequest
from portal.given import key
from portal.text import line

PER_PAGE = 100
SHOWN = 200  # waiting lines and suggestions on one page


def kept_list(request: SignedInRequest, agency: str, source: str) -> Kind:
    """The list of an address, for who keeps it; absent for everybody else."""
    kind = kinds.find(agency, source)
    if kind is None or not commands.may(request.user, kind.agency):
        raise Http404
    return kind


def context_of(kind: Kind) -> dict[str, Any]:
    """The list for a template."""
    edition = selectors.latest(kind)
    return {
        "kind": kind,
        "agency": kind.agency,
        "agency_name": wording.agency_name(kind.agency),
        "label": kind.label(wording.language()),
        "about": kind.about(wording.language()),
        "edition": edition,
        "edition_line": wording.edition_line(edition) if edition else "",
    }


@login_required
@require_GET
def overview(request: SignedInRequest) -> HttpResponse:
    """The lists that this person keeps, with what waits on each."""
    mine = accounts.agencies_with_role(request.user, AGENCY_ADMIN)
    if not mine:
        raise Http404
    held = [kind for kind in kinds.kinds() if kind.agency in mine]
    told = [context_of(kind) | selectors.counts(kind) for kind in held]
    return render(request, "institutions/lists/overview.html", {"lists": told})


@login_required
@require_GET
def one(request: SignedInRequest, agency: str, source: str) -> HttpResponse:
    """One list: what dropped off, what waits and whom it may be, everything that stands on it."""
    kind = kept_list(request, agency, source)
    waiting = list(selectors.waiting(kind))
    offers = selectors.offers_of(waiting, request.user)
    waiting.sort(key=lambda line: not offers[line.pk])  # those that may be somebody first
    counts = selectors.counts(kind)
    page = Paginator(selectors.lines(kind), PER_PAGE).get_page(request.GET.get("page"))
    context = context_of(kind) | counts | {
        "dropped_lines": [_line(line) for line in selectors.dropped(kind)[:SHOWN]],
        "waiting_lines": [_line(line) | {"offers": offers[line.pk]} for line in waiting[:SHOWN]],
        "waiting_left": max(0, counts["waiting"] - SHOWN),
        "lines": [_line(line) for line in page],
        "page": page,
        "editions": [
            {"edition": each, "line": wording.edition_line(each), "day": wording.day(each.imported_at)}
            for each in selectors.editions(kind)[:50]
        ],
    }  # fmt: skip
    return render(request, "institutions/lists/list.html", context)


def _line(line: ListLine) -> dict[str, Any]:
    approval = line.approval
    return {
        "line": line,
        "facts": wording.facts(line),
        "dropped": wording.day(line.dropped),
        "withdrawn": bool(approval and approval.withdrawn_at),
    }


def _mine(request: SignedInRequest, pk: UUID) -> tuple[Kind, ListLine]:
    held = ListLine.objects.select_related("institution", "approval")
    line = get_object_or_404(held, pk=pk)
    return kept_list(request, line.agency, line.source), line


def told_of(institution: Institution, user: Any) -> dict[str, Any]:
    """What the lists that `user` keeps say of an institution, for its page."""
    mine = accounts.agencies_with_role(user, AGENCY_ADMIN)
    if not mine:
        return {}

    def told(line: ListLine) -> dict[str, Any]:
        kind = kinds.find(line.agency, line.source)
        label = kind.label(wording.language()) if kind else line.source
        return {"line": line, "label": label, "facts": wording.facts(line)}

    return {
        "hints": [told(line) for line in selectors.hints(institution, mine)],
        "dropped_flags": [told(line) for line in selectors.flags(institution, mine)],
    }


@login_required
@require_POST
def match(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Says which institution a waiting line is."""
    kind, line = _mine(request, pk)
    wanted = key(request.POST.get("institution"))
    place = Institution.objects.filter(pk=wanted).first() if wanted else None
    if place is None:
        messages.error(request, _("Choose an institution."))
        return redirect("institutions:list", kind.agency, kind.source)
    try:
        commands.match(line, place, request.user)
    except Forbidden as forbidden:
        raise Http404 from forbidden
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s is approved.") % {"name": place.name})
    return redirect("institutions:list", kind.agency, kind.source)


@fresh_sign_in
@require_http_methods(["GET", "POST"])
def dropped(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What becomes of the approval of an institution that dropped off."""
    kind, line = _mine(request, pk)
    if line.dropped is None or line.institution is None:
        raise Http404
    form = DroppedForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not line.settled:
        withdraw = form.cleaned_data["what"] == "withdraw"
        try:
            commands.settle(line, request.user, withdraw, form.cleaned_data["reason"])
        except Forbidden as forbidden:
            raise Http404 from forbidden
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = _("The approval has ended.") if withdraw else _("The approval stays.")
            messages.success(request, done)
            return redirect("institutions:list", kind.agency, kind.source)
    approvals = [
        {"label": _("Approval"), "value": _validity(approval)}
        for approval in selectors.approvals_at_stake(line)
    ]
    context = context_of(kind) | {
        "line": line,
        "form": form,
        "settled_on": wording.day(line.settled_at),
        "facts": [
            {"label": _("Institution"), "value": line.institution.name},
            {"label": _("On the list as"), "value": line.name},
            {"label": _("No longer on it from"), "value": wording.day(line.dropped)},
            *(approvals or [{"label": _("Approval"), "value": _("none in force")}]),
        ],
    }
    return render(request, "institutions/lists/dropped.html", context)


def _validity(approval: Any) -> str:
    told = _("from %(day)s") % {"day": wording.day(approval.valid_from)}
    if approval.valid_until:
        told += " " + _("until %(day)s") % {"day": wording.day(approval.valid_until)}
    return f"{told}, {approval.number}" if approval.number else told


def _own(agency: str) -> Kind:
    kind = kinds.own(agency)
    if kind is None:
        raise Http404
    return kind


@require_GET
def approved(request: HttpRequest, agency: str) -> HttpResponse:
    """The institutions that an agency has approved itself, for everybody."""
    kind = _own(agency)
    text = line(request.GET.get("q", ""))[:200]
    held = selectors.approved(kind, clock.today(kind.zone), text)
    page = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    language = wording.language()
    context = context_of(kind) | {
        "text": text,
        "page": page,
        "total": len(held),
        "today": wording.day(clock.today(kind.zone)),
        "rows": [
            {
                "name": place.name_in(language),
                "country": wording.country(place.country),
                "org_number": place.org_number,
                "until": wording.day(approval.valid_until),
            }
            for place, approval in page
        ],
        "others": [
            {"label": each.label(language), "url": each.url}
            for each in kinds.kinds(kind.agency)
            if not each.own
        ],
    }
    return render(request, "institutions/lists/approved.html", context)


@require_GET
def approved_file(request: HttpRequest, agency: str, ext: str) -> HttpResponse:
    """The same list as a file, csv or xlsx."""
    kind = _own(agency)
    if ext not in exporting.TYPES:
        raise Http404
    today = clock.today(kind.zone)
    content = exporting.exported(ext, selectors.approved(kind, today))
    name = f"{slugify(kind.agency)}-{today.isoformat()}.{ext}"
    return HttpResponse(
        content,
        content_type=exporting.TYPES[ext],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
