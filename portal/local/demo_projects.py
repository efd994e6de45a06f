"""Invented research projects of the demo: (title, purpose, population, theme, institution).

Nothing here is real: projects, people and institutions are made up. `theme` chooses the variables.
"""

from typing import NamedTuple


class Project(NamedTuple):
    """One invented project. `institution` is an index into demo_institutions.NORWEGIAN."""

    title: str
    purpose: str
    population: str
    theme: str
    institution: int


# register, variable, code, identifying (with the reason it then needs)
VARIABLES: dict[str, list[tuple[str, str, str, str]]] = {
    "work": [
        ("Arbeidsforhold", "Yrke, firesifret kode", "ARB_YRKE", ""),
        ("Arbeidsforhold", "Avtalt arbeidstid per uke", "ARB_ARBEIDSTID", ""),
        ("Arbeidsforhold", "Næring, tosifret kode", "ARB_NACE2", ""),
        ("Lønn", "Månedslønn i intervaller", "LONN_MND_INT", ""),
        ("Arbeidsledighet", "Registrert helt ledig ved utgangen av måneden", "ARBSOEK_HELT", ""),
        ("Befolkning", "Fødselsår", "BEF_FODSELSAAR", ""),
        ("Befolkning", "Kjønn", "BEF_KJONN", ""),
    ],
    "school": [
        ("Utdanning", "Høyeste fullførte utdanning, grupper", "NUDB_BU", ""),
        ("Utdanning", "Karakter i skriftlig norsk, tiende trinn", "NUDB_KAR_NORSK", ""),
        ("Utdanning", "Skolens organisasjonsnummer, omkodet", "NUDB_SKOLE", ""),
        ("Utdanning", "Gjennomføring av videregående, status etter fem år", "NUDB_VGS5", ""),
        ("Befolkning", "Foreldrenes utdanningsnivå", "BEF_FORELDRE_UTD", ""),
        ("Befolkning", "Landbakgrunn, grupper", "BEF_LANDBAK", ""),
    ],
    "income": [
        ("Inntekt", "Samlet inntekt etter skatt, intervaller", "INNT_ETTERSKATT", ""),
        ("Inntekt", "Kapitalinntekt", "INNT_KAPITAL", ""),
        ("Formue", "Beregnet nettoformue, desiler", "FORM_NETTO_DESIL", ""),
        ("Trygd", "Uførepensjon, utbetalt beløp i året", "TRYGD_UFORE", ""),
        ("Trygd", "Sosialhjelp, antall måneder", "TRYGD_SOSHJELP", ""),
        ("Befolkning", "Sivilstand", "BEF_SIVILSTAND", ""),
    ],
    "place": [
        ("Befolkning", "Bostedskommune", "BEF_KOMMNR", ""),
        (
            "Befolkning",
            "Grunnkrets",
            "BEF_GRUNNKRETS",
            "Avstand til nærmeste tilbud beregnes fra grunnkretsens midtpunkt; kommune er for grovt.",
        ),
        ("Befolkning", "Flyttinger i året", "BEF_FLYTT", ""),
        ("Bolig", "Bruksareal i intervaller", "BOLIG_AREAL", ""),
        ("Bolig", "Byggeår, tiår", "BOLIG_BYGGEAAR", ""),
        ("Befolkning", "Husholdningstype", "BEF_HUSHOLD", ""),
    ],
}

_TEXT = "Vi vil undersøke {0} Kunnskapen trengs for å utforme bedre tiltak, og resultatene publiseres åpent."

PROJECTS: list[Project] = [
    Project(title, _TEXT.format(question), population, theme, at)
    for title, question, population, theme, at in (
        ("Deltid og inntekt gjennom livsløpet", "hvordan deltidsarbeid i ung alder henger sammen med inntekt senere.", "Bosatte født 1965–1990", "work", 0),
        ("Overgangen fra skole til arbeid i distriktene", "hva som får unge til å fullføre og bli i hjemkommunen.", "Elever som gikk ut av grunnskolen 2005–2018", "school", 1),
        ("Uførhet blant unge voksne", "hvilke løp gjennom skole og arbeid som går foran uføretrygd.", "Bosatte 18–35 år i 2008–2022", "income", 2),
        ("Nabolag og skoleresultater", "om oppvekststedet betyr noe utover foreldrenes utdanning.", "Elever på tiende trinn 2010–2020", "school", 3),
        ("Pendling etter store veiutbygginger", "om kortere reisetid endrer hvor folk tar arbeid.", "Sysselsatte i seks fylker 2000–2021", "work", 4),
        ("Eldres flyttinger og boligbehov", "når og hvorfor eldre bytter bolig.", "Bosatte over 62 år 2005–2022", "place", 0),
        ("Innvandreres vei inn i arbeidslivet", "hvilke tiltak som virker for hvem de første ti årene.", "Innvandrere bosatt 2003–2018 og en sammenligningsgruppe", "work", 5),
        ("Formue og arv over tre generasjoner", "hvordan formue går i arv, og hva arveavgiften betydde.", "Bosatte med minst én besteforelder i registeret", "income", 6),
        ("Barns oppvekst etter samlivsbrudd", "hvordan delt bosted henger sammen med skole og økonomi.", "Barn født 1995–2008", "income", 7),
        ("Fraflytting fra kysten", "hva nedleggelser i fiskeindustrien gjorde med familiene.", "Bosatte i 40 kystkommuner 1990–2020", "place", 8),
        ("Lærermangel og elevenes karakterer", "om andelen ufaglærte lærere merkes i karakterene.", "Elever på åttende til tiende trinn 2012–2022", "school", 1),
        ("Sykefravær i omsorgsyrker", "hva turnus og bemanning betyr for langtidsfravær.", "Ansatte i pleie og omsorg 2008–2021", "work", 9),
        ("Boligpriser og fødselstall", "om dyre boliger utsetter det første barnet.", "Bosatte 20–45 år i de ti største byene", "place", 2),
        ("Lokale virkninger av havvind", "hvem som får arbeid når en ny næring kommer.", "Sysselsatte i 25 kommuner 2012–2022", "work", 4),
        ("Frafall i fagopplæringen", "hva som skjer i bedriften når lærlingen slutter.", "Lærlinger 2006–2019", "school", 10),
        ("Gjeld blant unge husholdninger", "hvem som er sårbare når renten stiger.", "Husholdninger med hovedperson under 40 år", "income", 11),
        ("Arbeidsinnvandring og lønn", "hvordan lønnen til dem som var der fra før, utviklet seg.", "Sysselsatte i bygg og industri 2003–2020", "work", 5),
        ("Fritidsboliger og kommunenes økonomi", "hva hyttefolk betyr for tjenestene til de bosatte.", "Eiere av fritidsbolig 2010–2021", "place", 3),
        ("Søsken av barn med nedsatt funksjonsevne", "hvordan det går med søsknene i skole og arbeid.", "Søskenpar født 1985–2000", "school", 7),
        ("Førskolealder og senere inntekt", "om barnehage fra ettårsalder jevner ut forskjeller.", "Barn født 1990–2005", "income", 6),
        ("Automatisering i kontoryrker", "hvem som bytter yrke når oppgavene forsvinner.", "Kontoransatte 2000–2022", "work", 9),
        ("Kjønnsdelte utdanningsvalg", "hva som får noen til å velge utradisjonelt.", "Søkere til høyere utdanning 2001–2019", "school", 0),
        ("Tettsteder uten skole", "hva en nedlagt skole gjør med bosettingen.", "Bosatte i grunnkretser med nedlagt skole", "place", 8),
        ("Barnefattigdom og flytting", "hvor ofte barn i familier med lav inntekt må flytte.", "Barn i lavinntektshusholdninger 2006–2021", "place", 2),
        ("Seniorer som blir i arbeid", "hva arbeidsgiveren kan gjøre for at folk står lenger.", "Sysselsatte over 60 år 2004–2021", "work", 11),
        ("Selvstendige og trygd", "hvilken trygghet selvstendige har når de blir syke.", "Selvstendige næringsdrivende 2005–2020", "income", 10),
        ("Skolebytte i grunnskolen", "om bytte av skole går ut over det faglige.", "Elever 2008–2020", "school", 3),
        ("Tidlig krise, sen virkning", "hvordan ledighet ved første jobb merkes tjue år senere.", "Nyutdannede 1988–2002", "work", 4),
        ("Bilhold og bosted", "hvordan bybanen endret bilholdet.", "Husholdninger i to byregioner 2008–2021", "place", 5),
        ("Kontantstøtte og mødres arbeid", "hva ordningen betød for mødre med ulik bakgrunn.", "Mødre med barn født 1996–2018", "work", 6),
        ("Studielån og familie", "om gjeld utsetter familieetablering.", "Låntakere 1995–2015", "income", 1),
        ("Nærhet til sykehus og yrkesdeltakelse", "om nedlagte sykehus merkes i arbeidslivet rundt.", "Bosatte i opptaksområdene 1998–2020", "place", 9),
        ("Voksne som tar utdanning igjen", "hvem som tar ny utdanning etter førti, og hva de får igjen.", "Bosatte 40–60 år 2002–2020", "school", 10),
        ("Smitte, nedstenging og unges inntekt", "hvem som kom seg igjen etter 2020.", "Bosatte 18–29 år 2018–2022", "income", 0),
        ("Naturbruk i tredje generasjon", "hvem som tar over gården.", "Barn av gårdbrukere født 1960–1990", "work", 8),
        ("Enslige forsørgere og overgangsstønad", "hva endringen av stønaden gjorde.", "Enslige forsørgere 1996–2020", "income", 7),
        ("Ungdomsskolens valgfag", "om praktiske fag holder flere i skolen.", "Elever på åttende til tiende trinn 2011–2021", "school", 11),
        ("Byspredning og reisetid", "hvordan nye boligfelt endrer hverdagen.", "Bosatte i ti byregioner 2000–2020", "place", 4),
        ("Fra student til forsker", "hvem som blir i forskning, og hvem som går.", "Doktorgradskandidater 1990–2018", "school", 6),
        ("Kvinner i ledelse", "hva som skjer med lønn og stilling etter barn nummer to.", "Ledere i private foretak 2000–2021", "work", 2),
        ("Trangboddhet og barns helse i skolealder", "om plass hjemme merkes på skolen.", "Barn 6–16 år i fem byer 2010–2021", "place", 7),
        ("Permitteringer og langsiktig inntekt", "om permittering skiller seg fra oppsigelse i etterkant.", "Permitterte 2008–2010 og 2020–2021", "income", 5),
    )
]  # fmt: skip
