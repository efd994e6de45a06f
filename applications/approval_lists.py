"""The agencies' lists of approved institutions, for the app that keeps them."""

from applications import schemes
from institutions.lists.kinds import Kind


def kinds() -> list[Kind]:
    """Every list of the agencies served, in the order of the setting and of agency.toml."""
    return [
        Kind(
            agency=scheme.agency,
            source=each.source,
            label=each.label,
            about=each.about,
            own=each.own,
            url=each.url,
            country=scheme.country,
            zone=scheme.timezone,
        )
        for scheme in schemes.all_current()
        for each in scheme.approval_lists
    ]
