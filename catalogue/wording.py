"""The catalogue in the reader's language: names of columns, values, what is wrong with a file."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue import commands
from catalogue.enums import Collection, Fate, UnitType
from catalogue.models import Catalogue, Register, Variable
from catalogue.reading import Fault
from portal.days import BETWEEN
from portal.files import wording as files

LABELS = {
    "register_code": gettext_lazy("Code of the register"),
    "register": gettext_lazy("Register"),
    "register_description": gettext_lazy("About the register"),
    "holder": gettext_lazy("Data owner"),
    "statistics_area": gettext_lazy("Statistics area"),
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name"),
    "description": gettext_lazy("Description"),
    "first_year": gettext_lazy("First year"),
    "last_year": gettext_lazy("Last year"),
    "timeless": gettext_lazy("Without years"),
    "published_through": gettext_lazy("Published through"),
    "in_variable_list": gettext_lazy("In the agency's variable list"),
    "identifying": gettext_lazy("Especially identifying"),
    "special_category": gettext_lazy("Special category (GDPR art. 9)"),
    "health_register": gettext_lazy("From a central health register"),
    "collection": gettext_lazy("How it was collected"),
    "origin_authority": gettext_lazy("Authority that it comes from"),
    "source": gettext_lazy("Source"),
    "open_data": gettext_lazy("Open to everybody"),
    "development_only": gettext_lazy("For development only"),
    "grunndata": gettext_lazy("Basic business data"),
    "unit_type": gettext_lazy("Unit"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "collection": dict(Collection.choices),
    "unit_type": dict(UnitType.choices),
}


def value(column: str, kept: Any) -> str:
    """A value of a column in words; "" for what is not known."""
    if isinstance(kept, bool):
        return _("yes") if kept else _("no")
    if column in CHOICES:
        return str(CHOICES[column].get(kept, kept))
    return "" if kept is None else str(kept)


def years(variable: Variable) -> str:
    """The years with data."""
    if variable.timeless:
        return _("without years")
    first, last = variable.first_year, variable.last_year
    if first and last:
        return str(first) if first == last else f"{first}–{last}"
    if first:
        return _("from %(year)s") % {"year": first}
    return _("up to %(year)s") % {"year": last} if last else ""


def marks(variable: Variable) -> list[tuple[str, str]]:
    """(word, colour) of what an applicant must know about a variable."""
    told = []
    if variable.retired:
        told.append((_("no longer in the catalogue"), "neutral"))
    for flag, colour in (
        ("identifying", "warning"),
        ("special_category", "warning"),
        ("health_register", "warning"),
        ("development_only", "info"),
        ("open_data", "success"),
    ):
        if getattr(variable, flag):
            told.append((str(LABELS[flag]), colour))
    return told


def facts(variable: Variable) -> list[dict[str, str]]:
    """Everything about a variable, for a summary list."""
    register = variable.register
    told = [
        ("code", variable.code),
        ("description", variable.description),
        ("holder", register.holder),
        ("statistics_area", register.statistics_area),
    ]
    lines = [{"label": str(LABELS[c]), "value": v} for c, v in told if v]
    lines.append({"label": _("Years with data"), "value": years(variable) or _("not told")})
    for column in (
        *("published_through", "in_variable_list", "identifying", "special_category"),
        *("health_register", "development_only", "open_data", "grunndata", "unit_type"),
        *("collection", "origin_authority", "source"),
    ):
        words = value(column, getattr(variable, column))
        if words:
            lines.append({"label": str(LABELS[column]), "value": words})
    return lines


def register_facts(register: Register) -> list[dict[str, str]]:
    """What is known of a register itself."""
    told = {name: getattr(register, name) for name in ("code", "holder", "statistics_area")}
    return [{"label": str(LABELS[c]), "value": v} for c, v in told.items() if v]


def day(moment: Any) -> str:
    """A day in the reader's language."""
    return date_format(moment, "DATE_FORMAT")


def edition_line(edition: Catalogue) -> str:
    """From when the catalogue holds and when it was taken in."""
    return _("Catalogue valid from %(day)s, imported %(moment)s.") % {
        "day": day(edition.valid_from),
        "moment": day(edition.imported_at),
    }


def counted(counts: dict[str, int]) -> str:
    """New, changed, … of an edition in one line."""
    told = [
        f"{Fate(fate).label}: {counts.get(fate, 0)}"
        for fate in (Fate.NEW, Fate.CHANGED, Fate.BACK, Fate.GONE, Fate.SAME)
        if counts.get(fate)
    ]
    return ", ".join(told)


def found(shown: int, more: bool, similar: int) -> str:
    """How much was found, for eyes and screen readers."""
    if not shown:
        return _("No variable found.")
    if similar == shown:
        return _("Nothing is written like that. These are spelt alike.")
    if more:
        return _("%(count)s variables shown, there are more.") % {"count": shown}
    told = ngettext("%(count)s variable found.", "%(count)s variables found.", shown)
    return told % {"count": shown}


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


def wrong_day(code: str, agency: str) -> str:
    """Why an edition may not be valid from that day."""
    if code == "bounds":
        return str(BETWEEN)
    if code == "future":
        return _("The catalogue changes as soon as you confirm. Give today or an earlier day.")
    edition = commands.latest(agency)
    return _("The edition that is there is valid from %(day)s. Give that day or a later one.") % {
        "day": day(edition.valid_from) if edition else ""
    }


def fault(wrong: Fault) -> dict[str, Any]:
    """A fault in words: line, column, cell, text."""
    texts: dict[str, Callable[[], str]] = {
        "headings": lambda: _(
            "No line of headings was found. The file needs at least the columns for the register "
            "and for the variable's name."
        ),
        "empty": lambda: _("There is no variable below the headings."),
        "missing": lambda: _("is missing"),
        "year": lambda: _("is no year with four digits"),
        "bool": lambda: _("is neither yes nor no"),
        "choice": lambda: _("is not one of the choices"),
        "order": lambda: _("the last year is before the first"),
        "long": lambda: _("is longer than %(most)s characters") % {"most": wrong.cell},
        "twice": lambda: _("stands in line %(line)s already") % {"line": wrong.cell},
        "register": lambda: (
            _("is told differently in an earlier row: “%(other)s”") % {"other": wrong.cell}
        ),
    }
    shown = wrong.cell if wrong.code in ("year", "bool", "choice", "order") else ""
    return {
        "line": wrong.line,
        "column": str(LABELS.get(wrong.column, "")),
        "cell": shown,
        "text": texts[wrong.code](),
    }
