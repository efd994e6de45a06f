"""SSB: a complete application with one fault raises exactly what the fault deserves."""

import pytest

from tests.unit.completeness.schemes_under_test import (
    SCHEMES,
    Fault,
    attachment,
    changed,
    findings,
    raised,
    ssb,
)

COMPLETE = ssb()
AUTHORITY = ssb(
    **{
        "applicant.kind": "municipality",
        "applicant.approvalSource": None,
        "purpose.category": "statistics_analysis",
        "dataLevel": "anonymised",
    }
)
AUTHORITY["attachments"].append(attachment("needs_and_purpose"))
OLD_BASIS = Fault(
    "",
    {"legalBasis.date": "2017-05-01", "legalBasis.statement": "Article 6(1)(e)."},
    without=("dpia",),
    having=("dpo_recommendation", "gdpr_compliance_statement"),
).document(COMPLETE)
CHANGE = ssb(
    **{
        "type": "change",
        "previousDecision": {"reference": "24/1", "validUntil": "2027-01-01"},
        "change.description": "One more year.",
        "attachments.0.updated": True,
    }
)
APPROVAL = ssb(type="institution_approval")
APPROVAL["attachments"] = [
    attachment(kind)
    for kind in (
        *("statutes", "annual_report", "company_certificate", "independent_research_statement"),
        *("research_overview_3y", "publication_overview", "rd_staff_overview"),
    )
]
ABROAD = ssb(**{"applicant.country": "SE", "dataLevel": "anonymised"})
EXTERNAL = 3  # the variable of the sample that is not SSB's
ENTERPRISES = {f"variables.{i}.unitType": "enterprise" for i in range(4)}
OUTSIDE = {"used": True, "recipientName": "Leverandør AS", "method": "Encrypted."}
GOOD = {**OUTSIDE, "assurance": "A data processing agreement."}

# (base, fault): the fault's id, and what else cannot but follow, and nothing more
FAULTS = [
    (COMPLETE, Fault("SSB-ATT-02", without=("research_protocol",))),
    (AUTHORITY, Fault("SSB-ATT-03", without=("needs_and_purpose",))),
    (
        COMPLETE,
        Fault("SSB-ATT-04", {"variablesEntry": "upload"}, having=("unlisted_variable_overview",)),
    ),
    (
        COMPLETE,
        Fault(
            "SSB-ATT-05",
            {"variablesEntry": "upload", "variables.0.inVariableList": False},
            having=("ssb_variable_list",),
        ),
    ),
    (
        COMPLETE,
        Fault(
            "SSB-ATT-06",
            {"variablesEntry": "upload"},
            without=("external_variable_list",),
            having=("ssb_variable_list",),
        ),
    ),
    (OLD_BASIS, Fault("SSB-ATT-08", without=("dpo_recommendation",))),
    (OLD_BASIS, Fault("SSB-ATT-09", {"legalBasis.statement": None})),
    (OLD_BASIS, Fault("SSB-ATT-10", without=("gdpr_compliance_statement",))),
    (COMPLETE, Fault("SSB-ATT-11", without=("dpia",))),
    (COMPLETE, Fault("SSB-ATT-12", {"variables.1.justification": None})),
    (COMPLETE, Fault("SSB-ATT-13", {"linkage.description": ""})),
    (
        COMPLETE,
        Fault(
            "SSB-ATT-14",
            {
                "linkage.sources.1.controlledByApplicant": True,
                "linkage.sources.1.independentTechnicalUnit": True,
            },
        ),
    ),
    (AUTHORITY, Fault("SSB-ATT-15", {"dataLevel": "indirect"}, also=("SSB-CHK-24",))),
    (
        AUTHORITY,
        Fault("SSB-ATT-16", {"onwardTransfer": OUTSIDE, "persons.1.institution": "Leverandør AS"}),
    ),
    (COMPLETE, Fault("SSB-ATT-17", {"consentBased": True})),
    (ABROAD, Fault("SSB-ATT-18", {"dataLevel": "indirect"}, also=("SSB-CHK-22",))),
    (CHANGE, Fault("SSB-ATT-19", {"attachments.0.updated": False})),
    (APPROVAL, Fault("SSB-ATT-31", without=("statutes",))),
    (APPROVAL, Fault("SSB-ATT-32", without=("annual_report",))),
    (APPROVAL, Fault("SSB-ATT-33", without=("company_certificate",))),
    (APPROVAL, Fault("SSB-ATT-34", without=("independent_research_statement",))),
    (APPROVAL, Fault("SSB-ATT-35", without=("research_overview_3y",))),
    (APPROVAL, Fault("SSB-ATT-36", without=("publication_overview",))),
    (APPROVAL, Fault("SSB-ATT-37", without=("rd_staff_overview",))),
    (COMPLETE, Fault("SSB-FLD-01", {"project.title": ""})),
    (COMPLETE, Fault("SSB-FLD-02", {"purpose.text": None})),
    (COMPLETE, Fault("SSB-FLD-03", {"project.start": None})),
    (COMPLETE, Fault("SSB-FLD-04", {"responsible.institution": None})),
    (COMPLETE, Fault("SSB-FLD-05", {"population.text": None})),
    (COMPLETE, Fault("SSB-FLD-06", {"variables.2.toYear": None})),
    (COMPLETE, Fault("SSB-FLD-07", {"storage.description": None})),
    (COMPLETE, Fault("SSB-FLD-08", {"persons.1.institution": None})),
    (COMPLETE, Fault("SSB-FLD-09", {"legalBasis.art6": []})),
    (
        COMPLETE,
        Fault("SSB-FLD-10", {"legalBasis.art9": [], "variables.0.specialCategory": True}),
    ),
    (COMPLETE, Fault("SSB-FLD-11", {"legalBasis.date": None})),
    (COMPLETE, Fault("SSB-FLD-12", {"dataLevel": None})),
    (CHANGE, Fault("SSB-FLD-13", {"previousDecision.reference": None})),
    (CHANGE, Fault("SSB-FLD-14", {"change.description": ""})),
    (
        AUTHORITY,
        Fault(
            "SSB-FLD-15",
            {"onwardTransfer": {**GOOD, "method": None}, "persons.1.institution": "Leverandør AS"},
        ),
    ),
    (COMPLETE, Fault("SSB-FLD-16", {"linkage.sources": []})),
    (COMPLETE, Fault("SSB-FLD-17", {"retention.end": "2030-01-01"})),
    (COMPLETE, Fault("SSB-FLD-18", {"applicant.orgNumber": None})),
    (COMPLETE, Fault("SSB-FLD-19", {"contact.email": None})),
    (COMPLETE, Fault("SSB-FLD-20", {"applicant.name": None, "approvals.0.controller": None})),
    (COMPLETE, Fault("SSB-FLD-21", {"processesPersonalData": None})),
    (COMPLETE, Fault("SSB-FLD-22", {"linkage.used": None})),
    (COMPLETE, Fault("SSB-FLD-23", {"consentBased": None})),
    (AUTHORITY, Fault("SSB-FLD-24", {"onwardTransfer.used": None})),
    (COMPLETE, Fault("SSB-FLD-25", {"storage.country": None})),
    (COMPLETE, Fault("SSB-CHK-01", {"applicant.approvalSource": "pending"})),
    (COMPLETE, Fault("SSB-CHK-02", {"applicant.kind": "private_company"})),
    (COMPLETE, Fault("SSB-CHK-03", {"purpose.category": "tax"})),
    (COMPLETE, Fault("SSB-CHK-04", {"purpose.category": "statistics_analysis"})),
    (COMPLETE, Fault("SSB-CHK-05", {"approvals.0.toYear": 2022})),
    (COMPLETE, Fault("SSB-CHK-06", {"approvals.0.holders": ["SSB"]})),
    (COMPLETE, Fault("SSB-CHK-07", {"approvals.0.validUntil": "2029-02-27"})),
    (
        COMPLETE,
        Fault(
            "SSB-CHK-08",
            {"variables.1.justification": None},
            having=("identifying_justification",),
        ),
    ),
    (COMPLETE, Fault("SSB-CHK-09", {"variables.0.healthRegister": True})),
    (COMPLETE, Fault("SSB-CHK-10", {"variables.0.publishedThrough": 2022})),
    (COMPLETE, Fault("SSB-CHK-11", {"storage.type": "local_device"})),
    (COMPLETE, Fault("SSB-CHK-12", {"storage.logging": None})),
    (COMPLETE, Fault("SSB-CHK-13", {"storage.country": "SE"})),
    (COMPLETE, Fault("SSB-CHK-14", {"responsible.person.name": "Somebody Else"})),
    (COMPLETE, Fault("SSB-CHK-15", {"persons.1.country": "DK"})),
    (
        COMPLETE,
        Fault("SSB-CHK-16", {"project.start": "2025-01-01", "project.end": "2026-02-01"}),
    ),
    (COMPLETE, Fault("SSB-CHK-17", {"retention.end": "2029-02-27"})),
    (COMPLETE, Fault("SSB-CHK-18", {"linkage.sources.1.controlledByApplicant": True})),
    (COMPLETE, Fault("SSB-CHK-19", {"linkage.resultAnonymous": True})),
    (COMPLETE, Fault("SSB-CHK-20", {"linkage.method": "applicant"})),
    (COMPLETE, Fault("SSB-CHK-21", {"applicant.country": "US"})),
    (
        ABROAD,
        Fault("SSB-CHK-22", {"dataLevel": "indirect", "foreignTransfer.mitigation": "Keys stay."}),
    ),
    (ABROAD, Fault("SSB-CHK-23", {"dataLevel": "direct"})),
    (
        AUTHORITY,
        Fault("SSB-CHK-24", {"dataLevel": "indirect", "authority.safeguards": "Own unit."}),
    ),
    (
        AUTHORITY,
        Fault(
            "SSB-CHK-25",
            {
                "dataLevel": "indirect",
                "authority.safeguards": "Own unit.",
                "variables.0.collection": "direct_survey",
            },
            also=("SSB-CHK-24",),
        ),
    ),
    (COMPLETE, Fault("SSB-CHK-26", {"dataLevel": "direct"})),
    (
        ssb(
            **{f"variables.{i}.grunndata": True for i in range(4)}
            | {f"variables.{i}.unitType": "legal_entity" for i in range(4)}
        ),
        Fault("SSB-CHK-27"),
    ),
    (
        COMPLETE,
        Fault(
            "SSB-CHK-28",
            {"consentBased": True, "approvals.0.kind": "consent", "approvals.0.variables": ["X"]},
            having=("consent_documentation",),
        ),
    ),
    (COMPLETE, Fault("SSB-CHK-29", {"alternativesConsidered": None})),
    (
        COMPLETE,
        Fault(
            "SSB-CHK-30",
            {
                "reuse": {"used": True, "originalEnd": "2026-03-01"},
                "previousDecision.reference": "24/1",
            },
        ),
    ),
    (COMPLETE, Fault("SSB-CHK-31", {"onwardTransfer": GOOD})),
    (AUTHORITY, Fault("SSB-CHK-32", {"onwardTransfer": GOOD})),
    (CHANGE, Fault("SSB-CHK-33", {"previousDecision.validUntil": "2026-02-01"})),
    (COMPLETE, Fault("SSB-CHK-34", {"declarations.ipr": True})),
    (COMPLETE, Fault("SSB-CHK-35", {"variables.0.originAuthority": "NAV"})),
    (COMPLETE, Fault("SSB-CHK-36", {"applicant.orgNumber": "123456784"})),
    (COMPLETE, Fault("SSB-CHK-37", {"approvals.0.controller": "Another institute"})),
    (
        OLD_BASIS,
        Fault(
            "SSB-CHK-38",
            {"approvals.0.kind": "rek_preapproval", "approvals.0.issued": "2018-07-20"},
        ),
    ),
    (COMPLETE, Fault("SSB-CHK-39", {"processesPersonalData": False})),
    (COMPLETE, Fault("SSB-CHK-40", {"processesPersonalData": False} | ENTERPRISES)),
]

# Near misses: (what it is about, base, fault) raises exactly `also`.
NOT_RAISED = [
    ("one of the three documents is enough for an old basis", OLD_BASIS, Fault("", without=("dpo_recommendation",), having=("rek_preapproval",))),
    ("an attached statement replaces the written one", OLD_BASIS, Fault("", {"legalBasis.statement": None}, having=("gdpr_legal_basis",))),
    ("reasons against a DPIA replace the DPIA", COMPLETE, Fault("", without=("dpia",), having=("negative_dpia",))),
    ("without personal data no basis is asked for", COMPLETE, Fault("", {"processesPersonalData": False, "legalBasis": None, "dataLevel": "anonymised"}, without=("dpia",))),
    ("anonymised data about persons are no personal data", COMPLETE, Fault("", {"processesPersonalData": False, "dataLevel": "anonymised"})),
    ("a special category is about persons whatever the unit", COMPLETE, Fault("", {"processesPersonalData": False, "variables.0.specialCategory": True} | ENTERPRISES, also=("SSB-CHK-39",))),
    ("an open question about personal data is no denial", COMPLETE, Fault("", {"processesPersonalData": None, "legalBasis": None}, without=("dpia",), also=("SSB-FLD-21",))),
    ("an empty text is no answer", COMPLETE, Fault("", {"processesPersonalData": "", "linkage.used": ""}, also=("SSB-FLD-21", "SSB-FLD-22"))),
    ("consent is asked for where data are linked", COMPLETE, Fault("", {"linkage.used": False, "consentBased": None})),
    ("a research institution need not say anything about contractors", COMPLETE, Fault("", {"onwardTransfer.used": None})),
    ("anonymised data may be stored in an unnamed country", COMPLETE, Fault("", {"dataLevel": "anonymised", "storage.country": None})),
    ("an institution that asks for approval need not say what kind it is", APPROVAL, Fault("", {"applicant.kind": None})),
    ("an institution that asks for approval has a name and a country", APPROVAL, Fault("", {"applicant.country": None}, also=("SSB-FLD-20",))),
    ("an applicant of no kind", COMPLETE, Fault("", {"applicant.kind": ""}, also=("SSB-FLD-20",))),
    ("a basis of 20 July 2018 is a new one", COMPLETE, Fault("", {"legalBasis.date": "2018-07-20"})),
    ("a basis of the day before is an old one", COMPLETE, Fault("", {"legalBasis.date": "2018-07-19"}, also=("SSB-ATT-08", "SSB-ATT-09", "SSB-ATT-10"))),
    ("a script replaces the variable list", COMPLETE, Fault("", {"variablesEntry": "upload"}, having=("microdata_script",))),
    ("rows entered here are the list of external variables too", COMPLETE, Fault("", without=("external_variable_list",))),
    ("linkage without external rows needs the external list", COMPLETE, Fault("", {f"variables.{EXTERNAL}.holder": "SSB", f"variables.{EXTERNAL}.inVariableList": True}, without=("external_variable_list",), also=("SSB-ATT-06",))),
    ("an authority may attach a project description", AUTHORITY, Fault("", without=("needs_and_purpose",), having=("project_description",))),
    ("an authority that does research attaches a project description once", AUTHORITY, Fault("", {"purpose.category": "research"}, without=("needs_and_purpose", "research_protocol"), having=("project_description",))),
    ("a timeless variable has no years", COMPLETE, Fault("", {"variables.0.fromYear": None, "variables.0.toYear": None, "variables.0.timeless": True})),
    ("an approval for all names covers all", COMPLETE, Fault("", {"approvals.0.holders": ["*"], "approvals.0.variables": ["X", "*"]})),
    ("an empty scope is not compared", COMPLETE, Fault("", {"approvals.0.holders": [], "approvals.0.variables": None, "approvals.0.fromYear": None, "approvals.0.toYear": None})),
    ("an approval may end with the project", COMPLETE, Fault("", {"approvals.0.validUntil": "2029-02-28"})),
    ("a consent row is not compared as an approval", COMPLETE, Fault("", {"approvals.0.kind": "consent", "approvals.0.holders": ["NAV"], "approvals.0.variables": ["X"]})),
    ("a consent's years are compared like any approval's", COMPLETE, Fault("", {"approvals.0.kind": "consent", "approvals.0.fromYear": 2006}, also=("SSB-CHK-05",))),
    ("the end may be today", COMPLETE, Fault("", {"project.start": "2025-01-01", "project.end": "2026-02-02"})),
    ("a project cannot end on the day it starts", COMPLETE, Fault("", {"project.end": "2026-03-01"}, also=("SSB-CHK-16",))),
    ("data may be kept until the last day", COMPLETE, Fault("", {"retention.end": "2029-02-28"})),
    ("a longer time with a reason", COMPLETE, Fault("", {"retention.end": "2030-01-01", "retention.reason": "The journal asks for it."})),
    ("a documented independent unit may hold the keys", COMPLETE, Fault("", {"linkage.sources.1.controlledByApplicant": True, "linkage.sources.1.independentTechnicalUnit": True}, having=("key_separation_documentation",))),
    ("a regulation allows distributed linkage to an anonymous result", COMPLETE, Fault("", {"linkage.resultAnonymous": True, "linkage.regulationReference": "§ 3-1"})),
    ("linkage at SSB asks nothing about keys", COMPLETE, Fault("", {"linkage.method": "in_ssb", "linkage.resultAnonymous": True, "linkage.sources.1.controlledByApplicant": True})),
    ("Iceland is in the EEA", ABROAD, Fault("", {"applicant.country": "IS", "dataLevel": "indirect", "foreignTransfer.mitigation": "Keys stay."}, also=("SSB-CHK-22",))),
    ("a foreign statistics office may be outside the EEA", ABROAD, Fault("", {"applicant.country": "CA", "applicant.kind": "foreign_nsi", "dataLevel": "indirect", "foreignTransfer.mitigation": "Keys stay.", "authority.safeguards": "Own unit."}, having=("needs_and_purpose",), also=("SSB-CHK-22", "SSB-CHK-24"))),
    ("a foreign municipality is no exception, even in the EEA", ABROAD, Fault("", {"applicant.kind": "municipality", "dataLevel": "indirect", "authority.safeguards": "Own unit."}, having=("needs_and_purpose",), also=("SSB-CHK-21", "SSB-CHK-24"))),
    ("directly identifiable data outside the EEA are two steps too far but one finding", ABROAD, Fault("", {"applicant.country": "US", "dataLevel": "direct"}, also=("SSB-CHK-21",))),
    ("anonymised data may go anywhere", ABROAD, Fault("", {"applicant.country": "US"})),
    ("a foreign applicant needs no Norwegian number", ABROAD, Fault("", {"applicant.orgNumber": "not ours"})),
    ("a foreign applicant stores at home", ABROAD, Fault("", {"storage.country": "SE", "persons.1.country": "SE"})),
    ("anonymised data may be stored abroad", COMPLETE, Fault("", {"dataLevel": "anonymised", "storage.country": "SE", "persons.1.country": "DK"})),
    ("the reuse of ended data", COMPLETE, Fault("", {"reuse": {"used": True, "originalEnd": "2026-02-28"}, "previousDecision.reference": "24/1"})),
    ("reuse asks for the earlier decision", COMPLETE, Fault("", {"reuse": {"used": True, "originalEnd": "2026-02-28"}}, also=("SSB-FLD-13",))),
    ("reuse without an end cannot overlap", COMPLETE, Fault("", {"reuse": {"used": True}, "previousDecision.reference": "24/1"})),
    ("an earlier decision may end today", CHANGE, Fault("", {"previousDecision.validUntil": "2026-02-02"})),
    ("data for development only may be newer than the statistics", COMPLETE, Fault("", {"variables.0.publishedThrough": 2022, "variables.0.developmentOnly": True})),
    ("a health register elsewhere is not SSB's business", COMPLETE, Fault("", {f"variables.{EXTERNAL}.healthRegister": True})),
    ("an authority's contractor on the list of persons", AUTHORITY, Fault("", {"onwardTransfer": GOOD, "persons.1.institution": "Leverandør AS"})),
    ("direct identification with all three reasons", COMPLETE, Fault("", {"dataLevel": "direct", "directId": {"necessity": "For linkage.", "statutoryBasis": "§ 3-1", "deletionPlan": "After linkage."}})),
    ("an approval young enough under a new basis", COMPLETE, Fault("", {"approvals.0.kind": "rek_preapproval", "approvals.0.issued": "2020-01-01"})),
]  # fmt: skip


@pytest.mark.parametrize(("base", "fault"), FAULTS, ids=[fault.id for _, fault in FAULTS])
def test_one_fault_is_one_finding(base, fault):
    assert raised(fault.document(base)) == {fault.id, *fault.also}


@pytest.mark.parametrize(
    ("base", "fault"), [case[1:] for case in NOT_RAISED], ids=[case[0] for case in NOT_RAISED]
)
def test_a_near_miss_is_no_finding(base, fault):
    assert raised(fault.document(base)) == set(fault.also)


def test_every_rule_of_ssb_has_its_fault():
    assert sorted(fault.id for _, fault in FAULTS) == sorted(SCHEMES["SSB"].rules)


@pytest.mark.parametrize("base", [COMPLETE, AUTHORITY, OLD_BASIS, CHANGE, APPROVAL, ABROAD])
def test_a_complete_application_raises_nothing(base):
    assert raised(base) == set()


def test_a_request_for_guidance_asks_only_for_an_address_and_a_right_number():
    nothing = {"agency": "SSB", "type": "guidance"}
    assert raised(nothing) == {"SSB-FLD-19"}
    country = {**nothing, "applicant": {"country": "NO"}}
    assert raised(country) == {"SSB-FLD-18", "SSB-FLD-19"}
    wrong = changed(country, {"applicant.orgNumber": "1", "contact": {"email": "a@b.no"}})
    assert raised(wrong) == {"SSB-CHK-36"}


def test_an_empty_application_is_told_everything_that_is_missing():
    assert raised({"agency": "SSB", "type": "new"}) == {
        *(f"SSB-FLD-{n:02d}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 12, 19, 20, 21, 22)),
        "SSB-CHK-29",
    }


POPULATION = [
    {"holder": "SSB", "name": code, "code": code, "source": "population_register", "timeless": True}
    for code in ("sex", "age", "residence", "country_of_birth", "date_of_death")
]


@pytest.mark.parametrize(
    ("changes", "exempt"),
    [
        ({}, True),
        ({"variables.0.code": "birth_date"}, False),  # age, but not the date of birth
        ({"variables.0.source": None}, False),
        ({"variables.0.source": None, "variables.0.openData": True}, True),
        ({"linkage.used": True}, False),
        ({"variables": []}, False),
    ],
)
def test_an_authority_with_items_of_the_population_register_only_is_exempt(changes, exempt):
    document = changed(
        AUTHORITY,
        {
            "dataLevel": "indirect",
            "variables": [v | {"inVariableList": True} for v in POPULATION],
            "approvals": [],
            "linkage": {"used": False, "method": "in_ssb", "description": "x", "sources": [{}]},
        }
        | changes,
    )
    assert raised(document) & {"SSB-ATT-15", "SSB-CHK-24"} == (
        set() if exempt else {"SSB-ATT-15", "SSB-CHK-24"}
    )


def test_basic_business_data_need_no_reason_for_their_identifiers():
    legal = {"grunndata": True, "unitType": "legal_entity"}
    all_of_them = {f"variables.{i}.{k}": v for i in range(4) for k, v in legal.items()}
    direct = changed(COMPLETE, {"dataLevel": "direct"} | all_of_them)
    assert raised(direct) == {"SSB-CHK-27"}
    direct["variables"][2]["unitType"] = "enterprise"
    assert raised(direct) == {"SSB-CHK-26"}


def test_the_finding_names_the_approval_and_the_variables_that_do_not_fit():
    document = changed(
        COMPLETE,
        {
            "approvals": [
                {"kind": "dpia", "fromYear": 2000},
                {"kind": "ethics", "fromYear": 2007, "holders": ["SSB"]},
            ],
        },
    )
    found = findings(document)
    assert found["SSB-CHK-05"].rows == ("approvals[1]", "variables[0]", "variables[1]")
    assert found["SSB-CHK-06"].rows == ("approvals[1]", "variables[3]")


def test_the_finding_names_the_rows_and_the_fields_to_mend():
    document = changed(COMPLETE, {"variables.2.toYear": None, "persons.1.name": ""})
    found = findings(document)
    assert found["SSB-FLD-06"].rows == ("variables[2]",)
    assert "variables.toYear" in found["SSB-FLD-06"].fields
    assert found["SSB-FLD-08"].rows == ("persons[1]",)
    missing = findings(changed(COMPLETE, {"persons": []}))["SSB-FLD-08"]
    assert missing.rows == ()
