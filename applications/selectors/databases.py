"""Which cases of an institution are project databases."""

from django.db.models import Exists, OuterRef

from applications.enums import State
from applications.models import Application, Row
from institutions.models import Institution

MANAGERS = "database.managers"
OVER = (State.REFUSED, State.DISMISSED, State.WITHDRAWN)


def of_institution(institution: Institution) -> list[tuple[str, str]]:
    """(case number, title) of the cases in which managers of a project database are named."""
    managed = Row.objects.filter(application=OuterRef("pk"), list_path=MANAGERS)
    found = Application.objects.filter(
        Exists(managed), institution=institution, number__isnull=False
    ).exclude(state__in=OVER)
    return [
        (str(n), title) for n, title in found.order_by("number").values_list("number", "sent_title")
    ]
