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
from django.utils.translation import gettext_lazy as _

from portal.accounts import policy
from portal.ui.themes import all_themes


@dataclass(frozen=True)
class Link:
    """One link of the header; `current` when the page shown lies below it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Line:
    """One row of the table: label, URL name, who sees it (called with user and staff agencies)."""

    label: str | Promise
    url_name: str
    shown: Callable[[Any, list[str]], bool]


def visitor(user: Any, agencies: list[str]) -> bool:
    """Somebody who is not signed in."""
    return not user.is_authenticated


def applicant(user: Any, agencies: list[str]) -> bool:
    """Somebody signed in who works for no agency."""
    return user.is_authenticated and not agencies


LINES = (
    Line(_("Do I need to apply?"), "guide:start", visitor),
    Line(_("Is this letter genuine?"), "letters:verify", visitor),
    Line(_("About Tilgang"), "ui:about", visitor),
    Line(_("My applications"), "applications:mine", applicant),
    Line(_("My institution"), "institutions:mine", applicant),
    Line(_("Do I need to apply?"), "guide:start", applicant),
)
QUEUE, REGISTER = "cases:queue", "applications:mine"


def address(name: str, *args: str) -> str | None:
    """The address of a URL name, None when no installed app has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def links(request: HttpRequest) -> list[Link]:
    """The header's links for who asks: at most one query, whatever the page."""
    user = request.user
    agencies = policy.agencies(user)
    wanted: list[tuple[Any, str | None]] = []
    for code in agencies:
        theme = all_themes().get(code.lower())
        label = _("Cases") if len(agencies) == 1 else (theme.short if theme else code)
        wanted.append((label, address(QUEUE, code.lower())))
    wanted += [(line.label, address(line.url_name)) for line in LINES if line.shown(user, agencies)]
    found = [(label, url) for label, url in wanted if url]
    nearest = max((url for _, url in found if request.path.startswith(url)), key=len, default="")
    return [Link(str(label), url, url == nearest) for label, url in found]
