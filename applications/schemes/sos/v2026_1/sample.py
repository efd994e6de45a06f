"""A complete application of an invented project: it raises nothing. For tests and figures.

People and projects are invented; the organisation numbers only have the right check digits.
"""

from typing import Any

from applications.completeness.sample import file


def document(variables: int) -> dict[str, Any]:
    """A complete document with so many variables."""
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
            file("ethics_application", "ethics-application.pdf"),
            file("ethics_decision", "ethics-decision.pdf"),
            file("variable_list", "variables.xlsx"),
        ],
    }
