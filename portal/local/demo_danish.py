"""Invented Danish proposals of the demo. Projects, people and numbers are made up."""

from typing import Any

from portal import clock
from portal.local.demo_papers import File, Papers

RESEARCHER, SECOND, MANAGER = "Karoline Vestermark", "Rasmus Toftegaard", "Anne-Grethe Ploug"
HOUSE = "Institut for Boligforskning"
MUNICIPALITY = "Strandby Kommune"

REASONS = {
    "Befolkningen": "Alder, familie og bopæl afgrænser populationen og dens husstande.",
    "Boliger": "Boligens størrelse, alder og ejerform er det, vi undersøger.",
    "Indkomst": "Husstandens økonomi forklarer en stor del af flytningerne og skal holdes adskilt.",
    "Offentlige ydelser": "Ledighed og førtidspension går ofte forud for en flytning.",
    "Uddannelse": "Uddannelse bruges til at sammenligne personer med ens udgangspunkt.",
}


def _registers(*names: str, subprojects: int | None = None) -> list[dict[str, Any]]:
    rows = [{"name": n, "justification": REASONS[n], "companyData": False} for n in names]
    return [row | {"plannedSubprojects": subprojects} for row in rows] if subprojects else rows


def _proposal(
    kind: str, title: str, purpose: str, description: str, relevance: str, population: str, to: str
) -> dict[str, Any]:
    year = clock.now().year
    dates = {"project.start": f"{year + 1}-02-01", "project.end": f"{year + 4}-01-31"}
    return {
        "institution.kind": to,
        "signatory.name": "Henrik Damkjær" if to == "university" else "Lone Bispegård",
        "project.title": title,
        "project.purpose": purpose,
        "project.description": description,
        "project.population": population,
        "project.societalRelevance": relevance,
        "sensitiveData": False,
        "project.fullRegisterExtract": False,
        "project.externalDataUsed": False,
        "costsAccepted": True,
    } | ({} if kind == "project_database" else dates)


def _users(*names: str, at: str = HOUSE) -> list[dict[str, Any]]:
    return [{"name": name, "institution": at, "role": "analytiker"} for name in names]


def database() -> Papers:
    """The institute's project database."""
    year = clock.now().year
    shared = ["Befolkningen", "Boliger"]
    active = [
        {"number": number, "title": title, "registers": [*shared, more]}
        for number, title, more in (
            ("701204", "Flytninger ved skilsmisse", "Indkomst"),
            ("701377", "Førstegangskøbere i de store byer", "Indkomst"),
            ("702015", "Ældres boligskift", "Offentlige ydelser"),
            ("702288", "Almene boliger og beskæftigelse", "Offentlige ydelser"),
            ("702340", "Trange boliger og skolegang", "Uddannelse"),
        )
    ]
    managers = [
        {"name": name, "employedByInstitution": True, "experienced": True}
        for name in (MANAGER, RESEARCHER)
    ]
    answers = _proposal(
        "project_database",
        "Boligdatabasen: bolig, flytning og livsforløb",
        "Databasen samler de oplysninger, som instituttets projekter om boligmarkedet bruger igen "
        "og igen, så de kun skal dannes én gang. Den bruges kun til at danne underprojekter.",
        "Pseudonymiserede årlige oplysninger om boliger, husstande og indkomst. Managerne danner "
        "populationer og trækker data ud til underprojekter; ingen forsker i selve databasen.",
        "Viden om boligmarkedet bruges af kommuner, boligorganisationer og Folketinget.",
        "Alle personer med bopæl i Danmark fra 1991 og de boliger, de har boet i.",
        "university",
    )
    answers |= {
        "database.start": f"{year + 1}-01-01",
        "database.end": f"{year + 2}-12-31",
        "database.overlapDescription": "De fem aktive projekter bruger alle Befolkningen og "
        "Boliger for de samme år, og fire af dem bruger de samme oplysninger om indkomst eller "
        "ydelser. I dag dannes de hver for sig.",
        "database.continuousNewProjects": True,
        "database.researchOnDatabase": False,
    }
    lists: dict[str, list[dict[str, Any]]] = {
        "database.activeProjects": active,
        "database.managers": managers,
        "registers": _registers("Befolkningen", "Boliger", "Indkomst", subprojects=5),
        "users": _users(MANAGER, RESEARCHER),
    }
    return Papers("project_database", answers, lists)


def subproject(database_number: str) -> Papers:
    """A subproject on the institute's database."""
    answers = _proposal(
        "subproject",
        "Unge familiers vej til den første ejerbolig",
        "At vise, hvilke unge familier der køber bolig, hvornår de gør det, og hvad det betyder "
        "for deres økonomi ti år efter.",
        "Vi følger årgange af unge fra de flytter hjemmefra og sammenligner købere med lejere.",
        "Kommuner og boligorganisationer planlægger boliger til unge familier.",
        "Personer født 1975-1995 med bopæl i Danmark og deres husstande.",
        "university",
    )
    answers |= {
        "subproject.databaseId": database_number,
        "subproject.relatedToDatabasePurpose": True,
    }
    lists: dict[str, list[dict[str, Any]]] = {
        "registers": _registers("Befolkningen", "Boliger", "Indkomst"),
        "users": _users(RESEARCHER, SECOND),
    }
    return Papers("subproject", answers, lists)


def extension() -> Papers:
    """A longer time for the database."""
    need = (
        "Databasen bruges af et underprojekt i gang og af tre, som starter næste år. Alle bygger på "
        "de samme årgange, og uden databasen skulle de dannes tre gange. Vi beder om to år mere."
    )
    return Papers("database_extension", {"database.extensionNeed": need})


def _project(texts: tuple[str, str, str, str, str], *registers: str, external: str = "") -> Papers:
    answers = _proposal("researcher", *texts, "university")
    files: tuple[File, ...] = ()
    if external:
        answers |= {"project.externalDataUsed": True, "project.externalDataDescription": external}
        title = "Dokumentation af eksterne data"
        files = (File("external_data_documentation", "eksterne-data.pdf", title, external),)
    lists = {"registers": _registers(*registers), "users": _users(RESEARCHER, SECOND)}
    return Papers("researcher", answers, lists, files)


def divorce() -> Papers:
    """A researcher's project."""
    return _project(
        (
            "Boligen efter skilsmissen",
            "At undersøge, hvor forældre og børn bor de første fem år efter en skilsmisse.",
            "Vi sammenligner boligens størrelse, pris og afstand til skolen før og efter.",
            "Mange børn flytter ved en skilsmisse; viden om det bruges i familieretten.",
            "Forældre, der er skilt 2000-2020, og deres børn under 18 år.",
        ),
        "Befolkningen", "Boliger", "Indkomst",
    )  # fmt: skip


def renovation() -> Papers:
    """A researcher's project with data of the institute's own."""
    return _project(
        (
            "Renovering af almene boliger",
            "At måle, om beboere bliver boende og kommer i arbejde, når en afdeling renoveres.",
            "Afdelinger renoveret 2008-2018 sammenlignes med lignende afdelinger uden renovering.",
            "Landsbyggefonden bruger mange midler på renovering; effekten er lidt undersøgt.",
            "Beboere i 240 almene afdelinger 2005-2023.",
        ),
        "Befolkningen", "Boliger", "Offentlige ydelser",
        external="Instituttets egen liste over renoverede afdelinger med år og omfang, indsamlet "
        "fra boligorganisationerne efter aftale. Den indeholder ingen personoplysninger.",
    )  # fmt: skip


def elderly() -> Papers:
    """A researcher's project, begun."""
    return _project(
        (
            "Ældres flytninger til mindre boliger",
            "At forstå, hvornår ældre vælger en mindre bolig, og hvad der holder dem tilbage.",
            "Vi følger husstande fra 60 år og frem.",
            "Boliger til ældre er et stort emne i den kommunale planlægning.",
            "Personer over 60 år med bopæl i Danmark 2000-2023.",
        ),
        "Befolkningen", "Boliger",
    )  # fmt: skip


def authority() -> Papers:
    """A municipality's analysis."""
    answers = _proposal(
        "authority",
        "Uddannelse og arbejde blandt unge i Strandby",
        "At give byrådet tal for, hvor mange unge der er uden uddannelse og arbejde et, to og fem "
        "år efter grundskolen. Resultaterne er tabeller.",
        "Årgange af unge følges gennem uddannelse, ledighed og beskæftigelse i tre kommuner.",
        "Ungeindsatsen er en lovpligtig kommunal opgave, og byrådet skal prioritere den.",
        "Unge, som gik ud af 9. klasse 2010-2022 i Strandby og to nabokommuner.",
        "municipality",
    )
    lists: dict[str, list[dict[str, Any]]] = {
        "registers": _registers("Befolkningen", "Uddannelse", "Offentlige ydelser"),
        "users": _users("Lone Bispegård", "Jeppe Nørskov", at=MUNICIPALITY),
    }
    policy = "Politikken gælder for alle ansatte og revideres hvert år af direktionen."
    title = "Informationssikkerhedspolitik"
    files = (File("information_security_policy", "sikkerhedspolitik.pdf", title, policy),)
    return Papers("authority", answers, lists, files)


WORDS = {
    "chief": "Kontorchef",
    "director": "Direktør",
    "authority": "Bestyrelsesbeslutning 3/2025",
    "mobile": "+45 20 00 00 00",
    "reasons": "Institutionen er autoriseret, formålet er forskning af væsentlig samfundsmæssig "
    "betydning, og der er kun bedt om de registre, som formålet kræver.",
    "note": "Har talt med fagkontoret: boligoplysningerne før 1996 er mangelfulde.",
    "message": "Vi er gået i gang med sagen. Skriv gerne her, hvis I har spørgsmål.",
    "return": "Vi mangler to oplysninger, før vi kan behandle indstillingen.",
    "point": "Begrund for hvert register, hvorfor tabeller fra Statistikbanken ikke er nok.",
    "second": "Beskriv, hvem i kommunen der har adgang, og hvordan adgangen ophører.",
    "checked": "Populationen er afgrænset, og der er ikke bedt om fulde registre.",
}
