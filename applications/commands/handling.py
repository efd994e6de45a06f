"""An agency's administrators say which month's cases the agency has begun to handle."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications import schemes
from applications.commands.errors import Forbidden, Invalid, NotFound, Stale
from applications.commands.gate import Actor
from applications.enums import Role
from applications.models import AgencyNotice
from applications.models.handling import LONGEST_NOTICE
from applications.selectors import handling
from portal import clock
from portal.accounts import policy as accounts
from portal.events.log import record

FIRST = date(2000, 1, 1)


def languages(agency: str) -> tuple[str, ...]:
    """The languages that an agency writes its notice in: its own, and English."""
    return tuple(dict.fromkeys([*schemes.current(agency).languages, "en"]))


def say_handling(
    by: Actor, agency: str, handling_from: date | None, texts: dict[str, str], seen: int
) -> AgencyNotice | None:
    """Tells waiting applicants that cases since that month are handled, and `texts` by language.

    Nothing in both takes the notice away; None when it says what was said already. `seen`: how
    many notices the person had seen. Raises NotFound, Forbidden, Invalid (all that is wrong, by
    field: `handling_from`, `text_<language>`), Stale when somebody said something meanwhile.
    """
    if agency not in {scheme.agency for scheme in schemes.all_current()}:
        raise NotFound
    if by.user is None or Role.AGENCY_ADMIN not in accounts.staff_roles(by.user, agency):
        raise Forbidden
    told = {code: texts.get(code, "").strip() for code in languages(agency)}
    if wrong := _wrong(agency, handling_from, told):
        raise Invalid(wrong)
    told = {code: words for code, words in told.items() if words}
    with transaction.atomic():
        last = next(iter(handling.history(agency)), None)
        if (last.sequence if last else 0) != seen:
            raise Stale
        before = (last.handling_from, last.texts) if last else (None, {})
        if before == (handling_from, told):
            return None
        try:
            with transaction.atomic():
                made = AgencyNotice.objects.create(
                    agency=agency,
                    sequence=seen + 1,
                    handling_from=handling_from,
                    texts=told,
                    by=by.user,
                    at=clock.now(),
                )
        except IntegrityError as other_was_first:
            raise Stale from other_was_first
        month = f"{handling_from:%Y-%m}" if handling_from else None
        facts = {"notice": made.sequence, "handling_from": month, "languages": sorted(told)}
        record(f"agency:{agency}", "handling.said", by.reference, facts)
        transaction.on_commit(handling.forget)
    return made


def _wrong(agency: str, month: date | None, told: dict[str, str]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if month is not None:
        today = clock.today(schemes.current(agency).timezone)
        if month.day != 1 or month < FIRST:
            wrong["handling_from"] = [_("Write a year and a month, such as 2026-05.")]
        elif month > today:
            wrong["handling_from"] = [_("Cases of that month have not come in yet.")]
    given = [code for code, words in told.items() if words]
    for code, words in told.items():
        if len(words) > LONGEST_NOTICE:
            wrong[f"text_{code}"] = [
                _("At most %(number)s characters.") % {"number": LONGEST_NOTICE}
            ]
        elif given and not words:
            wrong[f"text_{code}"] = [_("Write it in each language, or in none.")]
    return wrong
