"""What the cases of an institution do when it is merged into another: they follow, one event each.

What was sent and decided stays as it was written; only whose case it is changes.
"""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from applications import schemes
from applications.commands.gate import Act, Actor, Done, execute, handles
from applications.models import Application, Project, RecordedCase
from institutions.models import Institution
from institutions.moves import Merging, Move, register
from portal.events.log import record


@handles("follow_merge")
def follow_merge(act: Act) -> Done:
    """The case becomes one of the institution that is kept. Payload: `kept`."""
    application, kept = act.application, act.payload["kept"]
    before = application.institution_id
    application.institution = kept
    if application.single_key:
        application.single_key = f"{application.agency}:{application.type}:{kept.pk}"
    return Done({"institution": str(kept.pk), "before": str(before)})


def singles(institution: Institution) -> dict[tuple[str, str], str]:
    """What the institution has of what it may have once: (agency, type) -> case number."""
    own = Application.objects.filter(institution=institution, single_key__isnull=False)
    found = {(a, t): str(n) for a, t, n in own.values_list("agency", "type", "number")}
    kinds = {
        (scheme.agency, kind.id)
        for scheme in schemes.all_current()
        for kind in scheme.types
        if kind.single
    }
    recorded = RecordedCase.objects.filter(institution=institution, ended_at__isnull=True)
    for agency, kind, number in recorded.values_list("agency", "type", "number"):
        if (agency, kind) in kinds:
            found.setdefault((agency, kind), number)
    return found


def both_have(kept: Institution, gone: Institution) -> list[str]:
    """The cases of which an institution may have one only, when both have one."""
    mine, theirs = singles(kept), singles(gone)
    return [
        _(
            "Both have a case of which an institution may have only one: %(kept)s and %(gone)s. "
            "One of them has to end first."
        )
        % {"kept": mine[key], "gone": theirs[key]}
        for key in sorted(mine.keys() & theirs.keys())
    ]


def _applications(merging: Merging) -> int:
    by = Actor(name="merge")
    cases = Application.objects.filter(institution=merging.gone).order_by("pk")
    keys = list(cases.values_list("pk", flat=True))
    for pk in keys:
        execute("follow_merge", pk, by, {"kept": merging.kept})
    return len(keys)


def _hold(gone: Institution) -> Any:
    """Whoever decides a case locks it before its institution; so does a merge."""
    cases = Application.objects.filter(institution=gone).select_for_update(of=("self",))
    return list(cases.order_by("pk").values_list("pk", flat=True))


def _projects(merging: Merging) -> int:
    held = Project.objects.filter(institution=merging.gone).select_for_update(of=("self",))
    keys = list(held.order_by("pk").values_list("pk", flat=True))
    Project.objects.filter(pk__in=keys).update(
        institution=merging.kept, version=F("version") + 1, updated_at=merging.at
    )
    for pk in keys:
        data = {"institution": str(merging.kept.pk), "before": str(merging.gone.pk)}
        record(f"project:{pk}", "project.institution_merged", merging.by.reference, data)
    return len(keys)


def _recorded(merging: Merging) -> int:
    held = RecordedCase.objects.filter(institution=merging.gone)
    for pk, agency, number in list(held.values_list("pk", "agency", "number")):
        data = {"case": str(pk), "number": number, "institution": str(merging.kept.pk)}
        record(f"agency:{agency}", "case.institution_merged", merging.by.reference, data)
    return held.update(institution=merging.kept)


def connect() -> None:
    """Registers them; called when the app is ready."""
    register(
        Move(
            "applications.Application.institution",
            lambda: _("Applications and cases"),
            lambda: _(
                "They follow, with an event on each. What was sent and the letters stay as they "
                "were written."
            ),
            lambda institution: Application.objects.filter(institution=institution).count(),
            _applications,
            both_have,
            _hold,
        )
    )
    register(
        Move(
            "applications.RecordedCase.institution",
            lambda: _("Cases decided outside of the portal"),
            lambda: _("They follow."),
            lambda institution: RecordedCase.objects.filter(institution=institution).count(),
            _recorded,
        )
    )
    register(
        Move(
            "applications.Project.institution",
            lambda: _("Projects"),
            lambda: _("They follow."),
            lambda institution: Project.objects.filter(institution=institution).count(),
            _projects,
        )
    )
