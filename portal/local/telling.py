"""What the demo's first institution tells of itself, and one that was registered twice."""

from institutions import commands, moves, selectors
from institutions.commands.details import values_of, version_of
from institutions.models import Institution
from institutions.policy import AGENCY_ADMIN
from portal.accounts.models import User
from portal.accounts.selectors import people_with_role_anywhere

# All of it is invented; the GLN only has the right check digit.
DETAILS = {
    "name_nn": "Fjordbyen universitet",
    "name_en": "University of Fjordbyen",
    "postal_address": "Postboks 1\n9990 Fjordbyen",
    "visiting_address": "Universitetsveien 1\n9990 Fjordbyen",
    "invoice_address": "Fakturamottak\nPostboks 2\n9990 Fjordbyen",
    "invoice_peppol": "0192:899999118",
    "invoice_gln": "7080000000005",
    "invoice_reference": "FORSK-100",
    "invoice_mail": "faktura@fjordbyen.example",
    "protection_name": "Personvernombudet",
    "protection_mail": "personvern@fjordbyen.example",
    "protection_phone": "+47 00 00 00 00",
}
TWICE = "Fjordbyen universitet, Det samfunnsvitenskapelige fakultet"
REASON = "Fakultetet er en del av universitetet; ringte arkivet 12. januar 2026 (oppdiktet)."


def stories(home: Institution, stranger: User) -> None:
    """Its administrator writes the details; somebody registers it anew, and an administrator of an
    agency proposes to merge the two."""
    boss = selectors.administrators(home).first()
    assert boss is not None
    written = {**values_of(home), **DETAILS}
    commands.change_details(home, boss, version_of(home), written)
    twice = commands.register(stranger, TWICE, home.country, home.kind)
    first = next(p for p in people_with_role_anywhere(AGENCY_ADMIN))
    commands.propose_merge(home, twice, first, REASON, moves.digest(home, twice))
