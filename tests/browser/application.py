"""A complete application to SSB, as a researcher types it."""

from pathlib import Path
from typing import Any

from portal import clock

YEAR = clock.now().year
TITLE = "Pendling og helse i distriktene"

# Section by section; a later answer may open a question that comes after it.
ANSWERS: dict[str, dict[str, Any]] = {
    "applicant": {"contact.phone": "+47 22 00 00 00"},
    "project": {
        "alternativesConsidered": "yes",
        "project.title": TITLE,
        "purpose.category": "research",
        "purpose.text": "Vi undersøker hvordan lang reisevei til arbeid henger sammen med "
        "sykefravær i distriktene, og hva det betyr for rekruttering.",
        "project.start": f"{YEAR + 1}-01-01",
        "project.end": f"{YEAR + 4}-12-31",
        "responsible.institution": "Fjordbyen universitet",
        "responsible.person.name": "Ingrid Solvang",
        "responsible.person.title": "Forsker",
        "reuse.used": "no",
    },
    "basis": {
        "processesPersonalData": "yes",
        "legalBasis.date": f"{YEAR}-03-15",
        "legalBasis.art6": ["6_1_e"],
        "legalBasis.art9": ["9_2_j"],
        "consentBased": "no",
    },
    "data": {"dataLevel": "indirect", "variablesEntry": "portal"},
    "population": {
        "population.text": "Alle bosatte i alderen 18–66 år som pendler over 60 minutter."
    },
    "linkage": {"linkage.used": "no"},
    "storage": {
        "storage.type": "tsd",
        "storage.description": "Prosjektrom i TSD uten eksport av mikrodata.",
        "storage.country": "NO",
        "storage.accessControl": "Bare navngitte personer, med to faktorer.",
        "storage.logging": "All bruk logges i TSD.",
        "storage.followUpControl": "Tilgangene gjennomgås hvert halvår.",
    },
    "people": {"onwardTransfer.used": "no"},
    "retention": {
        "declarations.commercialValue": "no",
        "declarations.ipr": "no",
        "declarations.nationalSecurity": "no",
    },
}

PERSONS = (("Ingrid Solvang", "Prosjektleder"), ("Tarjei Myklestad", "Forsker"))

# As it comes out of a spreadsheet.
VARIABLES = "\n".join(
    "\t".join(line)
    for line in [
        ("Datakilde", "Register", "Variabel", "Kode", "Fra år", "Til år", "I variabellisten", "Enhet"),
        ("SSB", "Arbeidsforhold", "Yrke, firesifret kode", "ARB_YRKE", "2010", "2018", "ja", "person"),
        ("SSB", "Arbeidsforhold", "Avtalt arbeidstid per uke", "ARB_ARBEIDSTID", "2010", "2018", "ja", "person"),
        ("SSB", "Befolkning", "Kjønn", "BEF_KJONN", "2010", "2018", "ja", "person"),
        ("SSB", "Befolkning", "Bostedskommune", "BEF_KOMMNR", "2010", "2018", "ja", "person"),
    ]
)  # fmt: skip
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def files(folder: Path) -> dict[str, Path]:
    """The attachments by purpose, as small real files in `folder`, and one with malware's sign."""
    from portal.local.seeding import pdf

    made = {
        "research_protocol": ("forskningsprotokoll.pdf", pdf("Forskningsprotokoll", TITLE)),
        "dpia": ("dpia.pdf", pdf("DPIA", "Risikoen er vurdert som lav.")),
        "data_processing_agreement": ("avtale.pdf", pdf("Databehandleravtale", "Med TSD.")),
        "other": ("notat.txt", EICAR),
    }
    for name, content in made.values():
        (folder / name).write_bytes(content)
    return {kind: folder / name for kind, (name, _content) in made.items()}
