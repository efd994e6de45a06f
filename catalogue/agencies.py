"""Which agencies there are: those that have a face (portal.ui.themes).

A code is written in capitals here, however an address or a file writes it.
"""

from typing import Any

from portal.accounts import policy
from portal.ui.themes import Theme, all_themes

ADMINISTRATOR = "agency_admin"


def code_of(agency: str) -> str:
    """The code as the catalogue keeps it."""
    return agency.upper()


def theme_of(agency: str) -> Theme | None:
    """The face of an agency, None when there is no such agency."""
    return all_themes().get(agency.lower())


def codes() -> list[str]:
    """The codes of all agencies, in the order of the setting."""
    return [code_of(code) for code in all_themes()]


def may_import(user: Any, agency: str) -> bool:
    """Whether `user` may take a new edition of the agency's catalogue in: its administrators."""
    held = policy.agencies_with_role(user, ADMINISTRATOR)
    return code_of(agency) in {code_of(code) for code in held}
