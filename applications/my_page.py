"""What applications add to "my page": my applications and projects, with state in plain words."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications import selectors
from applications.enums import ENDED_STATES, State
from applications.models import Application, Project, ProjectLink
from applications.projects import policy as projects
from applications.selectors.tasks import own_applications
from applications.selectors.words import moment_in_words
from portal.accounts import sections

MOST = 6  # of each; the lists have a page of their own


def line(application: Application, language: str) -> dict[str, Any]:
    """An application for a list: what it is, where it stands and what that means for me."""
    scheme = selectors.scheme_of(application)
    workflow = scheme.workflow
    return {
        "application": application,
        "agency": scheme.short_name(language),
        "state": workflow.state_label(application.state, language),
        "meaning": workflow.state_meaning(application.state, language),
        "waits": application.state in (State.DRAFT, State.RETURNED, State.SPECIFICATION),
        "changed": moment_in_words(application.updated_at, scheme.timezone, language),
    }


def mine(user: Any) -> dict[str, Any]:
    """My applications that are not over, the last changed first, and my projects with the
    applications in each. Three queries, whatever there is."""
    language = get_language() or "en"
    everything = own_applications(user)
    running = [each for each in everything if each.state not in ENDED_STATES]
    held = list(Project.objects.filter(projects.visible(user)).order_by("-updated_at")[: MOST + 1])
    seen = {each.pk: each for each in everything}
    links = ProjectLink.objects.filter(project__in=held[:MOST]).order_by("linked_at")
    inside: dict[Any, list[dict[str, Any]]] = {}
    for link in links:
        if link.application_id in seen:  # a member of a project may not see all of its cases
            inside.setdefault(link.project_id, []).append(line(seen[link.application_id], language))
    return {
        "lines": [line(each, language) for each in running[:MOST]],
        "more": len(running) > MOST or len(everything) > len(running),
        "projects": [
            {
                "project": each,
                "title": each.common.get("title", ""),
                "lines": inside.get(each.pk, []),
            }
            for each in held[:MOST]
        ],
        "more_projects": len(held) > MOST,
    }


def connect() -> None:
    """Registers it; called when the app is ready."""
    template = "applications/_my_section.html"
    sections.register(
        sections.Section(
            "applications", _("My applications and projects"), template, mine, order=10
        )
    )
