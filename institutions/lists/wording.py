"""Lists of approved institutions in words: columns, faults, refusals, what would change."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from institutions import countries, wording
from institutions.lists import selectors
from institutions.lists.difference import Change
from institutions.lists.kinds import Kind
from institutions.lists.reading import Fault
from institutions.models import ListEdition, ListLine
from portal.days import BETWEEN
from portal.files import wording as files
from portal.ui.themes import all_themes

LABELS = {
    "name": gettext_lazy("Name"),
    "country": gettext_lazy("Country"),
    "org_number": gettext_lazy("Organisation number"),
    "number": gettext_lazy("Number of the approval"),
    "valid_from": gettext_lazy("Approved from"),
    "valid_until": gettext_lazy("Approved until"),
}


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def day(value: date | None) -> str:
    """A day in words; "" for none."""
    return wording.day(value) if value else ""


def country(code: str) -> str:
    """The name of a country."""
    return countries.name(code, language())


def agency_name(agency: str) -> str:
    """The name of an agency, its code without a face."""
    theme = all_themes().get(agency.lower())
    return theme.name(language()) if theme else agency


def value(column: str, held: Any) -> str:
    """A cell in words; a dash for nothing."""
    if column == "country":
        return country(held)
    if isinstance(held, date):
        return day(held)
    if held is None and column == "valid_until":
        return _("no end")
    return str(held or "–")


def edition_line(edition: ListEdition) -> str:
    """Which edition it is, in one line."""
    return _("Edition %(number)s, valid from %(day)s") % {
        "number": edition.number,
        "day": day(edition.valid_from),
    }


def facts(line: ListLine | None, values: Mapping[str, Any] | None = None) -> str:
    """Country, numbers and validity of a line in one line."""
    told = values or {name: getattr(line, name) for name in LABELS}
    parts = [country(told["country"]), told["org_number"]]
    if told["number"]:
        parts.append(_("no. %(number)s") % {"number": told["number"]})
    if told["valid_until"]:
        parts.append(_("until %(day)s") % {"day": day(told["valid_until"])})
    return ", ".join(filter(None, parts))


def change(told: Change, choices: Mapping[str, str] | None) -> dict[str, Any]:
    """A line of the preview. `choices`: what the administrator has chosen, None at first."""
    place = told.line.institution if told.line else None
    sure = [str(offer.institution.pk) for offer in told.offers if offer.sure]
    before = sure[0] if sure else ""
    return {
        "name": told.name,
        "row": told.row.line if told.row else None,
        "facts": facts(told.line, told.values or None),
        "is": place.name if place and not told.asks else "",
        "withdrawn": bool(
            place and told.line and told.line.approval and told.line.approval.withdrawn_at
        ),
        "choice": told.choice,
        "chosen": (choices or {}).get(told.choice, before),
        "offers": [
            {
                "pk": str(offer.institution.pk),
                "name": offer.institution.name,
                "why": _("same number") if offer.sure else _("similar name"),
            }
            for offer in told.offers
        ],
        "fields": [
            {
                "label": LABELS[name],
                "before": value(name, was),
                "after": value(name, becomes),
            }
            for name, (was, becomes) in told.fields.items()
        ],
    }


def refusal(code: str) -> str:
    """Why a file is not taken and what to do."""
    texts: dict[str, Callable[[], str]] = {
        "kind": lambda: _("Take an Excel file (.xlsx) or a CSV file (.csv)."),
        "empty": lambda: _("There is no row in it."),
        "large": lambda: _("The file is larger than 30 MB. Leave out what is not needed."),
        "long": lambda: _("There are more than 100,000 rows in it."),
        "type": lambda: _("The content is not what the file name says."),
    }
    return texts[code]() if code in texts else files.refusal(code)


def wrong_day(code: str, kind: Kind) -> str:
    """Why an edition may not hold for these days."""
    if code == "bounds":
        return str(BETWEEN)
    if code == "future":
        return _("The list counts as soon as you confirm. Give today or an earlier day.")
    if code == "order":
        return _("This day is before the day from which the list holds.")
    edition = selectors.latest(kind)
    return _("The edition that is there is valid from %(day)s. Give that day or a later one.") % {
        "day": day(edition.valid_from) if edition else ""
    }


def fault(wrong: Fault) -> dict[str, Any]:
    """A fault in words: line, column, cell, text."""
    texts: dict[str, Callable[[], str]] = {
        "headings": lambda: _(
            "No line of headings was found. The file needs at least a column for the "
            "institution's name."
        ),
        "empty": lambda: _("There is no institution below the headings."),
        "missing": lambda: _("is missing"),
        "country": lambda: _("is no country that the portal knows"),
        "number": lambda: _("is no organisation number of that country"),
        "day": lambda: _("is no day between 1900 and 2150; write it like 2027-12-31"),
        "order": lambda: _("the approval ends before it begins"),
        "long": lambda: _("is longer than %(most)s characters") % {"most": wrong.cell},
        "twice": lambda: _("stands in line %(line)s already") % {"line": wrong.cell},
    }
    shown = wrong.cell if wrong.code in ("country", "number", "day", "order") else ""
    return {
        "line": wrong.line,
        "column": str(LABELS.get(wrong.column, "")),
        "cell": shown,
        "text": texts[wrong.code](),
    }
