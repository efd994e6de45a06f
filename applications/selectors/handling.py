"""Which month's cases an agency handles now, in words."""

import time
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications import schemes
from applications.models import AgencyNotice

KEPT = 60.0  # seconds: public pages ask the database no oftener


@dataclass(frozen=True)
class Notice:
    """What the newest notice says; empty in both when there is none."""

    handling_from: date | None = None
    texts: tuple[tuple[str, str], ...] = ()

    def lines(self, language: str) -> list[str]:
        """The sentences of a page in `language`; the agency's own words fall back to English."""
        told = []
        if self.handling_from:
            month = month_in_words(self.handling_from, language)
            told.append(_("Now handling cases that came in from %(month)s.") % {"month": month})
        texts = dict(self.texts)
        words = texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
        return [*told, words] if words else told


NOTHING = Notice()
_kept: dict[str, Notice] = {}
_until = 0.0


def month_in_words(month: date, language: str) -> str:
    """A month with its year, such as maj 2026."""
    with override(language):
        return date_format(month, "F Y")


def as_notice(found: AgencyNotice | None) -> Notice:
    """What was said, without who said it."""
    return Notice(found.handling_from, tuple(found.texts.items())) if found else NOTHING


def history(agency: str) -> list[AgencyNotice]:
    """All notices of the agency, the newest first."""
    found = AgencyNotice.objects.filter(agency=agency)
    return list(found.select_related("by").order_by("-sequence"))


def newest(agency: str) -> Notice:
    """The notice in force. One query."""
    return as_notice(AgencyNotice.objects.filter(agency=agency).order_by("-sequence").first())


def for_cards(language: str) -> dict[str, list[str]]:
    """The sentences for each agency's public card, by its code in lower case.

    One query a minute for a process, whatever many ask: what is told may be a minute old.
    """
    global _until
    if time.monotonic() >= _until:
        found = AgencyNotice.objects.order_by("agency", "-sequence").distinct("agency")
        try:
            told = {each.agency: as_notice(each) for each in found}
        except DatabaseError:  # the front page needs no database: it tells what it knew
            told = dict(_kept)
        _kept.clear()
        _kept.update(told)
        _until = time.monotonic() + KEPT
    served = {scheme.agency for scheme in schemes.all_current()}
    return {code.lower(): n.lines(language) for code, n in _kept.items() if code in served}


def forget() -> None:
    """The next public page of this process asks anew."""
    global _until
    _until = 0.0
