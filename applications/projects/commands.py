"""The only writers of projects. Applications themselves are written through the gate."""

from typing import Any
from uuid import UUID

from django.db import transaction

from applications import selectors
from applications.commands import Actor, Forbidden, Invalid, NotFound, NotNow, Stale, execute
from applications.commands.cleaning import each
from applications.commands.start import create as create_application
from applications.enums import Role, State
from applications.models import Application, Project, ProjectLink, ProjectMember
from applications.policy import applicant_roles
from applications.projects import common as parts_of
from applications.projects import policy
from applications.projects.common import PEOPLE, Part
from institutions import selectors as institutions
from portal import clock
from portal.events.log import record
from portal.text import text

EDITORS = frozenset({Role.OWNER, Role.EDITOR})


def _tell(project: Project, what: str, by: Actor, data: dict, personal: dict | None = None) -> None:
    record(f"project:{project.pk}", f"project.{what}", by.reference, data, personal)


def _locked(by: Actor, project_id: UUID | str) -> Project:
    found = Project.objects.select_for_update().filter(pk=project_id).first()
    if found is None or policy.get(by.user, project_id) is None:
        raise NotFound
    if not policy.may_change(by.user, found):
        raise Forbidden
    return found


def begin(by: Actor, common: dict, institution_id: Any = None, **nordman: Any) -> Project:
    """A new project of `by`, with its common part (checked by the form).

    `nordman`: nordman, offices, other_offices. Raises Invalid for a foreign institution.
    """
    common = each(common, text)
    user: Any = by.user
    mine = {str(i.pk): i for i in institutions.active_institutions(user)}
    institution = mine.get(str(institution_id)) if institution_id else None
    if institution_id and institution is None:
        raise Invalid({"institution": ["not one of your institutions"]})
    now = clock.now()
    with transaction.atomic():
        project = Project.objects.create(
            owner=user,
            institution=institution,
            common=common,
            created_at=now,
            updated_at=now,
            **nordman,
        )
        _tell(project, "create", by, {"version": 1}, {"common": common})
    return project


def begin_from(by: Actor, application: Application) -> Project:
    """A project made of an application that belongs to none; the application stays as it is.

    Raises Forbidden for who may not edit the application, NotNow when it has a project.
    """
    if not applicant_roles(by.user, application) & EDITORS:
        raise Forbidden
    scheme = selectors.scheme_of(application)
    common = parts_of.from_document(scheme, application.type, selectors.document(application))
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        if ProjectLink.objects.filter(application=application).exists():
            raise NotNow
        project = begin(by, common, _own(by, application.institution_id))
        _link(project, application, by, common)
    return project


def _own(by: Actor, institution_id: UUID | None) -> UUID | None:
    """The institution when the person belongs to it now."""
    at = institution_id
    return at if at is not None and institutions.is_member(by.user, at) else None


def _link(project: Project, application: Application, by: Actor, settled: dict) -> None:
    ProjectLink.objects.create(
        application=application, project=project, settled=settled, linked_at=clock.now()
    )
    _tell(project, "link", by, {"application": str(application.pk)})


def change(by: Actor, project_id: UUID, version: int, common: dict, **nordman: Any) -> Project:
    """Writes the common part. Drafts made from it are told; nothing in them is overwritten.

    Raises NotFound, Forbidden, Stale (somebody changed it since `version`).
    """
    common = each(common, text)
    with transaction.atomic():
        project = _locked(by, project_id)
        before = project.common
        same = before == common and all(getattr(project, k) == v for k, v in nordman.items())
        if same:
            return project
        if project.version != version:
            raise Stale(before, common)
        project.common = common
        for name, value in nordman.items():
            setattr(project, name, value)
        project.version += 1
        project.updated_at = clock.now()
        project.save()
        changed = sorted(k for k in {*before, *common} if before.get(k) != common.get(k))
        _tell(
            project,
            "change",
            by,
            {"version": project.version, "parts": changed, "nordman": project.nordman},
            {"common": common},
        )
    return project


def add_member(by: Actor, project_id: UUID, user: Any, role: str) -> None:
    """Lets somebody at the project's institution in. Only the owner. Raises Invalid."""
    with transaction.atomic():
        project = _locked(by, project_id)
        if project.owner_id != by.user.pk:
            raise Forbidden
        at = project.institution_id
        if role not in ("editor", "viewer"):
            raise Invalid({"role": ["choose what the colleague may do"]})
        if user is None or at is None or not institutions.is_member(user, at):
            raise Invalid({"user": ["choose somebody at your institution"]})
        if user.pk == project.owner_id:
            raise Invalid({"user": ["this is the owner"]})
        now = clock.now()
        live = ProjectMember.objects.filter(project=project, user=user, ended_at__isnull=True)
        if live.filter(role=role).exists():
            return
        live.update(ended_at=now)
        ProjectMember.objects.create(
            project=project, user=user, role=role, added_by=by.user, added_at=now
        )
        _tell(project, "add_member", by, {"user": str(user.pk), "role": role})


def end_member(by: Actor, project_id: UUID, member_id: int) -> None:
    """Ends a member's access to the project at once. Only the owner. Raises NotFound."""
    with transaction.atomic():
        project = _locked(by, project_id)
        if project.owner_id != by.user.pk:
            raise Forbidden
        member = project.members.filter(pk=member_id).first()
        if member is None:
            raise NotFound
        if member.ended_at is None:
            member.ended_at = clock.now()
            member.save()
            _tell(project, "end_member", by, {"user": str(member.user_id)})


def apply(by: Actor, project_id: UUID, agency: str, type: str, language: str) -> Application:
    """A draft at `agency` with the common part taken over; members of the project get into it.

    Raises NotFound, Forbidden, Invalid (see `start.create`).
    """
    with transaction.atomic():
        project = _locked(by, project_id)
        at = _own(by, project.institution_id)
        application = create_application(by, agency, language, at, type=type)
        _link(project, application, by, project.common)
        scheme = selectors.scheme_of(application)
        for part in parts_of.parts(scheme, application.type):
            value = project.common.get(part.key)
            if value and not parts_of.wrong(part, value):
                if part.key == PEOPLE:
                    value = parts_of.rows_of(value, scheme.project.columns)
                _write(by, application, part, value)
        _let_in(by, project, application)
    application.refresh_from_db()
    return application


def _let_in(by: Actor, project: Project, application: Application) -> None:
    """The project's people become colleagues on the draft, as far as the institution is theirs."""
    at = application.institution_id
    members = project.members.filter(ended_at__isnull=True).select_related("user")
    people = [(m.user, m.role) for m in members] + [(project.owner, "editor")]
    for user, role in people:
        if user.pk != by.user.pk and at is not None and institutions.is_member(user, at):
            payload = {"user": user, "role": role}
            execute("invite_colleague", application.pk, by, payload)


def _write(by: Actor, application: Application, part: Part, value: Any) -> None:
    """Writes one piece into the draft: a single answer, or all rows of a list."""
    if part.key == PEOPLE:
        columns = {c.path for c in part.field.columns if c.asked}
        rows = [{k: v for k, v in row.items() if k in columns} for row in value]
        payload: dict = {"list": part.path, "rows": rows, "replace": True}
        execute("import_rows", application.pk, by, payload)
    else:
        payload = {"section": "", "values": {part.path: value}}
        execute("save_section", application.pk, by, payload)


def settle(
    by: Actor, application: Application, taken: dict[str, bool], seen: dict[str, Any]
) -> list[str]:
    """Takes pieces of the common part over into a draft, or leaves them, as the person chose.

    `taken` {key: take over?}; `seen` {key: {"here": …, "common": …} as the person had read them}.
    What changed since is not written: its keys come back. Raises NotFound, NotNow, Forbidden.
    """
    again = []
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        link = ProjectLink.objects.select_related("project").filter(application=application).first()
        if link is None:
            raise NotFound
        if not applicant_roles(by.user, application) & EDITORS:
            raise Forbidden
        application.refresh_from_db()
        if application.state != State.DRAFT:
            raise NotNow
        scheme = selectors.scheme_of(application)
        common, settled = link.project.common, dict(link.settled)
        document = selectors.document(application)
        told = parts_of.changes(scheme, application.type, document, settled, common)
        for found in told:
            key = found.part.key
            if key not in taken:
                continue
            if seen.get(key) != {"here": found.here, "common": found.common}:
                again.append(key)
                continue
            if taken[key]:
                if found.wrong:
                    continue
                _write(by, application, found.part, found.after)
            settled[key] = found.common
        if settled != link.settled:
            link.settled = settled
            link.save()
    return again
