"""Socialstyrelsen: a complete order with one fault raises exactly what the fault deserves."""

import pytest

from tests.unit.completeness.schemes_under_test import (
    SCHEMES,
    Fault,
    changed,
    findings,
    raised,
    sos,
)

COMPLETE = sos()
NO_REASONS = {f"variables.{i}.justification": None for i in range(4)}

FAULTS = [
    Fault("SOS-ATT-02", without=("ethics_application",)),
    Fault("SOS-ATT-03", without=("ethics_decision",)),
    Fault("SOS-ATT-04", without=("variable_list",)),
    Fault("SOS-ATT-05", NO_REASONS),
    Fault("SOS-FLD-01", {"principal.name": None, "ethics.principal": None}),
    Fault("SOS-FLD-02", {"principal.representative.email": None}),
    Fault("SOS-FLD-03", {"contact.email": None}),
    Fault("SOS-FLD-04", {"project.title": None}),
    Fault("SOS-FLD-05", {"registers": []}, also=("SOS-CHK-18",)),
    Fault("SOS-FLD-06", {"variables": []}),
    Fault("SOS-FLD-07", {"population.text": None}),
    Fault("SOS-FLD-08", {"invoice.orgNumber": None}),
    Fault("SOS-FLD-09", {"invoice.city": ""}),
    Fault("SOS-FLD-10", {"identifiers.personalNumbers": None}),
    Fault("SOS-FLD-11", {"principal.isAuthority": None}, also=("SOS-CHK-15",)),
    Fault("SOS-FLD-12", {"principal.appliesResearchSecrecy": None}),
    Fault("SOS-FLD-13", {"dataFile.willSend": None}),
    Fault("SOS-CHK-01", {"ethics.applicationSigned": None}),
    Fault("SOS-CHK-02", {"ethics.decision": "pending"}),
    Fault("SOS-CHK-03", {"ethics.registers": ["Patientregistret"]}),
    Fault("SOS-CHK-04", {"attachments.2.ext": "docx"}),
    Fault("SOS-CHK-05", {"variables.1.justification": ""}),
    Fault("SOS-CHK-06", {"population.icdVersion": None}),
    Fault("SOS-CHK-07", {"population.icdCodes": ["J45", "asthma"]}),
    Fault("SOS-CHK-08", {"invoice.orgNumber": "212999-0013"}),
    Fault("SOS-CHK-09", {"invoice.checkedWithFinance": None}),
    Fault("SOS-CHK-10", {"identifiers": {"personalNumbers": True, "reason": "To link."}}),
    Fault("SOS-CHK-11", {"identifiers": {"personalNumbers": True}}, also=("SOS-CHK-10",)),
    Fault("SOS-CHK-12", {"purpose.category": None}),
    Fault("SOS-CHK-13", {"otherAuthorities": ["SCB"]}),
    Fault("SOS-CHK-14", {"dataFile.willSend": True}),
    Fault("SOS-CHK-15", {"principal.isAuthority": False}),
    Fault("SOS-CHK-16", {"principal.appliesResearchSecrecy": False}),
    Fault("SOS-CHK-17", {"ethics.principal": "Another university"}),
    Fault("SOS-CHK-18", {"variables.0.register": "Cancerregistret"}),
    Fault("SOS-CHK-19", {"population.fromYear": 1996}),
]

NOT_RAISED = [
    ("variables entered here need no list", Fault("", {"variablesEntry": "portal"}, without=("variable_list",))),
    ("one attachment gives the reasons for all", Fault("", NO_REASONS, having=("variable_justification",))),
    ("one attachment gives the missing reasons", Fault("", {"variables.1.justification": ""}, having=("variable_justification",))),
    ("an unsigned application that is not there", Fault("", {"ethics.applicationSigned": False}, without=("ethics_application",), also=("SOS-ATT-02",))),
    ("a pending decision that is not there", Fault("", {"ethics.decision": "pending"}, without=("ethics_decision",), also=("SOS-ATT-03",))),
    ("ethics without a list of registers", Fault("", {"ethics.registers": []})),
    ("codes of another classification have any shape", Fault("", {"population.icdVersion": "own", "population.icdCodes": ["asthma"]})),
    ("codes of a classification not named have any shape", Fault("", {"population.icdVersion": None, "population.icdCodes": ["asthma"]}, also=("SOS-CHK-06",))),
    ("another population needs no codes", Fault("", {"population": {"basis": "prescription", "text": "Users.", "fromYear": 1990}})),
    ("1997 is coded in ICD-10", Fault("", {"population.fromYear": 1997})),
    ("ICD-9 before 1997", Fault("", {"population.fromYear": 1990, "population.icdVersion": "ICD-9", "population.icdCodes": ["493"]})),
    ("a principal that is no authority is not asked about its secrecy", Fault("", {"principal.isAuthority": False, "principal.appliesResearchSecrecy": False}, also=("SOS-CHK-15",))),
    ("an unanswered question about secrecy is no no", Fault("", {"principal.appliesResearchSecrecy": None}, also=("SOS-FLD-12",))),
    ("a principal that is no authority need not say what it applies", Fault("", {"principal.isAuthority": False, "principal.appliesResearchSecrecy": None}, also=("SOS-CHK-15",))),
    ("a data file after the instruction", Fault("", {"dataFile": {"willSend": True, "followsInstruction": True}})),
    ("a number with its century", Fault("", {"invoice.orgNumber": "16 212999-0012"})),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.id for fault in FAULTS])
def test_one_fault_is_one_finding(fault):
    assert raised(fault.document(COMPLETE)) == {fault.id, *fault.also}


@pytest.mark.parametrize(
    "fault", [case[1] for case in NOT_RAISED], ids=[case[0] for case in NOT_RAISED]
)
def test_a_near_miss_is_no_finding(fault):
    assert raised(fault.document(COMPLETE)) == set(fault.also)


def test_every_rule_of_sos_has_its_fault():
    assert sorted(fault.id for fault in FAULTS) == sorted(SCHEMES["SOS"].rules)


def test_a_complete_order_raises_nothing():
    assert raised(COMPLETE) == set()


def test_the_finding_names_codes_registers_and_variables():
    document = changed(
        COMPLETE,
        {
            "population.icdCodes": ["J45", "asthma"],
            "ethics.registers": ["Patientregistret"],
            "variables.2.justification": None,
        },
    )
    found = findings(document)
    assert found["SOS-CHK-07"].rows == ("population.icdCodes[1]",)
    assert found["SOS-CHK-03"].rows == ("registers[1]",)
    assert found["SOS-CHK-05"].rows == ("variables[2]",)
