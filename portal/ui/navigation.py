"""The links in the header: one table, read top to bottom, narrowed by what a person is.

Addresses belong to other apps, so a line names a URL and is left out where that URL is not
installed. `tests/integration/ui` holds that on the whole site every line has an address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts import policy
from portal.ui.themes import all_themes


@dataclass(frozen=True)
class Link:
    """One link of the header; `current` when the page shown lies below it."""

    label: str
    url: str
    current: bool


Roles = frozenset[tuple[str, str]]  # (agency, role) of the staff roles in force


@dataclass(frozen=True)
class Line:
    """One row of the table: label, URL name, who sees it (called with user and staff roles)."""

    label: str | Promise
    url_name: str
    shown: Callable[[Any, Roles], bool]


def visitor(user: Any, roles: Roles) -> bool:
    """Somebody who is not signed in."""
    return not user.is_authenticated


def everybody(user: Any, roles: Roles) -> bool:
    """Whoever looks."""
    return True


def somebody(user: Any, roles: Roles) -> bool:
    """Anybody who is signed in."""
    return user.is_authenticated


def applicant(user: Any, roles: Roles) -> bool:
    """Somebody signed in who works for no agency."""
    return user.is_authenticated and not roles


def holder_of(role: str) -> Callable[[Any, Roles], bool]:
    """The predicate of holding a staff role at any agency."""
    return lambda user, roles: any(held == role for _agency, held in roles)


# Between the two tables stand the queues, one per agency where the person works.
BEFORE_QUEUES = (Line(_("My page"), "accounts:me", somebody),)
AFTER_QUEUES = (
    Line(_("To approve"), "decisions:waiting", holder_of("decision_maker")),
    Line(_("Institutions"), "institutions:registrations", holder_of("agency_admin")),
    Line(_("My applications"), "applications:mine", applicant),
    Line(_("My institution"), "institutions:mine", applicant),
    Line(_("Catalogue"), "catalogue:agencies", everybody),
    Line(_("Do I need to apply?"), "guide:start", visitor),
    Line(_("Do I need to apply?"), "guide:start", applicant),
    Line(_("Is this letter genuine?"), "letters:verify", visitor),
    Line(_("About Tilgang"), "ui:about", visitor),
)
QUEUE = "cases:queue"
RULES = "cases:rules"  # for administrators, one per agency


def address(name: str, *args: str) -> str | None:
    """The address of a URL name, None when no installed app has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def _queues(roles: Roles) -> list[tuple[Any, str | None]]:
    agencies = sorted({agency for agency, _role in roles})
    found = []
    for code in agencies:
        theme = all_themes().get(code.lower())
        label = _("Cases") if len(agencies) == 1 else (theme.short if theme else code)
        found.append((label, address(QUEUE, code)))
    return found


def _rules(roles: Roles) -> list[tuple[Any, str | None]]:
    agencies = sorted({agency for agency, role in roles if role == "agency_admin"})
    found = []
    for code in agencies:
        theme = all_themes().get(code.lower())
        short = theme.short if theme else code
        label = _("Rules") if len(agencies) == 1 else f"{gettext('Rules')} {short}"
        found.append((label, address(RULES, code)))
    return found


def links(request: HttpRequest) -> list[Link]:
    """The header's links for who asks: at most one query, whatever the page."""
    user = request.user
    held = policy.roles_in_force(user) if user.is_authenticated else None
    roles: Roles = (
        frozenset(held.values_list("agency", "role")) if held is not None else frozenset()
    )
    wanted = [
        (line.label, address(line.url_name)) for line in BEFORE_QUEUES if line.shown(user, roles)
    ]
    wanted += _queues(roles)
    wanted += _rules(roles)
    wanted += [
        (line.label, address(line.url_name)) for line in AFTER_QUEUES if line.shown(user, roles)
    ]
    found = [(label, url) for label, url in wanted if url]
    nearest = max(
        (url for _label, url in found if request.path.startswith(url)), key=len, default=""
    )
    return [Link(str(label), url, url == nearest) for label, url in found]
