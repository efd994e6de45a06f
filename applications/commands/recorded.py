"""Cases that were decided before the portal came, recorded by an agency's administrators.

They count among the facts (applications.selectors.facts) like cases that the portal decided.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications import schemes, selectors
from applications.commands.errors import Forbidden, Invalid, NotFound
from applications.commands.gate import Actor
from applications.enums import Role
from applications.models import Application, RecordedCase
from applications.selectors import facts
from institutions.models import Institution
from portal import clock
from portal.accounts import policy as accounts
from portal.events.log import record
from portal.text import line

LONGEST = {"number": 100, "title": 300}
MOST_LINES = 1_000  # of one list that is recorded with a case


def record_case(
    by: Actor,
    agency: str,
    institution: Institution | None,
    type: str,
    number: str,
    title: str,
    lists: dict[str, list[str]] | None = None,
) -> RecordedCase:
    """Records a case of `institution` that is in force at `agency`.

    `lists`: what stands in columns of its lists, by path: {"registers.name": [...]}. Raises
    NotFound for an agency that is not here, Forbidden, Invalid with all that cannot be used.
    """
    scheme = _administered(by, agency)
    number, title, lists = line(number), line(title), lists or {}
    wrong: dict[str, list[str]] = {}
    if institution is None:
        wrong["institution"] = [_("Choose the institution.")]
    if type not in facts.types_asked_for(scheme):
        wrong["type"] = [_("Choose what it is.")]
    for name, value in (("number", number), ("title", title)):
        if not value:
            wrong[name] = [_("Fill this in.")]
        elif len(value) > LONGEST[name]:
            wrong[name] = [_("At most %(number)s characters.") % {"number": LONGEST[name]}]
    if any(path not in facts.columns_offered(scheme) for path in lists):
        wrong["lists"] = ["not a list that is offered"]
    if any(len(values) > MOST_LINES for values in lists.values()):
        wrong["lists"] = [_("At most %(number)s lines.") % {"number": MOST_LINES}]
    if number and Application.objects.filter(agency=agency, number=number).exists():
        wrong["number"] = [_("The portal has a case with this number itself.")]
    kind = scheme.type(type)
    if institution is not None and kind is not None and kind.single:
        key = f"{agency}:{type}:{institution.pk}"
        if Application.objects.filter(single_key=key).exists():
            wrong["type"] = [_("The institution has one in the portal already.")]
    if wrong or institution is None:
        raise Invalid(wrong)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = RecordedCase.objects.create(
                    agency=agency,
                    institution=institution,
                    type=type,
                    number=number,
                    title=title,
                    document=_document(scheme, title, lists),
                    recorded_by=by.user,
                    recorded_at=clock.now(),
                )
        except IntegrityError as twice:
            raise Invalid(
                {"number": [_("A case with this number is recorded already.")]}
            ) from twice
        data = {"case": str(made.pk), "institution": str(institution.pk), "type": type}
        record(f"agency:{agency}", "case.recorded", by.reference, data | {"number": number})
    return made


def end_recorded(by: Actor, agency: str, pk: Any) -> RecordedCase:
    """Says that a recorded case is in force no more. Twice is once. Raises NotFound, Forbidden."""
    _administered(by, agency)
    with transaction.atomic():
        held = RecordedCase.objects.select_for_update().filter(agency=agency, pk=pk).first()
        if held is None:
            raise NotFound
        if held.ended_at is None:
            held.ended_by, held.ended_at = by.user, clock.now()
            held.save()
            data = {"case": str(held.pk), "number": held.number}
            record(f"agency:{agency}", "case.ended", by.reference, data)
    return held


def _administered(by: Actor, agency: str) -> schemes.Scheme:
    if agency not in {scheme.agency for scheme in schemes.all_current()}:
        raise NotFound
    if by.user is None or Role.AGENCY_ADMIN not in accounts.staff_roles(by.user, agency):
        raise Forbidden
    return schemes.current(agency)


def _document(scheme: schemes.Scheme, title: str, lists: dict[str, list[str]]) -> dict[str, Any]:
    """What is known of the case, where the agency's forms have it."""
    document: dict[str, Any] = {}
    if path := scheme.project.fields.get("title"):
        selectors.put(document, path, title)
    for path, values in lists.items():
        table, _dot, column = path.rpartition(".")
        lines = dict.fromkeys(told for v in values if (told := line(v)))
        selectors.put(document, table, [{column: value} for value in lines])
    return document
