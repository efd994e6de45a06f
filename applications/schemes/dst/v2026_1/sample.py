"""A complete application of an invented project: it raises nothing. For tests and figures.

People and projects are invented; the organisation numbers only have the right check digits.
"""

from typing import Any


def document(registers: int) -> dict[str, Any]:
    """A complete document with so many registers."""
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
