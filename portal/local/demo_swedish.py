"""Invented Swedish orders of the demo. Projects, people and numbers are made up."""

from typing import Any, NamedTuple

from portal.local.demo_papers import File, Papers

RESEARCHER, REPRESENTATIVE = "Elin Sjöbring", "Anders Lindevall"
HOUSE, NUMBER = "Mälardalens forskningsinstitut", "9999990006"

PATIENTS, MEDICINES = "Patientregistret", "Läkemedelsregistret"
BIRTHS, DEATHS = "Medicinska födelseregistret", "Dödsorsaksregistret"
VARIABLES = {
    PATIENTS: [
        ("Huvuddiagnos, slutenvård", "Diagnosen avgör vilka som ingår och hur sjukdomen utvecklas.", 2001, 2023),
        ("Huvuddiagnos, öppenvård", "De flesta behandlas i öppenvård och skulle annars saknas.", 2001, 2023),
        ("Vårdtid, slutenvård", "Antalet vårddagar är ett av studiens utfall.", 2001, 2023),
    ],
    MEDICINES: [
        ("ATC-kod", "Behandlingen beskrivs med läkemedelsgrupp.", 2006, 2024),
        ("Definierade dygnsdoser", "Dosen behövs för att skilja kort från lång behandling.", 2006, 2024),
    ],
    BIRTHS: [
        ("Graviditetslängd", "För tidig födsel är studiens exponering.", 1998, 2022),
        ("Födelsevikt", "Vikten behövs för att ta hänsyn till tillväxt före födseln.", 1998, 2022),
    ],
    DEATHS: [("Underliggande dödsorsak", "Död av annan orsak avslutar uppföljningen.", 2001, 2023)],
}  # fmt: skip


class Study(NamedTuple):
    """What tells one order from another."""

    title: str
    purpose: str
    population: str
    codes: list[str]
    since: int
    registers: list[str]
    reference: str
    others: list[str]


ASTHMA = Study(
    "Astma i barndomen och läkemedel i vuxen ålder",
    "Vi vill veta hur behandlingen av astma i barndomen hänger samman med behovet av läkemedel "
    "och sjukhusvård senare i livet.",
    "Barn födda 1998–2010 med diagnosen astma före tolv års ålder, och tre jämförelsepersoner var.",
    ["J45", "J45.9"],
    1998,
    [PATIENTS, MEDICINES],
    "2025-03417-01",
    [],
)
PRETERM = Study(
    "För tidigt födda barn och skolgång",
    "Studien undersöker hur barn som fötts för tidigt klarar skolan, och vad tidig uppföljning "
    "på sjukhus betyder.",
    "Barn födda före vecka 37 åren 1998–2012 och deras helsyskon.",
    ["P07.3"],
    1998,
    [PATIENTS, BIRTHS],
    "2025-05120-01",
    ["Statistiska centralbyrån"],
)
HIP = Study(
    "Höftfraktur och rehabilitering hos äldre",
    "Vi jämför regioner med olika rehabilitering efter höftfraktur: hur många återfår sin "
    "rörlighet, och hur många dör inom två år.",
    "Personer över 65 år med höftfraktur 2005–2021.",
    ["S72.0", "S72.1"],
    2005,
    [PATIENTS, DEATHS],
    "2024-06688-01",
    [],
)
MIGRAINE = Study(
    "Migrän och nya förebyggande läkemedel",
    "Syftet är att beskriva vilka som får de nya läkemedlen, hur länge de används och om "
    "akutbesöken blir färre.",
    "Vuxna med diagnosen migrän i specialiserad vård 2012–2023.",
    ["G43"],
    2012,
    [PATIENTS, MEDICINES],
    "2026-00231-01",
    [],
)
DIABETES = Study(
    "Diabetes under graviditet och barnets hälsa",
    "Vi undersöker om barn till mödrar med graviditetsdiabetes oftare vårdas på sjukhus "
    "under de första tio åren.",
    "Kvinnor med graviditetsdiabetes 2000–2015 och deras barn.",
    ["O24.4"],
    2000,
    [PATIENTS, BIRTHS],
    "2025-01904-02",
    [],
)
BACK = Study(
    "Ryggsmärta och långvarig opioidbehandling",
    "Vi vill veta hur ofta behandling med opioider blir långvarig efter vård för ryggsmärta.",
    "Personer 18–64 år som vårdats för ryggsmärta 2007–2022.",
    ["M54"],
    2007,
    [PATIENTS, MEDICINES],
    "2026-02245-01",
    [],
)


def _rows(study: Study) -> list[dict[str, Any]]:
    return [
        {"register": register, "name": name, "justification": reason, "fromYear": first, "toYear": last}
        for register in study.registers
        for name, reason, first, last in VARIABLES[register]
    ]  # fmt: skip


def order(study: Study) -> Papers:
    """A complete new order."""
    answers = {
        "principal.isAuthority": True,
        "principal.appliesResearchSecrecy": True,
        "principal.representative.name": REPRESENTATIVE,
        "principal.representative.email": "anders.lindevall@malarforsk.example",
        "researcher.name": RESEARCHER,
        "contact.email": "elin.sjobring@malarforsk.example",
        "project.title": study.title,
        "purpose.category": "research",
        "purpose.text": study.purpose,
        "ethics.decision": "approved",
        "ethics.applicationSigned": True,
        "ethics.reference": study.reference,
        "ethics.principal": HOUSE,
        "ethics.registers": study.registers,
        "registers": study.registers,
        "variablesEntry": "portal",
        "population.basis": "diagnosis",
        "population.text": study.population,
        "population.fromYear": study.since,
        "population.icdVersion": "ICD-10-SE",
        "population.icdCodes": study.codes,
        "identifiers.personalNumbers": False,
        "dataFile.willSend": False,
        "otherAuthorities": study.others,
        "invoice.orgNumber": NUMBER,
        "invoice.address": "Box 417",
        "invoice.postalCode": "721 05",
        "invoice.city": "Västerås",
        "invoice.reference": "Kst 2140",
        "invoice.checkedWithFinance": True,
    }
    applied = f"Ansökan om etikprövning: {study.title}"
    approved = f"Beslut {study.reference}"
    files = (
        File("ethics_application", "etikansokan.pdf", applied, study.purpose),
        File("ethics_decision", "etikbeslut.pdf", approved, "Forskningen godkänns."),
    )
    return Papers("new", answers, {"variables": _rows(study)}, files)


def supplement() -> Papers:
    """What is added to an earlier case when the agency asks for it."""
    told = (
        "Handläggaren bad om ett förtydligande av jämförelsegruppen: syskonen ska vara födda av "
        "samma mor. Se avsnittet Population. Det undertecknade tillägget till etikansökan ligger "
        "som bilaga."
    )
    answers = {
        "supplement.kinds": ["clarification", "documents"],
        "supplement.description": told,
        "population.text": PRETERM.population.replace("helsyskon", "syskon med samma mor"),
    }
    title = "Tillägg till ansökan om etikprövning"
    files = (File("other", "tillagg.pdf", title, "Jämförelsegruppen är syskon med samma mor."),)
    return Papers("supplement", answers, {}, files)


def amendment() -> Papers:
    """What is to be other than in the decision."""
    answers = {
        "change.kinds": ["years"],
        "change.description": "Läkemedelsregistret ska omfatta även 2025, för båda variablerna.",
        "change.reason": "Uppföljningen var för kort för dem som fyllde 25 år sist. "
        "Etikgodkännandet omfattar tiden till och med 2026.",
    }
    rows = _rows(ASTHMA)
    for row in rows:
        if row["register"] == MEDICINES:
            row["toYear"] = 2025
    return Papers("amend", answers, {"variables": rows})


WORDS = {
    "chief": "Enhetschef",
    "director": "Institutschef",
    "authority": "Styrelsebeslut 2025:11",
    "mobile": "+46 70 000 00 00",
    "reasons": "Projektet är forskning och har godkänts vid etikprövning. Det står klart att "
    "uppgifterna kan lämnas ut utan att den enskilde eller någon närstående lider men.",
    "note": "Har stämt av med registerhållaren: åtgärdskoderna före 2005 är ofullständiga.",
    "message": "Jag har börjat handlägga beställningen. Skriv gärna här om ni undrar något.",
    "return": "Vi behöver två kompletteringar innan sekretessprövningen kan börja.",
    "point": "Motivera varför båda registren behövs för samtliga år.",
    "second": "Bifoga den del av etikansökan som beskriver jämförelsegruppen.",
    "meeting": "Möte med enhetschefen och juristen: stödet finns för registren och åren. Inga nya "
    "frågor till forskaren.",
    "specification": "Population och uttag enligt beställningen, med löpnummer i stället för "
    "personnummer. Uppgifterna till och med 2020.",
    "objection": "Åren ska vara som i beställningen, till och med det senaste året i listan.",
    "specification_again": "Population och uttag enligt beställningen, med löpnummer i stället för "
    "personnummer. Åren är de som står i variabellistan.",
    "delivery": "Krypterad fil, ungefär tre månader efter beslutet.",
    "secrecy": "Uppgifterna är bedömda var för sig och tillsammans. Det står klart att varken den "
    "enskilde eller någon närstående lider men.",
    "checked": "Etikbeslutet omfattar registren, åren och huvudmannen.",
}
