"""An agency's rules as people read them, and how severe its administrators have made them."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.completeness import Rule, Severity
from applications.completeness.common import RULES as COMMON
from applications.models import SeverityChange
from applications.schemes import Scheme
from applications.selectors.words import day_in_words

ATTACHMENTS = "attachments"
# The groups of the page, and the kinds of ids that stand in each (rules.md, head).
GROUPS = {"missing": ("FLD",), "attachments": ("ATT",), "consistency": (), "common": ()}


def in_force(agency: str) -> dict[str, str]:
    """Rule id -> severity, for the rules that the agency's administrators have changed. One query."""
    return {rule_id: change.severity for rule_id, change in last_changes(agency).items()}


def last_changes(agency: str) -> dict[str, SeverityChange]:
    """The newest change of each rule that was ever changed, by rule id. One query."""
    newest = SeverityChange.objects.filter(agency=agency).order_by("rule_id", "-sequence")
    return {c.rule_id: c for c in newest.distinct("rule_id").select_related("by")}


def history(agency: str, rule_id: str) -> list[SeverityChange]:
    """All changes of a rule, the newest first."""
    found = SeverityChange.objects.filter(agency=agency, rule_id=rule_id)
    return list(found.select_related("by").order_by("-sequence"))


def own_severity(scheme: Scheme, rule: Rule) -> Severity:
    """How severe a rule is by the agency's scheme, before anybody changed it."""
    return Severity(scheme.config.get("severities", {}).get(rule.id, rule.severity))


def address(agency: str, rule_id: str = "") -> str:
    """Where everybody can read the agency's rules, or one of them."""
    page = reverse("rules:agency", args=[agency.lower()])
    return f"{page}#{rule_id}" if rule_id else page


def severity_words() -> dict[str, str]:
    """What each severity does, in the reader's language, the gravest first."""
    return {
        "BLOCK": _("Stops submission"),
        "FLAG": _("Noticed, and the case officer sees it"),
        "INFO": _("Information"),
    }


@dataclass(frozen=True)
class Place:
    """A question or a purpose of files, in words. `lang`: theirs when it is not the page's."""

    label: str
    lang: str = ""


@dataclass(frozen=True)
class Told:
    """One rule in words. `about`: the questions and files of the form that it speaks of.

    `own`: how severe it is by the scheme; `change`: the newest change, None where there was none;
    `day`: that of the newest change, in words.
    """

    id: str
    group: str
    message: str
    source: str
    about: tuple[Place, ...]
    severity: Severity
    own: Severity
    change: SeverityChange | None
    day: str

    @property
    def changed_on(self) -> str:
        """The day of the change that made it other than the scheme says; "" where it is the same."""
        return self.day if self.severity != self.own else ""

    @property
    def words(self) -> str:
        """What its severity does."""
        return severity_words()[self.severity]

    @property
    def own_words(self) -> str:
        """What its severity by the scheme does."""
        return severity_words()[self.own]


def tell(scheme: Scheme, rule: Rule, language: str, change: SeverityChange | None = None) -> Told:
    """A rule of the agency in words of `language`."""
    own = own_severity(scheme, rule)
    return Told(
        id=rule.id,
        group=group_of(rule.id),
        message=scheme.message(rule.id, language),
        source=rule.source,
        about=_about(scheme, rule, language),
        severity=Severity(change.severity) if change else own,
        own=own,
        change=change,
        day=_day(change, scheme, language) if change else "",
    )


def told(scheme: Scheme, language: str) -> list[Told]:
    """All rules of the agency, the common ones last, in words of `language`. One query."""
    changes = last_changes(scheme.agency)
    order = list(GROUPS)
    found = [tell(scheme, r, language, changes.get(r.id)) for r in scheme.rules.values()]
    return sorted(found, key=lambda t: order.index(t.group))


def group_of(rule_id: str) -> str:
    """The group in which a rule is shown."""
    if rule_id in COMMON:
        return "common"
    kind = rule_id.split("-")[1] if rule_id.count("-") > 1 else ""
    return next((group for group, kinds in GROUPS.items() if kind in kinds), "consistency")


def chosen(rules: Iterable[Told], text: str = "", severity: str = "") -> list[Told]:
    """Those that hold every word of `text`, in any case, and have this severity; "" asks nothing."""
    words = text.casefold().split()
    return [
        rule
        for rule in rules
        if (not severity or rule.severity == severity)
        and all(word in _searched(rule) for word in words)
    ]


def _searched(rule: Told) -> str:
    labels = (place.label for place in rule.about)
    return " ".join((rule.id, rule.message, rule.source, *labels)).casefold()


def _day(change: SeverityChange, scheme: Scheme, language: str) -> str:
    return day_in_words(change.at.astimezone(ZoneInfo(scheme.timezone)).date(), language)


def _about(scheme: Scheme, rule: Rule, language: str) -> tuple[Place, ...]:
    if rule.shows_at_rows:
        return (Place(_("Wherever it is found")),)
    places = (_place(scheme, path, language) for path in rule.fields)
    return tuple(dict.fromkeys(place for place in places if place))


def _place(scheme: Scheme, path: str, language: str) -> Place | None:
    """A field, a column of a list or a purpose of files as the form calls it; None for none."""
    spoken = "" if language in (*scheme.languages, "en") else "en"
    if path == ATTACHMENTS:
        return Place(_("Attachments"))
    if path.startswith(f"{ATTACHMENTS}."):
        kind = scheme.attachment_kind(path.removeprefix(f"{ATTACHMENTS}."))
        return Place(kind.label(language), spoken) if kind else None
    field = scheme.field(path)
    if field is None:
        return None
    table = scheme.field(path.rpartition(".")[0])
    of = f"{table.label(language)}: " if table is not None and table.type == "rows" else ""
    return Place(of + field.label(language), spoken)
