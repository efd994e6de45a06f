"""Every rule against its condition as it stands in rules.md, on thousands of random documents."""

import random
from collections import Counter

import pytest

from applications.completeness.common import RULES as COMMON
from applications.completeness.sample import SAMPLE_DAY
from tests.unit.completeness import oracle
from tests.unit.completeness.schemes_under_test import (
    AGENCIES,
    SCHEMES,
    attachment,
    changed,
    dst,
    findings,
    raised,
    sos,
    ssb,
)

RULES = {**COMMON, **{k: v for a in AGENCIES for k, v in SCHEMES[a].rules.items()}}
DOCUMENTS = 1500  # of each agency

BOOLEANS = (True, False, None)
ANSWERS = (True, True, False, False, None, "")
TEXTS = ("Something.", "", None)
DAYS = ("2018-07-19", "2018-07-20", "2024-01-15", "2026-02-01", "2026-02-02", "2026-03-01")
DAYS += ("2027-06-30", "2029-02-28", "2029-03-01", None)
YEARS = (1996, 1997, 2004, 2005, 2010, 2023, 2024, 2025, None)
COUNTRIES = ("NO", "SE", "US", "IS", "DK", "", None)

VARIABLE = {
    "holder": ("SSB", "SSB", "SSB", "NAV", None),
    "register": ("Inntekt", "Patientregistret", "Läkemedelsregistret", None),
    "name": ("A", "B", "C", None),
    "code": ("sex", "age", "residence", "birth_date", None),
    "source": ("population_register", "population_register", "other", None),
    "openData": (True, False, None),
    "fromYear": YEARS,
    "toYear": YEARS,
    "timeless": BOOLEANS,
    "inVariableList": BOOLEANS,
    "publishedThrough": YEARS,
    "developmentOnly": BOOLEANS,
    "collection": ("administrative", "direct_survey", None),
    "originAuthority": ("NAV", "", None),
    "identifying": BOOLEANS,
    "justification": TEXTS,
    "specialCategory": BOOLEANS,
    "healthRegister": (True, False, False, None),
    "grunndata": (True, True, None),
    "unitType": ("legal_entity", "legal_entity", "person", "enterprise", None),
}
APPROVAL = {
    "kind": (
        "dpo_recommendation",
        "dpa_licence",
        "rek_preapproval",
        "dpia",
        "consent",
        "consent",
        None,
    ),
    "issued": DAYS,
    "validUntil": DAYS,
    "fromYear": YEARS,
    "toYear": YEARS,
    "holders": (["SSB"], ["SSB", "NAV"], ["*"], [], None),
    "variables": (["A"], ["A", "B", "C"], ["*", "A"], [], None),
    "controller": ("Institutt for skoleforskning", "Another", "", None),
}
SOURCE = {
    "holder": ("SSB", "NAV", None),
    "controlledByApplicant": BOOLEANS,
    "independentTechnicalUnit": BOOLEANS,
}
PERSON = {
    "name": ("Ragnhild Moe", "Jon Aas", "Mette Holm", "", None),
    "institution": ("Institutt for skoleforskning", "Leverandør AS", "", None),
    "country": COUNTRIES,
}
REGISTER = {
    "name": ("BEF", "LPR"),
    "justification": TEXTS,
    "companyData": BOOLEANS,
    "plannedSubprojects": (0, 1, 2, 3, None),
}
PROJECT = {"registers": (["BEF"], ["BEF", "LPR"], ["X"], ["Y"], [], None)}
MANAGER = {
    "name": ("Mette Holm", "Bo", None),
    "employedByInstitution": BOOLEANS,
    "experienced": BOOLEANS,
}

# path -> values to choose from; a dict of columns and the most rows make a list of rows
SSB = {
    "type": ("new", "new", "change", "institution_approval", "guidance", None),
    "applicant.name": ("Institutt for skoleforskning", "Another", None),
    "applicant.kind": (
        *("research_institution", "state_body", "county", "municipality", "central_bank"),
        *("audit_office", "foreign_nsi", "intl_org", "public_company", "private_company"),
        *("private_person", "other", None),
    ),
    "applicant.country": COUNTRIES,
    "applicant.orgNumber": ("123456785", "123 456 785", "123456784", "974760673", "", None),
    "applicant.approvalSource": ("rcn", "eurostat", "ssb", "pending", "none", None),
    "contact.email": ("a@b.no", "a@b", "a b@c.no", "", None),
    "project.title": (*TEXTS, "About 010203-1234"),
    "project.start": DAYS,
    "project.end": DAYS,
    "purpose.category": (
        *("research", "statistics_analysis", "administrative", "legal", "tax", "control"),
        *("individual_case", "", None),
    ),
    "purpose.text": TEXTS,
    "responsible.institution": TEXTS,
    "responsible.person.name": ("Ragnhild Moe", "Nobody", "", None),
    "population.text": TEXTS,
    "variables": (VARIABLE, 4),
    "variablesEntry": ("portal", "upload", None),
    "dataLevel": ("anonymised", "indirect", "direct", "direct", "", None),
    "directId.necessity": TEXTS,
    "directId.statutoryBasis": TEXTS,
    "directId.deletionPlan": TEXTS,
    "processesPersonalData": ANSWERS,
    "legalBasis.date": (*DAYS, "2017-01-01", "2016-01-01", "2015-01-01"),
    "legalBasis.art6": (["6_1_e"], [], None),
    "legalBasis.art9": (["9_2_j"], [], None),
    "legalBasis.statement": TEXTS,
    "approvals": (APPROVAL, 6),
    "consentBased": (True, True, *ANSWERS),
    "linkage.used": ANSWERS,
    "linkage.method": ("distributed", "distributed", "in_ssb", "applicant", "", None),
    "linkage.description": TEXTS,
    "linkage.resultAnonymous": BOOLEANS,
    "linkage.regulationReference": TEXTS,
    "linkage.sources": (SOURCE, 3),
    "storage.type": ("tsd", "safe", "local_device", "mobile_device", "", None),
    "storage.description": TEXTS,
    "storage.country": COUNTRIES,
    "storage.accessControl": TEXTS,
    "storage.logging": TEXTS,
    "storage.followUpControl": TEXTS,
    "persons": (PERSON, 3),
    "retention.end": DAYS,
    "retention.reason": TEXTS,
    "onwardTransfer.used": ANSWERS,
    "onwardTransfer.recipientName": ("Leverandør AS", "Another", "", None),
    "onwardTransfer.method": TEXTS,
    "onwardTransfer.assurance": TEXTS,
    "authority.safeguards": TEXTS,
    "foreignTransfer.mitigation": TEXTS,
    "reuse.used": BOOLEANS,
    "reuse.originalEnd": DAYS,
    "previousDecision.reference": ("24/1", "010203-1234", "", None),
    "previousDecision.validUntil": DAYS,
    "change.description": TEXTS,
    "declarations.commercialValue": BOOLEANS,
    "declarations.ipr": BOOLEANS,
    "declarations.nationalSecurity": BOOLEANS,
    "alternativesConsidered": BOOLEANS,
}
DST = {
    "scheme": (
        *("researcher", "project_database", "project_database", "subproject", "authority"),
        *("law_model", "database_extension", "", None),
    ),
    "institution.name": ("Institut for Boligforskning", "Another", "", None),
    "institution.cvr": (
        "13748136",
        "DK 13 74 81 36",
        "1374-8136",
        "13748137",
        "03748136",
        "",
        None,
    ),
    "institution.country": ("DK", "SE", "", None),
    "institution.kind": (
        *("university", "department", "agency", "directorate", "region", "municipality"),
        *("consultancy", "private_company", None),
    ),
    "institution.authorised": BOOLEANS,
    "institution.existingProjectDatabases": (0, 1, 2, None),
    "contact.email": ("a@b.dk", "a@b", "", None),
    "project.title": (*TEXTS, "About 010203-1234"),
    "project.purpose": TEXTS,
    "project.description": TEXTS,
    "project.societalRelevance": TEXTS,
    "project.population": TEXTS,
    "project.externalDataUsed": ANSWERS,
    "project.externalDataDescription": TEXTS,
    "project.end": DAYS,
    "registers": (REGISTER, 3),
    "sensitiveData": ANSWERS,
    "users": (PERSON, 2),
    "signatory.name": TEXTS,
    "costsAccepted": BOOLEANS,
    "database.start": ("2024-02-29", "2026-03-01", "2026-02-28", None),
    "database.end": ("2026-02-28", "2026-03-01", "2028-02-28", "2028-03-01", "2028-03-02", None),
    "database.overlapDescription": TEXTS,
    "database.continuousNewProjects": BOOLEANS,
    "database.researchOnDatabase": ANSWERS,
    "database.activeProjects": (PROJECT, 7),
    "database.managers": (MANAGER, 4),
    "database.extensionNeed": TEXTS,
    "database.activeSubprojects": (0, 1, None),
    "subproject.databaseId": TEXTS,
    "subproject.databaseOwner": ("Institut for Boligforskning", "Another", "", None),
    "subproject.relatedToDatabasePurpose": BOOLEANS,
}
REGISTERS = (["Patientregistret"], ["Patientregistret", "Läkemedelsregistret"], [], None)
SOS = {
    "principal.name": ("Sydsjöns universitet", "Another", "", None),
    "principal.isAuthority": ANSWERS,
    "principal.appliesResearchSecrecy": ANSWERS,
    "principal.representative.name": TEXTS,
    "principal.representative.email": TEXTS,
    "researcher.name": TEXTS,
    "contact.email": ("a@b.se", "a@b", "", None),
    "project.title": (*TEXTS, "About 010203-1234"),
    "purpose.category": ("research", "statistics_analysis", "", None),
    "registers": REGISTERS,
    "variables": (VARIABLE, 4),
    "variablesEntry": ("portal", "upload", None),
    "population.basis": ("diagnosis", "diagnosis", "prescription", "", None),
    "population.text": TEXTS,
    "population.fromYear": YEARS,
    "population.icdVersion": ("ICD-10", "ICD-10-SE", "ICD-9", "ICD-8", "ICD-7", "Other", "", None),
    "population.icdCodes": (
        *(["J45"], ["J45.9", "J45-J46"], ["493"], ["493.1", "493,1"], ["E9300"], ["J4"]),
        *(["j45"], ["J45-"], [""], ["whatever"], [], None),
    ),
    "ethics.applicationSigned": BOOLEANS,
    "ethics.decision": ("approved", "pending", "rejected", None),
    "ethics.registers": REGISTERS,
    "ethics.principal": ("Sydsjöns universitet", "Another", "", None),
    "identifiers.personalNumbers": ANSWERS,
    "identifiers.reason": TEXTS,
    "dataFile.willSend": ANSWERS,
    "dataFile.followsInstruction": BOOLEANS,
    "otherAuthorities": (["SCB"], [], None),
    "invoice.orgNumber": ("212999-0012", "16212999 0012", "2129990011", "811218-9876", "", None),
    "invoice.address": TEXTS,
    "invoice.postalCode": TEXTS,
    "invoice.city": TEXTS,
    "invoice.checkedWithFinance": BOOLEANS,
}
KINDS = {
    "SSB": (
        *("research_protocol", "project_description", "needs_and_purpose", "ssb_variable_list"),
        *("microdata_script", "unlisted_variable_overview", "external_variable_list"),
        *("dpo_recommendation", "dpa_licence", "rek_preapproval", "gdpr_legal_basis"),
        *("gdpr_compliance_statement", "dpia", "negative_dpia", "identifying_justification"),
        *("linkage_description", "key_separation_documentation", "non_exercise_safeguards"),
        *("contractor_security_assurance", "consent_documentation", "mitigating_measures"),
        *("statutes", "annual_report", "company_certificate", "independent_research_statement"),
        *("research_overview_3y", "publication_overview", "rd_staff_overview"),
    ),
    "DST": ("external_data_documentation", "information_security_policy", "active_project_list"),
    "SOS": ("ethics_application", "ethics_decision", "variable_list", "variable_justification"),
}
BASES = {
    "SSB": [ssb()],
    "DST": [dst(s) for s in ("researcher", "project_database", "subproject", "authority")]
    + [dst("database_extension")],
    "SOS": [sos()],
}
POOLS = {"SSB": SSB, "DST": DST, "SOS": SOS}


def _value(choice: random.Random, pool: tuple) -> object:
    if pool and isinstance(pool[0], dict) and len(pool) == 2 and isinstance(pool[1], int):
        columns, most = pool
        # Rows of one table mostly agree: each column has one value that most rows take.
        usual = {name: choice.choice(values) for name, values in columns.items()}
        return choice.choice(
            [
                [
                    {
                        name: usual[name] if choice.random() < 0.8 else choice.choice(values)
                        for name, values in columns.items()
                        if choice.random() < 0.95
                    }
                    for _ in range(choice.randint(0, most))
                ]
            ]
            * 9
            + [None]
        )
    return choice.choice(pool)


def _random_document(agency: str, choice: random.Random) -> dict:
    document = changed(choice.choice(BASES[agency]), {})
    pool = POOLS[agency]
    paths = choice.sample(sorted(pool), choice.randint(1, choice.choice((4, 12, len(pool)))))
    document = changed(document, {path: _value(choice, pool[path]) for path in paths})
    share = choice.choice((0, 0, 0.3, 0.7, 1))
    document["attachments"] = document["attachments"] * choice.choice((0, 1)) + [
        attachment(
            kind,
            ext=choice.choice(("pdf",) * 9 + ("docx", "xlsx", "exe", None)),
            size=choice.choice((7,) * 19 + (0, None)),
            updated=choice.choice(BOOLEANS),
        )
        for kind in KINDS[agency]
        if choice.random() < share
    ]
    return document


@pytest.mark.parametrize("agency", AGENCIES)
def test_a_rule_says_what_its_condition_in_the_rules_says(agency):
    choice = random.Random(f"{agency} 2026")
    seen: Counter[str] = Counter()
    for _ in range(DOCUMENTS):
        document = _random_document(agency, choice)
        wanted = oracle.expected(document, SAMPLE_DAY.isoformat())
        assert raised(document) == wanted, document
        seen.update(wanted)
    ids = {i for i in RULES if i.startswith((agency, "COM"))}
    if agency == "DST":  # its documents hold no variables
        ids -= {"COM-CHK-02", "COM-CHK-03"}
    assert {i for i in ids if seen[i] < 3} == set(), "a rule that the documents hardly ever break"
    assert {i for i in ids if seen[i] > DOCUMENTS - 3} == set(), "a rule that they always break"


def test_there_are_exactly_the_176_rules_of_the_contract():
    assert list(Counter(i[:3] for i in RULES).items()) == [
        ("COM", 5),
        ("SSB", 89),
        ("DST", 46),
        ("SOS", 36),
    ]
    assert set(RULES) == set(oracle.CONDITIONS)
    assert sum(len(SCHEMES[a].rules) for a in AGENCIES) + len(COMMON) == 176


@pytest.mark.parametrize("rule_id", sorted(oracle.CONDITIONS))
def test_a_rule_is_as_severe_as_the_contract_says_and_cites_its_source(rule_id):
    assert RULES[rule_id].severity == oracle.CONDITIONS[rule_id]["severity"]
    assert RULES[rule_id].source == oracle.CONDITIONS[rule_id]["source"]
    assert RULES[rule_id].id == rule_id


@pytest.mark.parametrize("rule_id", sorted(oracle.CONDITIONS))
def test_a_rule_says_where_it_is_mended(rule_id):
    rule = RULES[rule_id]
    assert rule.shows_at_rows or rule.fields


def test_an_identity_number_is_found_in_every_text_but_where_numbers_stand_by_right():
    document = ssb(
        **{"purpose.text": "See 010203-1234", "previousDecision.reference": "010203-1234"}
    )
    assert findings(document)["COM-CHK-05"].rows == ("purpose.text",)
