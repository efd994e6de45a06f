"""Invented institutions of the demo. The organisation numbers only have the right check digit.

(name, country, kind, organisation number, mail domain, approval: (agency, source, number) or None)
"""

from typing import NamedTuple


class Place(NamedTuple):
    """One invented institution."""

    name: str
    country: str
    kind: str
    org_number: str
    domain: str
    approval: tuple[str, str, str] | None


# The first is the institution of the demo's people (demo_people.py makes it).
NORWEGIAN: list[Place] = [
    Place(
        "Fjordbyen universitet",
        "NO",
        "research_institution",
        "899999118",
        "fjordbyen.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Institutt for skoleforskning",
        "NO",
        "research_institution",
        "899999126",
        "skoleforskning.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Senter for trygd og velferd",
        "NO",
        "research_institution",
        "899999134",
        "trygdogvelferd.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Høgskulen i Ytre Sogn",
        "NO",
        "research_institution",
        "899999142",
        "ytresogn.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Transportforsk",
        "NO",
        "research_institution",
        "899999150",
        "transportforsk.example",
        ("SSB", "ssb", ""),
    ),
    Place(
        "Migrasjonsinstituttet",
        "NO",
        "research_institution",
        "899999169",
        "migrasjon.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Handelshøyskolen Vest",
        "NO",
        "research_institution",
        "899999177",
        "hhvest.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Barneinstituttet",
        "NO",
        "research_institution",
        "899999185",
        "barneinstituttet.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Kystforskning Nord",
        "NO",
        "research_institution",
        "899999193",
        "kystforskning.example",
        ("SSB", "ssb", ""),
    ),
    Place(
        "Helse- og arbeidslivsforskning",
        "NO",
        "research_institution",
        "899999207",
        "hafo.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Universitetet på Heden",
        "NO",
        "research_institution",
        "899999215",
        "heden.example",
        ("SSB", "rcn", ""),
    ),
    Place(
        "Finansøkonomisk forskningssenter",
        "NO",
        "research_institution",
        "899999223",
        "finforsk.example",
        ("SSB", "eurostat", ""),
    ),
]
NORDIC: list[Place] = [
    Place(
        "Institut for Boligforskning",
        "DK",
        "research_institution",
        "99999004",
        "boligforskning.example",
        ("DST", "dst", "A-017"),
    ),
    Place(
        "Mälardalens forskningsinstitut",
        "SE",
        "research_institution",
        "9999990006",
        "malarforsk.example",
        None,
    ),
    Place(
        "Strandby Kommune",
        "DK",
        "municipality",
        "99999012",
        "strandby.example",
        ("DST", "dst", "M-102"),
    ),
]
# No cases yet, but something to do about their approval.
WITHOUT_CASES: list[Place] = [
    Place(name, "NO", "research_institution", number, domain, None)
    for name, number, domain in (
        ("Senter for bygde- og distriktsforskning", "899999231", "bygdeforskning.example"),
        ("Polarinstituttet for samfunnsfag", "899999258", "polarsamfunn.example"),
        ("Institutt for velferdsteknologi", "899999266", "velferdsteknologi.example"),
    )
]
