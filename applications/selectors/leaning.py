"""Which running cases lean on the approval of their institution, and which ask for one."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications import policy, schemes
from applications.enums import OPEN_STATES, State
from applications.models import Application
from institutions.at_stake import Case
from institutions.models import Institution

UNDECIDED = _("Not decided yet. A case officer looks at it again: the rules ask for an approval.")
MEANS: dict[str, Promise] = {
    State.SIGNING: _("Decided; the letter is being signed. It holds until somebody decides anew."),
    State.ACCEPTANCE: _("Decided, not accepted yet. A case officer looks at it before delivery."),
    State.ACCEPTED: _("Access stays as it was decided, until somebody decides anew."),
}
RUNNING = [str(state) for state in (*OPEN_STATES, State.ACCEPTED)]


def _read_by(reader: Any) -> QuerySet[Application]:
    """All cases, or without those that `reader` is barred from."""
    found = Application.objects.all()
    return found if reader is None else found.exclude(policy.barred(reader))


def leaning(institution: Institution, agency: str, reader: Any = None) -> list[Case]:
    """The submitted cases about access to data that are not over, the oldest first. One query."""
    scheme = schemes.current(agency)
    found = (
        _read_by(reader)
        .filter(
            institution=institution,
            agency=scheme.agency,
            submitted_at__isnull=False,
            state__in=RUNNING,
            type__in=[each.id for each in scheme.types if each.access and each.decides],
        )
        .order_by("submitted_at", "pk")
    )
    label: Callable[[str, str], str] = scheme.workflow.state_label
    language = get_language() or "en"
    return [
        Case(
            pk=str(each.pk),
            number=str(each.number),
            title=each.sent_title,
            state=label(each.state, language),
            means=str(MEANS.get(each.state, UNDECIDED)),
            url=reverse("cases:case", args=[each.agency, each.pk]),
            owner=str(each.owner_id),
            officer=str(each.assignee_id or ""),
        )
        for each in found
    ]


def asking(agency: str, reader: Any = None) -> list[Case]:
    """Submitted applications for approval as an institution that are not decided, the oldest first.
    One query."""
    scheme = schemes.current(agency)
    found = (
        _read_by(reader)
        .filter(
            agency=scheme.agency,
            submitted_at__isnull=False,
            state__in=[str(state) for state in OPEN_STATES],
            type__in=[each.id for each in scheme.types if each.approves],
        )
        .select_related("institution", "assignee")
        .order_by("submitted_at", "pk")
    )
    language = get_language() or "en"
    return [
        Case(
            pk=str(each.pk),
            number=str(each.number),
            title=each.institution.name_in(language) if each.institution else each.sent_title,
            state=scheme.workflow.state_label(each.state, language),
            means=each.assignee.name if each.assignee else "",
            url=reverse("cases:case", args=[each.agency, each.pk]),
            owner=str(each.owner_id),
            officer=str(each.assignee_id or ""),
        )
        for each in found
    ]
