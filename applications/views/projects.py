"""Projects: list, new, one project with its applications, applying, members."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import policy as applications_policy
from applications import schemes, selectors
from applications.commands import Forbidden, Invalid, NotFound, Stale
from applications.forms.project import CommonForm, PeopleFormSet, categories, offices, people_of
from applications.models import Application, Project
from applications.projects import commands, policy
from applications.selectors.words import day_in_words
from applications.views.common import actor
from institutions import countries
from institutions import selectors as institutions


def project_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For views on one project: sign-in needed; foreign and absent are both a 404."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
        found = policy.get(request.user, pk)
        if found is None:
            raise Http404
        try:
            response = view(request, found, **kwargs)
        except NotFound as missing:
            raise Http404 from missing
        except Forbidden:
            context = {"message": _("You may read this project, but not change it."), "back": ""}
            return render(request, "applications/refused.html", context, status=403)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped


def _language() -> str:
    return get_language() or "en"


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The projects that I own or am a member of, the newest change first."""
    found = Project.objects.filter(policy.visible(request.user)).select_related(
        "institution", "owner"
    )
    context = {"projects": found.order_by("-updated_at")[:200]}
    return render(request, "projects/mine.html", context)


def _forms(language: str, data: Any, initial: dict, people: list[dict]) -> tuple[CommonForm, Any]:
    form = CommonForm(language, data, initial=initial)
    lines = PeopleFormSet(data, initial=people, prefix="people", form_kwargs={"language": language})
    return form, lines


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begins a project."""
    language = _language()
    places = list(institutions.active_institutions(request.user))
    form, lines = _forms(language, request.POST or None, {}, [])
    chosen = request.POST.get("institution", str(places[0].pk) if places else "")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            made = commands.begin(
                actor(request), form.common(people_of(lines)), chosen or None, **form.nordic()
            )
        except Invalid:
            form.add_error(None, _("Choose one of your institutions."))
        else:
            return redirect("projects:project", pk=made.pk)
    context = {"form": form, "lines": lines, "places": places, "chosen": chosen, "begin": True}
    return render(request, "projects/edit.html", context, status=_status(form, lines))


def _status(form: CommonForm, lines: Any) -> int:
    wrong = form.is_bound and (form.errors or not lines.is_valid())
    return 422 if wrong else 200


@project_page
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, project: Project) -> HttpResponse:
    """The common part. Drafts made from it are told, and nothing in them is overwritten."""
    if not policy.may_change(request.user, project):
        raise Forbidden
    language = _language()
    initial = {
        **project.common,
        "nordman": project.nordman,
        "offices": project.offices,
        "other_offices": project.other_offices,
        "version": project.version,
    }
    people = project.common.get("people") or []
    form, lines = _forms(language, request.POST or None, initial, people)
    theirs: list[dict] = []
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        common = form.common(people_of(lines))
        version = form.cleaned_data["version"] or 0
        try:
            commands.change(actor(request), project.pk, version, common, **form.nordic())
        except Stale as stale:
            theirs = [line for line in _lines(stale.theirs, language) if line["value"]]
            typed = request.POST.copy()
            typed["version"] = str(project.version)
            form.data = typed
            form.add_error(
                None,
                _(
                    "Somebody changed the project in the meantime. What they wrote stands below; "
                    "save again to keep your text."
                ),
            )
        else:
            messages.success(request, _("The common part is saved. Drafts made from it are told."))
            return redirect("projects:project", pk=project.pk)
    context = {"form": form, "lines": lines, "project": project, "theirs": theirs}
    return render(request, "projects/edit.html", context, status=_status(form, lines))


def _lines(common: dict, language: str) -> list[dict]:
    """The common part in words."""
    named = dict(categories(language))
    category = str(common.get("category") or "")
    return [
        {"label": _("Project title"), "value": common.get("title") or ""},
        {"label": _("Purpose"), "value": common.get("purpose") or ""},
        {"label": _("Kind of purpose"), "value": named.get(category, category)},
        {"label": _("Starts"), "value": day_in_words(common.get("start") or "", language)},
        {"label": _("Ends"), "value": day_in_words(common.get("end") or "", language)},
        {"label": _("Population"), "value": common.get("population") or ""},
    ]


def _people(common: dict, language: str) -> list[dict]:
    found = common.get("people") or []
    return [
        {**p, "country": countries.name(p["country"], language) if p.get("country") else ""}
        for p in found
    ]


def _applications(request: HttpRequest, project: Project, language: str) -> list[dict]:
    """The project's applications that this person has a part in on the applicant's side."""
    mine_ = applications_policy.on_applicants_side(request.user)
    found = Application.objects.filter(mine_, project_link__project=project)
    told = []
    for application in found.order_by("created_at"):
        scheme = selectors.scheme_of(application)
        kind = scheme.type(application.type)
        told.append(
            {
                "application": application,
                "agency": scheme.name(language),
                "type": kind.label(language) if kind else application.type,
                "state": scheme.workflow.state_label(application.state, language),
            }
        )
    return told


@project_page
@require_GET
def project(request: HttpRequest, project: Project) -> HttpResponse:
    """One project: the common part, its applications by agency and state, where to apply."""
    language = _language()
    chosen = dict(offices(language))
    told = [chosen.get(code, code) for code in project.offices]
    context = {
        "project": project,
        "lines": _lines(project.common, language),
        "people": _people(project.common, language),
        "applications": _applications(request, project, language),
        "agencies": [
            {"code": s.agency, "name": s.name(language)} for s in schemes.all_current() if s.open
        ],
        "may_change": policy.may_change(request.user, project),
        "offices": [*told, *([project.other_offices] if project.other_offices else [])],
        "members": project.members.filter(ended_at__isnull=True).select_related("user"),
    }
    return render(request, "projects/project.html", context)


@project_page
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, project: Project, agency: str) -> HttpResponse:
    """Applies to one agency: a draft that takes the common part over."""
    scheme = next((s for s in schemes.all_current() if s.agency == agency and s.open), None)
    if scheme is None:
        raise Http404
    if not policy.may_change(request.user, project):
        raise Forbidden
    language = _language()
    kinds = [t for t in scheme.types if not t.follows and t.here]
    error = ""
    if request.method == "POST":
        wanted = request.POST.get("type", "")
        try:
            made = commands.apply(actor(request), project.pk, agency, wanted, language)
        except Invalid as wrong:
            error = (
                _("Your institution is not of a kind that this is for.")
                if "institution" in wrong.errors
                else _("Choose what you apply for.")
            )
        else:
            return redirect("applications:overview", pk=made.pk)
    context = {
        "project": project,
        "agency_code": agency,
        "agency_name": scheme.name(language),
        "kinds": [(t.id, t.label(language), t.help(language)) for t in kinds],
        "elsewhere": [
            (t.label(language), t.handoff(language), t.handoff_url)
            for t in scheme.types
            if not t.here
        ],
        "error": error,
    }
    return render(request, "projects/apply.html", context, status=422 if error else 200)


@project_page
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, project: Project) -> HttpResponse:
    """Who may see or change the project; the owner lets colleagues in."""
    live = project.members.filter(ended_at__isnull=True).select_related("user")
    people = []
    if project.institution_id:
        taken = {m.user_id for m in live} | {project.owner_id}
        people = [p for p in institutions.members(project.institution_id) if p.pk not in taken]
    if request.method == "POST":
        chosen = {str(p.pk): p for p in people}.get(request.POST.get("user", ""))
        role = request.POST.get("role", "editor")
        try:
            commands.add_member(actor(request), project.pk, chosen, role)
        except Invalid:
            messages.error(request, _("Choose a colleague and what they may do."))
        else:
            messages.success(request, _("Your colleague has access to the project now."))
        return redirect("projects:members", pk=project.pk)
    context = {
        "project": project,
        "members": live,
        "people": people,
        "owner": project.owner_id == request.user.pk,
    }
    return render(request, "projects/members.html", context)


@project_page
@require_POST
def remove_member(request: HttpRequest, project: Project, member: int) -> HttpResponse:
    """Ends a member's access to the project."""
    commands.end_member(actor(request), project.pk, member)
    messages.success(request, _("The access is ended."))
    return redirect("projects:members", pk=project.pk)
