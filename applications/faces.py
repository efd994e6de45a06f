"""How the agencies look on the portal's pages, and whom they trust, from their schemes."""

from collections.abc import Mapping

from applications import schemes
from institutions.sources import Source
from portal.ui.themes import PORTAL, Theme


def themes() -> list[Theme]:
    """One theme per agency served, in the order of the setting. Raises ValueError for a colour
    in agency.toml that is none."""
    found = []
    for scheme in schemes.all_current():
        look = scheme.config.get("theme", {})
        found.append(
            Theme(
                code=scheme.agency.lower(),
                colour=look.get("accent", PORTAL),
                short=look.get("mark", scheme.agency),
                name=scheme.name,
                about=scheme.about,
                contacts=tuple(map(str, scheme.config.get("contact", {}).values())),
            )
        )
    return found


def approval_sources() -> dict[str, Mapping[str, Source]]:
    """Whose approvals of institutions count, by agency."""
    return {
        scheme.agency: {
            name: Source(label, name in scheme.numbered_approvals, scheme.timezone)
            for name, label in scheme.approval_sources.items()
        }
        for scheme in schemes.all_current()
    }
