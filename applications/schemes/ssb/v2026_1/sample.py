"""A complete application of an invented project: it raises nothing. For tests and figures.

People and projects are invented; the organisation numbers only have the right check digits.
"""

from typing import Any

from applications.completeness.sample import FIRST_YEAR, file


def _variable(i: int) -> dict[str, Any]:
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


def document(variables: int) -> dict[str, Any]:
    """A complete document with so many variables."""
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
        "variables": [_variable(i) for i in range(variables)],
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
            file("research_protocol", "protocol.pdf"),
            file("dpia", "dpia.pdf"),
            file("external_variable_list", "variables-udir.xlsx"),
        ],
    }
