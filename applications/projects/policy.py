"""Who may see a project, and who may change it. No agency: each sees its own case only."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from applications.models import Project, ProjectMember
from institutions import selectors as institutions


def _member(user: Any, *roles: str) -> Exists:
    held = ProjectMember.objects.filter(project=OuterRef("pk"), user=user, ended_at__isnull=True)
    return Exists(held.filter(role__in=roles) if roles else held)


def visible(user: Any) -> Q:
    """The projects that `user` owns or is a member of. A role at an agency opens none, and who
    has left the project's institution has left the project."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return (Q(owner=user) | Q(_member(user))) & ~institutions.left_here(user)


def get(user: Any, project_id: UUID | str) -> Project | None:
    """The project when `user` may see it, else None (foreign and absent are alike)."""
    if not user.is_authenticated:
        return None
    found = Project.objects.select_related("owner", "institution")
    return found.filter(visible(user), pk=project_id).first()


def may_change(user: Any, project: Project) -> bool:
    """Whether `user` may write the common part and apply: the owner and editors."""
    if not Project.objects.filter(visible(user), pk=project.pk).exists():
        return False
    if project.owner_id == user.pk:
        return True
    live = project.members.filter(user=user, ended_at__isnull=True, role="editor")
    return bool(live.exists())
