"""An edition of a list comes in: given, understood, shown with all that would change, confirmed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from institutions.commands.common import Refused
from institutions.lists import commands, reading, wording
from institutions.lists.difference import Change
from institutions.lists.enums import Fate
from institutions.lists.forms import EditionForm
from institutions.lists.kinds import Kind
from institutions.lists.reading import HEADINGS, Sheet
from institutions.lists.views import context_of, kept_list
from institutions.models import ListEdition
from portal.accounts.fresh import is_fresh, to_fresh_sign_in
from portal.accounts.signed_in import SignedInRequest
from portal.files import given

SHOWN = 200  # lines of one kind, and faults, that a page shows
ASKED = 900  # lines that one page asks about; the others wait and are asked on the list's page


@login_required
@require_http_methods(["GET", "POST"])
def take_in(request: SignedInRequest, agency: str, source: str) -> HttpResponse:
    """Gives a file, looks at what it would change, says who is who, confirms."""
    kind = kept_list(request, agency, source)
    if "take" in request.POST and not is_fresh(request):
        return to_fresh_sign_in(request)
    form = EditionForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        salt=f"institutions.list:{kind.agency}:{kind.source}:{request.user.pk}",
    )
    context = context_of(kind) | {
        "form": form,
        "columns": [wording.LABELS[column] for column in HEADINGS],
        "home": wording.country(kind.country),
    }
    valid = form.is_valid()  # keeps the file too, whatever is wrong with the rest
    if request.method == "GET" or "again" in request.POST or not valid:
        return render(request, "institutions/lists/import.html", context)
    return _shown_or_taken(request, kind, form, context)


def _shown_or_taken(
    request: SignedInRequest, kind: Kind, form: EditionForm, context: dict[str, Any]
) -> HttpResponse:
    assert form.source is not None  # a valid form has one
    try:
        table = given.table_of(form.source.ext, form.source.digest, reading.known_in)
    except (given.Refused, OSError) as wrong:
        form.source = None
        form.add_error("file", wording.refusal(str(wrong)))
        return render(request, "institutions/lists/import.html", context)
    sheet = reading.read(table.lines, kind.country)
    if "take" in request.POST and not sheet.faults:
        try:
            made = _take(request, kind, form, sheet)
        except commands.Stale:
            context["stale"] = True
        except Refused as refused:
            context["refused"] = str(refused)
        except commands.WrongDay as wrong:  # an edition came between form and confirmation
            form.wrong_day(str(wrong))
            return render(request, "institutions/lists/import.html", context)
        else:
            messages.success(request, _told(made))
            return redirect("institutions:list", kind.agency, kind.source)
    context |= _preview(request, kind, form, sheet) | {"table": table}
    status = 409 if context.get("stale") or context.get("refused") else 200
    return render(request, "institutions/lists/preview.html", context, status=status)


def _told(made: ListEdition) -> str:
    approved = int(made.counts.get("approved", 0))
    told = ngettext(
        "The list is taken in. %(count)s approval was made or renewed.",
        "The list is taken in. %(count)s approvals were made or renewed.",
        approved,
    )
    return told % {"count": approved}


def _take(request: SignedInRequest, kind: Kind, form: EditionForm, sheet: Sheet) -> ListEdition:
    assert form.source is not None
    return commands.take(
        kind,
        sheet,
        form.terms,
        request.user,
        request.POST.get("seen", ""),
        _choices(request) or {},
        form.source.digest,
        form.source.filename,
    )


def _choices(request: SignedInRequest) -> dict[str, str] | None:
    """What was chosen so far; None on the first look."""
    told = {name: str(v) for name, v in request.POST.items() if name.startswith("is-")}
    return told if "seen" in request.POST else None


def _preview(
    request: SignedInRequest, kind: Kind, form: EditionForm, sheet: Sheet
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "unknown": sheet.unknown,
        "faults": [wording.fault(wrong) for wrong in sheet.faults[:SHOWN]],
        "faults_total": len(sheet.faults),
        "faults_left": max(0, len(sheet.faults) - SHOWN),
    }
    if sheet.faults:
        return told
    preview = commands.preview(kind, sheet, form.terms, request.user)
    counts = preview.counts()
    choices = _choices(request)
    asking = [change for change in preview.changes if change.asks]
    told |= {
        "seen": preview.seen,
        "no_country": "country" not in sheet.columns,
        "counts": [(fate.label, counts[fate]) for fate in Fate],
        "sure": [
            wording.change(c, choices) for c in asking[:ASKED] if c.offers[0].sure
        ],
        "similar": [
            wording.change(c, choices) for c in asking[:ASKED] if not c.offers[0].sure
        ],
        "asking_left": max(0, len(asking) - ASKED),
        "groups": [],
    }  # fmt: skip
    for fate in (Fate.GONE, Fate.CHANGED, Fate.BACK, Fate.NEW):
        some = [change for change in preview.changes if change.fate == fate and not change.asks]
        if some:
            told["groups"].append(_group(fate, some))
    return told


def _group(fate: Fate, changes: list[Change]) -> dict[str, Any]:
    heading = {
        Fate.NEW: _("New, and no institution here yet: they wait"),
        Fate.BACK: _("On the list again, and no institution here: they wait"),
    }.get(fate, fate.label)
    return {
        "heading": heading,
        "total": len(changes),
        "lines": [wording.change(change, None) for change in changes[:SHOWN]],
        "left": max(0, len(changes) - SHOWN),
        "open": fate in (Fate.GONE, Fate.CHANGED),
        "gone": fate == Fate.GONE,
    }
