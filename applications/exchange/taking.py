"""Makes a draft of what was understood in a file. Everything goes through the gate."""

from typing import Any

from django.db import transaction

from applications.commands import Actor, execute
from applications.commands.start import create, may_follow
from applications.exchange.parsing import Parsed
from applications.exchange.reading import Understood
from applications.models import Application, Row
from applications.policy import on_applicants_side
from applications.schemes import ApplicationType, Scheme
from applications.selectors.document import pick


def type_of(parsed: Parsed, scheme: Scheme) -> ApplicationType | None:
    """What the file applies for: as it says itself, or in the field that holds the agency's types."""
    if found := scheme.type(parsed.type):
        return found
    return next((t for t in scheme.types if pick(parsed.document, t.field) == t.id), None)


def earlier_of(user: Any, parsed: Parsed, wanted: ApplicationType) -> Application | None:
    """The earlier case that the file follows, when `user` may go on from it."""
    if not parsed.follows:
        return None
    found = Application.objects.filter(
        on_applicants_side(user), agency=parsed.agency, number=parsed.follows
    ).first()
    return found if found and may_follow(user, wanted, found) else None


def take(
    by: Actor,
    scheme: Scheme,
    wanted: ApplicationType,
    found: Understood,
    language: str,
    institution_id: Any = None,
    follows: Application | None = None,
) -> Application:
    """A new draft that holds exactly what was understood, and the facts that the portal knows.

    Raises Invalid, see `start.create`.
    """
    with transaction.atomic():
        draft = create(by, scheme.agency, language, institution_id, type=wanted.id, follows=follows)
        asked = [f for f in scheme.fields(wanted.id) if f.asked]
        given = {f.path: found.values.get(f.path) for f in asked if f.type != "rows"}
        execute("save_section", draft.pk, by, {"section": "", "values": given})
        carried = set(Row.objects.filter(application=draft).values_list("list_path", flat=True))
        for field in asked:
            rows = found.rows.get(field.path, [])
            if field.type == "rows" and (rows or field.path in carried):
                payload = {"list": field.path, "rows": rows, "replace": True}
                execute("import_rows", draft.pk, by, payload)
    draft.refresh_from_db()
    return draft
