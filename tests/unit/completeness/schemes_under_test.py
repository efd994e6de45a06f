"""The rules of an agency without its forms and texts, and shorthands of the tests."""

import copy
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from applications.completeness import check
from applications.completeness.sample import SAMPLE_DAY, complete_document

AGENCIES = ("SSB", "DST", "SOS")
SCHEMES = {
    agency: SimpleNamespace(
        rules=import_module(f"applications.schemes.{agency.lower()}.v2026_1.checks").RULES,
        config={},
    )
    for agency in AGENCIES
}


def findings(document: dict, today=SAMPLE_DAY) -> dict[str, Any]:
    """The findings of the document by id."""
    found = check(document, SCHEMES[document["agency"]], today)
    by_id = {finding.id: finding for finding in found}
    assert len(by_id) == len(found), "one rule is one finding"
    return by_id


def raised(document: dict, today=SAMPLE_DAY) -> set[str]:
    """The ids of the findings."""
    return set(findings(document, today))


def put(document: dict, path: str, value: Any) -> None:
    """Sets the value at a path such as `variables.0.fromYear`."""
    *parents, last = path.split(".")
    place: Any = document
    for name in parents:
        place = place[int(name)] if name.isdigit() else place.setdefault(name, {})
    place[int(last) if last.isdigit() else last] = value


@dataclass(frozen=True)
class Fault:
    """A complete document with something changed, and the ids that come of it."""

    id: str
    set: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def document(self, complete: dict) -> dict:
        """The faulty document."""
        faulty = changed(complete, self.set)
        files = [a for a in faulty["attachments"] if a["kind"] not in self.without]
        faulty["attachments"] = files + [attachment(kind) for kind in self.having]
        return faulty


def changed(document: dict, values: dict[str, Any]) -> dict:
    """A copy of the document with some paths set."""
    result = copy.deepcopy(document)
    for path, value in values.items():
        put(result, path, copy.deepcopy(value))
    return result


def attachment(kind: str, **facts: Any) -> dict:
    """A file that opens."""
    return {
        "kind": kind,
        "filename": f"{kind}.pdf",
        "ext": "pdf",
        "size": 4711,
        "updated": False,
    } | facts


def ssb(**values: Any) -> dict:
    """A complete application to SSB."""
    return changed(complete_document("SSB"), values)


def dst(scheme: str = "researcher") -> dict:
    """A complete application to Statistics Denmark under a scheme."""
    document = complete_document("DST")
    document["scheme"] = scheme
    if scheme == "project_database":
        document["users"] = [{"name": "Mette Holm", "institution": "Institut for Boligforskning"}]
        document["database"] = {
            "start": "2026-03-01",
            "end": "2028-03-01",
            "overlapDescription": "All projects follow the same moves and stays.",
            "continuousNewProjects": True,
            "researchOnDatabase": False,
            "activeProjects": [
                {"number": str(i), "title": f"Project {i}", "registers": ["BEF", f"R{i}"]}
                for i in range(5)
            ],
            "managers": [
                {"name": "Mette Holm", "employedByInstitution": True, "experienced": True}
            ],
        }
    elif scheme == "subproject":
        document["subproject"] = {
            "databaseId": "D-12",
            "databaseOwner": "Institut for Boligforskning",
            "relatedToDatabasePurpose": True,
        }
    elif scheme == "authority":
        document["institution"]["kind"] = "region"
        document["attachments"] = [attachment("information_security_policy")]
    elif scheme == "database_extension":
        document["database"] = {"extensionNeed": "Two subprojects go on.", "activeSubprojects": 2}
    return document


def sos() -> dict:
    """A complete order to Socialstyrelsen."""
    return complete_document("SOS")
