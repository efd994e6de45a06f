"""Complete documents of any size: they raise nothing. For tests, measuring and trying out.

People and projects are invented; the organisation numbers only have the right check digits.
"""

import time
from datetime import date
from statistics import median
from typing import Any

from applications.completeness.checking import check
from applications.completeness.rules import HasRules

SAMPLE_DAY = date(2026, 2, 2)  # a day on which these documents raise nothing
FIRST_YEAR = 2005


def complete_document(agency: str, variables: int = 4, attachments: int = 0) -> dict[str, Any]:
    """A complete document of `agency` ("SSB", "DST" or "SOS") with so many variables.

    `attachments`: at least so many, filled up with files that nothing asks for.
    Raises KeyError for another agency.
    """
    document = {"SSB": _ssb, "DST": _dst, "SOS": _sos}[agency](variables)
    files = document["attachments"]
    files += [_file("other", f"appendix-{i}.pdf") for i in range(attachments - len(files))]
    return {"agency": agency, **document}


def time_of_check(
    scheme: HasRules, agency: str, variables: int = 5000, attachments: int = 200, rounds: int = 9
) -> float:
    """Median milliseconds of one check of a complete document of this size."""
    document = complete_document(agency, variables, attachments)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        check(document, scheme, SAMPLE_DAY)
        taken.append(time.perf_counter() - start)
    return 1000 * median(taken)


def _file(kind: str, filename: str) -> dict[str, Any]:
    ext = filename.rpartition(".")[2]
    return {"kind": kind, "filename": filename, "ext": ext, "size": 48_213, "updated": False}


def _ssb_variable(i: int) -> dict[str, Any]:
    external = i % 4 == 3
    return {
        "holder": "Utdanningsdirektoratet" if external else "SSB",
        "register": "Elevundersøkelsen" if external else "Inntekt",
        "statisticsArea": None if external else "Inntekt og forbruk",
        "name": f"VARIABLE_{i:04d}",
        "fromYear": FIRST_YEAR + i % 10,
        "toYear": 2023,
        "inVariableList": not external,
        "publishedThrough": None if external else 2024,
        "collection": "administrative",
        "identifying": i % 50 == 1,
        "justification": "The distance to school is what we study." if i % 50 == 1 else None,
        "specialCategory": False,
        "healthRegister": False,
        "unitType": "person",
    }


def _ssb(variables: int) -> dict[str, Any]:
    return {
        "type": "new",
        "applicant": {
            "name": "Institutt for skoleforskning",
            "kind": "research_institution",
            "country": "NO",
            "orgNumber": "123456785",
            "approvalSource": "rcn",
        },
        "contact": {
            "name": "Ragnhild Moe",
            "email": "ragnhild.moe@skoleforskning.example",
            "phone": "+47 22 00 00 00",
        },
        "project": {
            "title": "School closures and later income",
            "start": "2026-03-01",
            "end": "2029-02-28",
        },
        "purpose": {
            "category": "research",
            "text": "To find out whether closing small schools changes the income of adults.",
        },
        "responsible": {
            "institution": "Institutt for skoleforskning",
            "person": {"name": "Ragnhild Moe", "title": "Professor"},
        },
        "population": {"text": "All persons born 1985-1995 and their parents.", "groups": []},
        "variables": [_ssb_variable(i) for i in range(variables)],
        "variablesEntry": "portal",
        "dataLevel": "indirect",
        "processesPersonalData": True,
        "legalBasis": {"date": "2024-01-15", "art6": ["6_1_e"], "art9": ["9_2_j"]},
        "approvals": [
            {
                "kind": "dpia",
                "issued": "2024-01-15",
                "validUntil": "2029-12-31",
                "fromYear": 2000,
                "toYear": 2025,
                "holders": ["SSB", "Utdanningsdirektoratet"],
                "variables": ["*"],
                "controller": "Institutt for skoleforskning",
                "reference": "2024/117",
            }
        ],
        "consentBased": False,
        "linkage": {
            "used": True,
            "method": "distributed",
            "description": "The holders exchange a key with serial numbers.",
            "resultAnonymous": False,
            "sources": [
                {"holder": "SSB", "controlledByApplicant": False},
                {"holder": "Utdanningsdirektoratet", "controlledByApplicant": False},
            ],
        },
        "storage": {
            "type": "tsd",
            "description": "In a project room of TSD, without export of microdata.",
            "country": "NO",
            "accessControl": "Two-factor sign-in, named persons only.",
            "logging": "All sign-ins and exports are logged.",
            "followUpControl": "The project manager reviews the log every quarter.",
        },
        "persons": [
            {
                "name": "Ragnhild Moe",
                "institution": "Institutt for skoleforskning",
                "country": "NO",
                "email": "ragnhild.moe@skoleforskning.example",
                "role": "project manager",
            },
            {
                "name": "Jon Aas",
                "institution": "Institutt for skoleforskning",
                "country": "NO",
                "role": "analyst",
            },
        ],
        "onwardTransfer": {"used": False},
        "reuse": {"used": False},
        "declarations": {"commercialValue": False, "ipr": False, "nationalSecurity": False},
        "alternativesConsidered": True,
        "attachments": [
            _file("research_protocol", "protocol.pdf"),
            _file("dpia", "dpia.pdf"),
            _file("external_variable_list", "variables-udir.xlsx"),
        ],
    }


def _dst(registers: int) -> dict[str, Any]:
    return {
        "type": "new",
        "scheme": "researcher",
        "institution": {
            "name": "Institut for Boligforskning",
            "cvr": "13748136",
            "country": "DK",
            "kind": "university",
            "authorised": True,
            "authorisationNumber": "A-417",
            "existingProjectDatabases": 0,
        },
        "contact": {"name": "Mette Holm", "email": "mette.holm@boligforskning.example"},
        "project": {
            "title": "Housing and health among older people",
            "purpose": "To learn how moving house affects the use of hospitals.",
            "description": "We follow movers and stayers for ten years before and after.",
            "societalRelevance": "Municipalities plan housing for a growing number of older people.",
            "population": "Everybody over 60 living in Denmark 2005-2023.",
            "externalDataUsed": False,
            "fullRegisterExtract": False,
            "start": "2026-03-01",
            "end": "2029-02-28",
        },
        "registers": [
            {
                "name": f"REGISTER_{i:04d}",
                "justification": "Needed to follow moves and hospital stays.",
                "companyData": False,
                "plannedSubprojects": 3,
            }
            for i in range(registers)
        ],
        "sensitiveData": True,
        "users": [
            {"name": "Mette Holm", "institution": "Institut for Boligforskning", "role": "analyst"}
        ],
        "signatory": {"name": "Søren Juhl"},
        "costsAccepted": True,
        "attachments": [],
    }


def _sos(variables: int) -> dict[str, Any]:
    registers = ["Patientregistret", "Läkemedelsregistret"]
    return {
        "type": "new",
        "principal": {
            "name": "Sydsjöns universitet",
            "orgNumber": "212999-0012",
            "isAuthority": True,
            "appliesResearchSecrecy": True,
            "representative": {"name": "Karin Ek", "email": "karin.ek@sydsjon.example"},
        },
        "researcher": {"name": "Åsa Lind"},
        "contact": {"email": "asa.lind@sydsjon.example"},
        "project": {"title": "Asthma in childhood and medicines in adult life"},
        "purpose": {"category": "research", "text": "To study long-term use of asthma medicines."},
        "registers": registers,
        "variables": [
            {
                "register": registers[i % 2],
                "name": f"VARIABLE_{i:04d}",
                "justification": "Needed to describe the treatment over time.",
                "fromYear": 2006,
                "toYear": 2022,
            }
            for i in range(variables)
        ],
        "variablesEntry": "upload",
        "population": {
            "basis": "diagnosis",
            "text": "Children with a diagnosis of asthma before the age of 12.",
            "fromYear": 1998,
            "icdVersion": "ICD-10-SE",
            "icdCodes": ["J45", "J45.9", "J45-J46"],
        },
        "ethics": {
            "applicationSigned": True,
            "decision": "approved",
            "reference": "2025-00417-01",
            "registers": registers,
            "principal": "Sydsjöns universitet",
        },
        "identifiers": {"personalNumbers": False},
        "dataFile": {"willSend": False},
        "otherAuthorities": [],
        "invoice": {
            "orgNumber": "212999-0012",
            "address": "Box 1",
            "postalCode": "111 11",
            "city": "Stockholm",
            "reference": "Kst 417",
            "checkedWithFinance": True,
        },
        "attachments": [
            _file("ethics_application", "ethics-application.pdf"),
            _file("ethics_decision", "ethics-decision.pdf"),
            _file("variable_list", "variables.xlsx"),
        ],
    }
