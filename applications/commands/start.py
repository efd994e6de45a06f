"""Beginning an application."""

from typing import Any

from django.db import transaction

from applications import schemes
from applications.commands.errors import Invalid
from applications.commands.gate import Actor
from applications.enums import State
from applications.models import Application
from institutions import selectors as institutions
from portal import clock
from portal.events.log import record


def create(by: Actor, agency: str, language: str, institution_id: Any = None) -> Application:
    """A new draft of `by` at `agency` (its present scheme version), for one of their institutions.

    Raises Invalid when the agency is unknown or the person is not at that institution.
    """
    known = {scheme.agency: scheme for scheme in schemes.all_current()}
    if agency not in known:
        raise Invalid({"agency": ["unknown agency"]})
    scheme = known[agency]
    mine = {str(i.pk): i for i in institutions.active_institutions(by.user)}
    institution = mine.get(str(institution_id)) if institution_id else None
    if institution_id and institution is None:
        raise Invalid({"institution": ["not one of your institutions"]})
    now = clock.now()
    letters = scheme.letter_languages
    with transaction.atomic():
        application = Application.objects.create(
            agency=agency,
            scheme_version=scheme.version,
            type="new",
            state=State.DRAFT,
            language=language if language in letters else letters[0],
            owner=by.user,
            institution=institution,
            answers={"contact": {"name": by.user.name, "email": by.user.email}},
            config={"deadlines": dict(scheme.workflow.deadlines)},
            created_at=now,
            updated_at=now,
        )
        record(
            f"application:{application.pk}",
            "application.create",
            by.reference,
            {"agency": agency, "scheme": scheme.version, "type": "new", "version": 1},
        )
    return application
