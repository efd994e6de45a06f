"""An edition comes in: given, understood, shown with all that would change, then confirmed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue import agencies, commands, headings, reading, sources, wording
from catalogue.difference import Change
from catalogue.enums import Fate
from catalogue.forms import EditionForm
from catalogue.reading import Sheet
from catalogue.views.public import agency_or_404
from portal.accounts.signed_in import SignedInRequest
from portal.given import number

SHOWN = 200  # changes of one kind, and faults, that a page shows


@login_required
@require_http_methods(["GET", "POST"])
def take_in(request: SignedInRequest, agency: str) -> HttpResponse:
    """Gives a file, looks at what it would change, confirms. Absent for everybody else."""
    context = agency_or_404(agency)
    if not agencies.may_import(request.user, agency):
        raise Http404
    form = EditionForm(
        request.POST or None,
        request.FILES or None,
        agency=context["agency"],
        salt=f"catalogue.import:{context['agency']}:{request.user.pk}",
    )
    context |= {"form": form, "columns": [wording.LABELS[column] for column in headings.HEADINGS]}
    valid = form.is_valid()  # keeps the file too, whatever is wrong with the rest
    if request.method == "GET" or "again" in request.POST or not valid:
        return render(request, "catalogue/import.html", context)
    return _shown_or_taken(request, form, context)


def _shown_or_taken(
    request: SignedInRequest, form: EditionForm, context: dict[str, Any]
) -> HttpResponse:
    source = form.source
    assert source is not None  # a valid form has one
    try:
        table = sources.table_of(source.ext, source.digest, headings.known_in)
    except (sources.Refused, OSError) as wrong:
        form.source = None
        form.add_error("file", wording.refusal(str(wrong)))
        return render(request, "catalogue/import.html", context)
    sheet = reading.read(table.lines)
    if "take" in request.POST and not sheet.faults:
        try:
            _take(request, form, sheet, context["agency"])
        except commands.Stale:
            context["stale"] = True
        except commands.WrongDay as wrong:  # somebody's edition came between form and confirmation
            form.add_error("valid_from", wording.wrong_day(str(wrong), context["agency"]))
            return render(request, "catalogue/import.html", context)
        else:
            messages.success(request, _("The catalogue is changed. This is its new edition."))
            return redirect("catalogue:editions", context["agency"])
    context |= _preview(context["agency"], sheet) | {"table": table}
    status = 409 if context.get("stale") else 200
    return render(request, "catalogue/preview.html", context, status=status)


def _take(request: SignedInRequest, form: EditionForm, sheet: Sheet, agency: str) -> None:
    source = form.source
    assert source is not None
    base = number(request.POST.get("base"))
    commands.take(
        agency,
        sheet,
        request.user,
        form.cleaned_data["valid_from"],
        source.digest,
        source.filename,
        form.cleaned_data["note"],
        base=-1 if base is None else base,
    )


def _preview(agency: str, sheet: Sheet) -> dict[str, Any]:
    told: dict[str, Any] = {
        "unknown": sheet.unknown,
        "faults": [wording.fault(wrong) for wrong in sheet.faults[:SHOWN]],
        "faults_total": len(sheet.faults),
        "faults_left": max(0, len(sheet.faults) - SHOWN),
    }
    if sheet.faults:
        return told
    preview = commands.preview(agency, sheet)
    counts = preview.difference.counts()
    told |= {
        "base": preview.base,
        "empty": preview.difference.empty,
        "missing": [wording.LABELS[c] for c in headings.HEADINGS if c not in sheet.columns],
        "counts": [
            (Fate(fate).label, counts["registers"][fate], counts["variables"][fate])
            for fate in Fate.values
        ],
        "groups": [],
    }
    for heading, changes in (
        (_("Registers"), preview.difference.registers),
        (_("Variables"), preview.difference.variables),
    ):
        for fate in (Fate.GONE, Fate.CHANGED, Fate.BACK, Fate.NEW):
            some = [change for change in changes if change.fate == fate]
            if some:
                told["groups"].append(
                    {
                        "heading": f"{heading}: {fate.label}",
                        "total": len(some),
                        "lines": [_line(change) for change in some[:SHOWN]],
                        "left": max(0, len(some) - SHOWN),
                        "open": fate != Fate.NEW,
                    }
                )
    return told


def _line(change: Change) -> dict[str, Any]:
    return {
        "line": change.line,
        "title": change.title,
        "register": "" if change.register == change.key else change.register,
        "fields": [
            {
                "label": wording.LABELS[name],
                "before": wording.value(name, before) or "–",
                "after": wording.value(name, after) or "–",
            }
            for name, (before, after) in change.fields.items()
        ],
    }
