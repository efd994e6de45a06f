"""The project that an application belongs to: what changed in the common part, field by field."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import selectors
from applications.enums import State
from applications.exchange.words import TEXTS
from applications.models import Application, ProjectLink
from applications.policy import Side, applicant_roles
from applications.projects import commands, policy
from applications.projects.commands import EDITORS
from applications.projects.common import PEOPLE, Change, changes
from applications.selectors.words import in_words
from applications.views.common import Page, actor, application_page, page_of

SALT = "applications.common_part"


def _link(application: Application) -> ProjectLink | None:
    found = ProjectLink.objects.select_related("project").filter(application=application)
    return found.first()


def _changes(application: Application, link: ProjectLink) -> list[Change]:
    """What a draft is to be told of; nothing for what was sent already."""
    if application.state != State.DRAFT or link.settled == link.project.common:
        return []
    scheme = selectors.scheme_of(application)
    document = selectors.Seen(application, Side.OWN).document
    return changes(scheme, application.type, document, link.settled, link.project.common)


def panel(request: HttpRequest, application: Application) -> SafeString:
    """On the applicant's overview: that the common part changed."""
    link = _link(application)
    found = _changes(application, link) if link else []
    if not found or not applicant_roles(request.user, application) & EDITORS:
        return SafeString("")
    context = {"application": application, "count": len(found)}
    return SafeString(render_to_string("projects/_notice.html", context, request))


def _names(rows: Any, column: str) -> str:
    return ", ".join(str(row.get(column, "")) for row in rows or [] if isinstance(row, dict))


def _line(found: Change, page: Page, salt: str) -> dict[str, Any]:
    field, key = found.part.field, found.part.key
    if key == PEOPLE:
        name = page.scheme.project.columns["name"]
        here, after = _names(found.here, name), _names(found.after, name)
        if here == after:
            after = _("{names} (what is said of them changed)").format(names=after)
    else:
        here = in_words(field, found.here, page.language)
        after = in_words(field, found.after, page.language)
    return {
        "key": key,
        "label": field.label(page.language),
        "here": here,
        "after": after,
        "wrong": TEXTS[found.wrong]() if found.wrong else "",
        "seen": signing.dumps({"here": found.here, "common": found.common}, salt=salt),
    }


@application_page
@require_http_methods(["GET", "POST"])
def common_part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take over or leave, field by field; or, without a project, make one of this application."""
    page = page_of(request, pk)
    application = page.application
    held = applicant_roles(request.user, application)
    if not held & EDITORS:
        raise Http404
    link = _link(application)
    if link is None:
        if request.method == "POST":
            made = commands.begin_from(actor(request), application)
            return redirect("projects:project", pk=made.pk)
        context = {"page": page, "application": application}
        return render(request, "projects/make.html", context)
    salt = f"{SALT}:{pk}"
    if request.method == "POST":
        return _settle(request, application, salt)
    context = {
        "page": page,
        "application": application,
        "project": link.project,
        "may_see": policy.get(request.user, link.project_id) is not None,
        "lines": [_line(found, page, salt) for found in _changes(application, link)],
        "draft": application.state == State.DRAFT,
    }
    return render(request, "projects/common_part.html", context)


def _settle(request: HttpRequest, application: Application, salt: str) -> HttpResponse:
    taken, seen = {}, {}
    for name, choice in request.POST.items():
        key = name.removeprefix("take-")
        if key == name or choice not in ("yes", "no"):
            continue
        try:
            seen[key] = signing.loads(request.POST.get(f"seen-{key}", ""), salt=salt)
        except signing.BadSignature:
            continue
        taken[key] = choice == "yes"
    again = commands.settle(actor(request), application, taken, seen)
    if again:
        messages.warning(
            request, _("Some of it changed again in the meantime. Look at it once more.")
        )
        return redirect("applications:common_part", pk=application.pk)
    if not taken:
        messages.warning(request, _("Choose for each whether to take it over."))
        return redirect("applications:common_part", pk=application.pk)
    messages.success(request, _("Your choices are kept."))
    return redirect("applications:overview", pk=application.pk)
