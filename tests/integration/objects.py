"""Every address of the portal, and real objects to put into it: a case with all that a case has."""

from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from applications import links
from applications.enums import ColleagueRole
from applications.models import (
    Application,
    Attachment,
    Colleague,
    ColleagueInvitation,
    ConfidentialityLink,
    Review,
    Row,
)
from applications.projects.commands import add_member, begin_from
from decisions.models import Decision
from portal import clock
from portal.accounts.models import Absence, StaffRole
from portal.jobs.commands import begin
from portal.jobs.models import Job
from portal.local import seeding

# A case's own children: what stands in an address beside the case's key.
CHILDREN = ("attachment", "row", "invitation", "colleague", "review", "sequence", "revision")


def every_address() -> list[tuple[str, dict[str, Any]]]:
    """(name, converters) of every address."""
    found = []

    def walk(resolver: Any, namespace: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                walk(entry, inner)
            elif isinstance(entry, URLPattern):
                name = f"{namespace}{entry.name}" if entry.name else str(entry.pattern)
                found.append((name, dict(entry.pattern.converters)))

    walk(get_resolver(), "")
    return found


def furnish(world: Any, case: Application) -> Application:
    """Gives a submitted case of `world` one of everything: project and its members, colleague,
    invitation, review, note, messages, and a draft of a decision."""
    owner, officer = world["applicant"], world["case_officer"]
    given = {"user": world["colleague"], "role": str(ColleagueRole.EDITOR)}
    world.do("invite_colleague", case, "applicant", given)
    invited = {"email": f"invited-{case.pk.hex[:6]}@x.example", "role": str(ColleagueRole.VIEWER)}
    world.do("invite_by_mail", case, "applicant", invited)
    project = begin_from(world.actor("applicant"), case)
    add_member(world.actor("applicant"), project.pk, world["colleague"], "editor")
    seeding.assess(case, officer, 0.4)
    seeding.ask(case, officer, world["lawyer"], 0.3)
    seeding.message(case, officer, "A question of the agency.", 0.2)
    seeding.message(case, owner, "An answer of the applicant.", 0.1)
    case.refresh_from_db()
    world.do("add_note", case, "case_officer", {"body": "A note."})
    world.do("draft_decision", case, "case_officer")
    payload = {"application": str(case.pk), "side": "own", "language": "en", "kind": "csv"}
    begin("application.export", payload, owner)
    case.refresh_from_db()
    return case


def values(case: Application) -> dict[str, Any]:
    """What to put into an address, by the name of its part: keys of the case's own children."""
    decision = Decision.objects.filter(application=case).first()
    link = ConfidentialityLink.objects.filter(application=case).first()
    held = StaffRole.objects.filter(agency=case.agency, revoked_at=None).first()
    project = getattr(case, "project_link", None)
    today = clock.today("UTC")
    away, _made = Absence.objects.get_or_create(
        user=held.user,
        agency=case.agency,
        defaults={
            "first_day": today,
            "last_day": today + timedelta(days=1),
            "entered_by": held.user,
        },
    )

    def first(found: Any) -> Any:
        return found.order_by("pk").values_list("pk", flat=True).first()

    return {
        "agency": case.agency,
        "institution": case.institution_id,
        "application": case.pk,
        "attachment": first(Attachment.objects.filter(application=case)),
        "row": first(Row.objects.filter(application=case, list_path="variables")),
        "invitation": first(ColleagueInvitation.objects.filter(application=case)),
        "colleague": first(Colleague.objects.filter(application=case)),
        "review": first(Review.objects.filter(application=case)),
        "member": first(project.project.members.all()) if project else None,
        "case": case.pk,
        "decision": decision and decision.pk,
        "project": project and project.project_id,
        "role": held.pk,
        "absence": away.pk,
        "job": Job.objects.values_list("pk", flat=True).order_by("created_at").first(),
        "secret": links.own(link) if link else "x",
        "sequence": 1, "kind": "pdf", "section": "project", "path": "variables", "condition": 1,
        "revision": 1, "handoff": "helsedata", "rule_id": "COM-CHK-04", "way": "close",
        "type": "change", "position": 1, "entry": 1,
    }  # fmt: skip


OWN_KEYS = {
    "projects:": "project", "decisions:": "decision", "cases:staff_role": "role",
    "cases:absence": "absence", "jobs:": "job",
}  # fmt: skip


# What stands for something that is not there.
FILLERS = {
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
    "IntConverter": 1,
    "StringConverter": "x",
    "SlugConverter": "x",
}


def address(name: str, converters: dict[str, Any], told: dict[str, Any]) -> str:
    """The address `name` with `told` (of `values`) put in; keys of nothing where there is none."""
    parts = {}
    for key, kind in converters.items():
        if name.startswith("institutions:") and key != "agency":
            parts[key] = told["institution"] if key == "pk" else FILLERS[type(kind).__name__]
        elif key == "pk":
            what = next((w for head, w in OWN_KEYS.items() if name.startswith(head)), "case")
            parts[key] = told[what] or FILLERS["UUIDConverter"]
        else:
            parts[key] = told.get(key) or FILLERS[type(kind).__name__]
    return reverse(name, kwargs=parts)
