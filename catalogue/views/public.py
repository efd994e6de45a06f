"""Agencies, search, registers, variables, editions: for everybody, signed in or not."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from catalogue import agencies, selectors, wording
from catalogue.enums import Collection
from catalogue.forms import SearchForm
from catalogue.models import Variable
from portal.text import line

FLAGS = ("identifying", "special_category", "health_register", "in_variable_list", "open_data",
         "development_only", "timeless")  # fmt: skip
PER_PAGE = 100  # variables of a register


def agency_or_404(agency: str) -> dict[str, Any]:
    """The agency of an address for a template: `agency` (code), `agency_name`, `edition` and its
    line in words. Raises Http404."""
    theme = agencies.theme_of(agency)
    if theme is None:
        raise Http404
    edition = selectors.edition(agency)
    return {
        "agency": agencies.code_of(agency),
        "agency_name": theme.name(get_language() or "en"),
        "edition": edition,
        "edition_line": wording.edition_line(edition) if edition else "",
    }


def lines(variables: list[Variable]) -> list[dict[str, Any]]:
    """Variables as rows of a table."""
    return [
        {
            "variable": v,
            "register": v.register,
            "years": wording.years(v),
            "marks": wording.marks(v),
        }
        for v in variables
    ]


@require_GET
def agency_list(request: HttpRequest) -> HttpResponse:
    """All agencies with their catalogues."""
    told = []
    for held in selectors.overview():
        theme = agencies.theme_of(held.agency)
        if theme is None:
            continue
        name = theme.name(get_language() or "en")
        edition = wording.edition_line(held.edition) if held.edition else ""
        told.append({"line": held, "code": theme.code, "name": name, "edition_line": edition})
    return render(request, "catalogue/agencies.html", {"agencies": told})


@require_GET
def search(request: HttpRequest, agency: str) -> HttpResponse:
    """Search as one types. `part=results` gives the results alone, for the page's script."""
    context = agency_or_404(agency)
    text, filters = SearchForm(request.GET).understood()
    found = selectors.search(agency, text, after=request.GET.get("after"), filters=filters)
    asked = {k: v for k, v in request.GET.items() if k not in ("after", "part") and v}
    context |= {
        "text": text,
        "filters": filters,
        "lines": lines(found.variables),
        "exact": len(found.variables) - found.similar,
        "similar": found.similar,
        "count": wording.found(len(found.variables), bool(found.after), found.similar),
        "first": urlencode(asked) if request.GET.get("after") else None,
        "next": urlencode(asked | {"after": found.after}) if found.after else None,
    }
    if request.GET.get("part") == "results":
        return render(request, "catalogue/_results.html", context)
    context |= {
        "registers": selectors.registers(agency, retired=filters.retired),
        "areas": selectors.areas(agency),
        "collections": Collection.choices,
        "flags": [(f, wording.LABELS[f], getattr(filters, f)) for f in FLAGS],
        "administers": agencies.may_import(request.user, agency),
    }
    return render(request, "catalogue/search.html", context)


@require_GET
def suggestions(request: HttpRequest, agency: str) -> HttpResponse:
    """What fits what is being typed (`q`), as JSON: {"suggestions": [...]}."""
    if agencies.theme_of(agency) is None:
        raise Http404
    text = line(request.GET.get("q", ""))[:200]
    return JsonResponse({"suggestions": selectors.suggestions(agency, text)})


@require_GET
def variable(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """Everything about one variable."""
    context = agency_or_404(agency)
    shown = selectors.variable(agency, pk)
    if shown is None:
        raise Http404
    context |= {"variable": shown, "facts": wording.facts(shown), "marks": wording.marks(shown)}
    if shown.retired:
        context["retired"] = wording.day(shown.retired)
    return render(request, "catalogue/variable.html", context)


@require_GET
def register(request: HttpRequest, agency: str, pk: UUID) -> HttpResponse:
    """A register and its variables, a page at a time."""
    context = agency_or_404(agency)
    shown = selectors.register(agency, pk)
    if shown is None:
        raise Http404
    held = selectors.variables_of(shown).select_related("register")
    page = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "register": shown,
        "facts": wording.register_facts(shown),
        "lines": lines(list(page.object_list)),
        "page": page,
        "retired": wording.day(shown.retired) if shown.retired else "",
    }
    return render(request, "catalogue/register.html", context)


@require_GET
def editions(request: HttpRequest, agency: str) -> HttpResponse:
    """The history of the catalogue. Who took an edition in is told to administrators only."""
    context = agency_or_404(agency)
    administers = agencies.may_import(request.user, agency)
    context["administers"] = administers
    context["editions"] = [
        {
            "edition": held,
            "valid_from": wording.day(held.valid_from),
            "imported": wording.day(held.imported_at),
            "registers": wording.counted(held.counts.get("registers", {})),
            "variables": wording.counted(held.counts.get("variables", {})),
            "by": held.imported_by.name if administers and held.imported_by else "",
        }
        for held in selectors.editions(agency)[:200]
    ]
    return render(request, "catalogue/editions.html", context)
