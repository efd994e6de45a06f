"""The agency as its letters show it, from the scheme's agency.toml."""

from applications.schemes import Scheme

from .content import Agency, Theme


def letterhead(scheme: Scheme, language: str) -> Agency:
    """Name, contacts and colours of the agency in the letter's language; what agency.toml does not
    say is left out of the letter."""
    config = scheme.config
    contact, head = config.get("contact", {}), config.get("letterhead", {})
    colour = config.get("theme", {}).get("accent")
    unit = config.get("unit", {})
    name = scheme.name(language)
    return Agency(
        code=scheme.agency,
        name=name,
        short_name=scheme.short_name(language),
        logo_text=name,
        zone=scheme.timezone,
        unit=unit.get(language) or unit.get("en", ""),
        organisation_number=head.get("organisation_number", ""),
        address=tuple(head.get("address", ())),
        email=contact.get("email", ""),
        phone=contact.get("phone", ""),
        website=contact.get("website", ""),
        theme=Theme.of(colour) if colour else Theme(),
    )
