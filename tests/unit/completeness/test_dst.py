"""Statistics Denmark: a complete proposal with one fault raises exactly what the fault deserves."""

import pytest

from applications.completeness import check
from applications.completeness.sample import SAMPLE_DAY
from applications.schemes.dst.v2026_1.checks.consistency import projects_sharing_a_register
from tests.unit.completeness.schemes_under_test import (
    SCHEMES,
    Fault,
    changed,
    dst,
    findings,
    raised,
)

RESEARCHER = dst()
DATABASE = dst("project_database")
SUBPROJECT = dst("subproject")
AUTHORITY = dst("authority")
EXTENSION = dst("database_extension")
INVOICED = ("DST-CHK-26",)  # what every subproject is told

FAULTS = [
    (
        RESEARCHER,
        Fault(
            "DST-ATT-01",
            {"project.externalDataUsed": True, "project.externalDataDescription": "A survey."},
        ),
    ),
    (AUTHORITY, Fault("DST-ATT-02", without=("information_security_policy",))),
    (DATABASE, Fault("DST-ATT-03", {"database.activeProjects": []})),
    (RESEARCHER, Fault("DST-FLD-01", {"scheme": None})),
    (RESEARCHER, Fault("DST-FLD-02", {"project.title": ""})),
    (RESEARCHER, Fault("DST-FLD-03", {"institution.name": None})),
    (RESEARCHER, Fault("DST-FLD-04", {"project.purpose": None})),
    (RESEARCHER, Fault("DST-FLD-05", {"project.description": None})),
    (
        RESEARCHER,
        Fault("DST-FLD-06", {"project.societalRelevance": None, "sensitiveData": False}),
    ),
    (RESEARCHER, Fault("DST-FLD-07", {"project.population": None})),
    (RESEARCHER, Fault("DST-FLD-08", {"registers": []})),
    (RESEARCHER, Fault("DST-FLD-09", {"project.end": None})),
    (RESEARCHER, Fault("DST-FLD-10", {"signatory.name": None})),
    (RESEARCHER, Fault("DST-FLD-11", {"contact.email": None})),
    (
        RESEARCHER,
        Fault(
            "DST-FLD-12",
            {"project.externalDataUsed": True},
            having=("external_data_documentation",),
        ),
    ),
    (EXTENSION, Fault("DST-FLD-13", {"database.extensionNeed": None})),
    (RESEARCHER, Fault("DST-FLD-14", {"users.0.institution": None})),
    (RESEARCHER, Fault("DST-FLD-15", {"sensitiveData": None})),
    (RESEARCHER, Fault("DST-FLD-16", {"project.externalDataUsed": None})),
    (DATABASE, Fault("DST-FLD-17", {"database.researchOnDatabase": None})),
    (RESEARCHER, Fault("DST-CHK-01", {"institution.authorised": False})),
    (AUTHORITY, Fault("DST-CHK-02", {"institution.kind": "university"})),
    (RESEARCHER, Fault("DST-CHK-03", {"scheme": "law_model"})),
    (
        DATABASE,
        Fault(
            "DST-CHK-04",
            {"database.activeProjects": [{"registers": ["BEF"]}] * 4},
            also=("DST-CHK-09",),
        ),
    ),
    (DATABASE, Fault("DST-CHK-05", {"database.managers": [], "users": []})),
    (DATABASE, Fault("DST-CHK-06", {"institution.existingProjectDatabases": 1})),
    (DATABASE, Fault("DST-CHK-07", {"database.end": "2028-03-02"})),
    (DATABASE, Fault("DST-CHK-08", {"database.overlapDescription": None})),
    (DATABASE, Fault("DST-CHK-09", {"database.activeProjects.0.registers": ["ALONE"]})),
    (DATABASE, Fault("DST-CHK-10", {"database.continuousNewProjects": None})),
    (DATABASE, Fault("DST-CHK-11", {"registers.0.plannedSubprojects": 1})),
    (DATABASE, Fault("DST-CHK-12", {"registers.0.plannedSubprojects": 2})),
    (DATABASE, Fault("DST-CHK-13", {"database.researchOnDatabase": True})),
    (DATABASE, Fault("DST-CHK-14", {"users.0.name": "Somebody Else"})),
    (DATABASE, Fault("DST-CHK-15", {"database.managers.0.experienced": None})),
    (SUBPROJECT, Fault("DST-CHK-16", {"subproject.databaseId": None}, also=INVOICED)),
    (SUBPROJECT, Fault("DST-CHK-17", {"subproject.databaseOwner": "Another"}, also=INVOICED)),
    (RESEARCHER, Fault("DST-CHK-18", {"costsAccepted": False})),
    (RESEARCHER, Fault("DST-CHK-19", {"registers.1.justification": None})),
    (
        RESEARCHER,
        Fault("DST-CHK-20", {"project.societalRelevance": ""}, also=("DST-FLD-06",)),
    ),
    (RESEARCHER, Fault("DST-CHK-21", {"institution.cvr": "13748137"})),
    (RESEARCHER, Fault("DST-CHK-22", {"institution.country": "NO"})),
    (
        RESEARCHER,
        Fault("DST-CHK-23", {"institution.kind": "consultancy", "registers.0.companyData": True}),
    ),
    (RESEARCHER, Fault("DST-CHK-24", {"project.end": "2026-02-01"})),
    (EXTENSION, Fault("DST-CHK-25", {"database.activeSubprojects": None})),
    (SUBPROJECT, Fault("DST-CHK-26")),
]

NOT_RAISED = [
    ("a project that ends today", RESEARCHER, Fault("", {"project.end": "2026-02-02"})),
    ("a database has no end of the project", DATABASE, Fault("", {"project.end": None})),
    ("a list of projects as a file", DATABASE, Fault("", {"database.activeProjects": []}, having=("active_project_list",))),
    ("a database shorter than two years", DATABASE, Fault("", {"database.end": "2027-01-01"})),
    ("two years from 29 February end on the 28th", DATABASE, Fault("", {"database.start": "2028-02-29", "database.end": "2030-02-28"})),
    ("two years from 29 February do not reach March", DATABASE, Fault("", {"database.start": "2028-02-29", "database.end": "2030-03-01"}, also=("DST-CHK-07",))),
    ("three managers", DATABASE, Fault("", {"database.managers": [{"name": n, "employedByInstitution": True, "experienced": True} for n in ("Mette Holm", "B", "C")]})),
    ("four managers", DATABASE, Fault("", {"database.managers": [{"name": n, "employedByInstitution": True, "experienced": True} for n in ("Mette Holm", "B", "C", "D")]}, also=("DST-CHK-05",))),
    ("subprojects not stated count as none", DATABASE, Fault("", {"registers.0.plannedSubprojects": None}, also=("DST-CHK-11",))),
    ("business data for a university", RESEARCHER, Fault("", {"registers.0.companyData": True})),
    ("no country given", RESEARCHER, Fault("", {"institution.country": None})),
    ("an owner not given", SUBPROJECT, Fault("", {"subproject.databaseOwner": None}, also=INVOICED)),
    ("an unrelated subproject", SUBPROJECT, Fault("", {"subproject.relatedToDatabasePurpose": None}, also=("DST-CHK-16", *INVOICED))),
    ("a subproject without costs", SUBPROJECT, Fault("", {"costsAccepted": None}, also=("DST-CHK-18",))),
    ("an extension asks for no proposal", EXTENSION, Fault("", {"project": None, "users": None, "registers": None, "costsAccepted": None, "contact": None})),
    ("an extension needs an authorised institution", EXTENSION, Fault("", {"institution.authorised": None}, also=("DST-CHK-01",))),
    ("the law model is not for an authorised institution either", RESEARCHER, Fault("", {"scheme": "law_model", "institution.authorised": None}, also=("DST-CHK-03",))),
    ("a number with spaces, hyphens and a prefix", RESEARCHER, Fault("", {"institution.cvr": "DK 13-74 81 36"})),
]  # fmt: skip


@pytest.mark.parametrize(("base", "fault"), FAULTS, ids=[fault.id for _, fault in FAULTS])
def test_one_fault_is_one_finding(base, fault):
    assert raised(fault.document(base)) == {fault.id, *fault.also}


@pytest.mark.parametrize(
    ("base", "fault"), [case[1:] for case in NOT_RAISED], ids=[case[0] for case in NOT_RAISED]
)
def test_a_near_miss_is_no_finding(base, fault):
    assert raised(fault.document(base)) == set(fault.also)


def test_every_rule_of_dst_has_its_fault():
    assert sorted(fault.id for _, fault in FAULTS) == sorted(SCHEMES["DST"].rules)


@pytest.mark.parametrize("base", [RESEARCHER, DATABASE, AUTHORITY, EXTENSION])
def test_a_complete_proposal_raises_nothing(base):
    assert raised(base) == set()


def test_the_finding_names_the_register():
    document = changed(DATABASE, {"registers.1.plannedSubprojects": 2})
    assert findings(document)["DST-CHK-12"].rows == ("registers[1]",)


@pytest.mark.parametrize(
    ("registers", "sharing"),
    [
        ([], 0),
        ([["A"]], 0),
        ([["A", "A"]], 0),
        ([["A"], ["A"]], 2),
        ([["A"], ["B"], ["A", "B"], ["C"]], 3),
        ([None, [], ["A"], ["A"]], 2),
    ],
)
def test_projects_count_that_share_a_register_with_another_one(registers, sharing):
    from applications.completeness import Row

    assert projects_sharing_a_register([Row({"registers": r}) for r in registers]) == sharing


def test_the_agency_may_raise_the_number_of_subprojects_that_a_register_must_serve():
    from types import SimpleNamespace

    strict = SimpleNamespace(
        rules=SCHEMES["DST"].rules,
        config={"checks": {"registersServingOne": 2, "registersServingFew": 3}},
    )

    def told(serves: int) -> set[str]:
        document = changed(DATABASE, {"registers.0.plannedSubprojects": serves})
        document["registers"] = document["registers"][:1]
        return {finding.id for finding in check(document, strict, SAMPLE_DAY)}

    assert [told(n) for n in (2, 3, 4)] == [{"DST-CHK-11"}, {"DST-CHK-12"}, set()]
