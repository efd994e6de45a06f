"""The rules of every agency, the worked examples, and how the checks carry themselves."""

import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest

from applications.completeness import BLOCK, Doc, Severity, check, collect, rule
from applications.completeness.common import RULES as COMMON
from applications.completeness.sample import SAMPLE_DAY
from tests.unit.completeness.schemes_under_test import (
    AGENCIES,
    SCHEMES,
    Fault,
    attachment,
    changed,
    dst,
    findings,
    raised,
    sos,
    ssb,
)


def test_example_1_no_dpia_and_no_reasons():
    document = Fault("", {"legalBasis.date": "2024-01-15"}, without=("dpia",)).document(ssb())
    assert raised(document) == {"SSB-ATT-11"}


def test_example_2_costs_not_accepted():
    assert raised(changed(dst(), {"costsAccepted": False})) == {"DST-CHK-18"}


def test_example_3_the_variable_list_is_a_word_file():
    document = Fault("", without=("variable_list",)).document(sos())
    document["attachments"].append(
        attachment("variable_list", filename="variables.docx", ext="docx")
    )
    assert raised(document) == {"SOS-CHK-04"}


COMPLETE = {"SSB": ssb(), "DST": dst(), "SOS": sos()}
FAULTS = [
    (agency, fault)
    for agency in AGENCIES
    for fault in (
        Fault("COM-CHK-01", {"attachments": [*COMPLETE[agency]["attachments"], attachment("other", size=0)]}),
        Fault("COM-CHK-01", {"attachments": [*COMPLETE[agency]["attachments"], attachment("other", ext="exe")]}),
        Fault("COM-CHK-01", {"attachments": [*COMPLETE[agency]["attachments"], attachment("other", ext=None)]}),
        Fault("COM-CHK-04", {"contact.email": "somebody at home"}),
        Fault("COM-CHK-05", {"project.title": "About 010203-1234"}),
    )
] + [
    ("SSB", Fault("COM-CHK-02", {"variables.0.fromYear": 2024})),
    ("SOS", Fault("COM-CHK-02", {"variables.0.fromYear": 2024})),
    ("SSB", Fault("COM-CHK-03", {"variables.0": ssb()["variables"][2]})),
    ("SOS", Fault("COM-CHK-03", {"variables.0": sos()["variables"][2]})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agency", "fault"), FAULTS, ids=[f"{agency} {fault.id}" for agency, fault in FAULTS]
)
def test_one_fault_is_one_finding(agency, fault):
    assert raised(fault.document(COMPLETE[agency])) == {fault.id}


def test_the_finding_about_a_file_stands_beside_its_purpose():
    document = changed(ssb(), {"attachments.1.size": 0})
    found = findings(document)["COM-CHK-01"]
    assert found.rows == ("attachments[1]",)
    assert found.fields == ("attachments.dpia",)


def test_the_finding_about_an_identity_names_the_fields_where_it_stands():
    text = "Born as 010203-1234."
    document = changed(
        ssb(),
        {
            "purpose.text": text,
            "variables.3.justification": text,
            "population.groups": ["None", text],
            "applicant.orgNumber": "123456785",
            "contact.phone": text,
            "approvals.0.reference": text,
            "onwardTransfer.recipientOrgNumber": text,
        },
    )
    found = findings(document)["COM-CHK-05"]
    assert found.rows == ("population.groups[1]", "purpose.text", "variables[3].justification")
    assert found.fields == ("population.groups", "purpose.text", "variables.justification")


def test_all_rows_that_are_alike_are_named():
    document = ssb()
    document["variables"] += [document["variables"][1], document["variables"][1]]
    rows = ("variables[1]", "variables[4]", "variables[5]")
    assert findings(document)["COM-CHK-03"].rows == rows


def test_one_rule_is_one_finding_however_many_rows_break_it():
    document = changed(ssb(), {f"variables.{i}.toYear": None for i in range(4)})
    found = check(document, SCHEMES["SSB"], SAMPLE_DAY)
    assert [f.id for f in found] == ["SSB-FLD-06"]
    assert len(found[0].rows) == 4


def test_a_rule_that_fails_is_logged_without_the_document_and_silences_no_other(caplog):
    def fails(d: Doc) -> bool:
        raise ZeroDivisionError("somebody's secret")

    broken = replace(SCHEMES["SSB"].rules["SSB-FLD-01"], condition=fails)
    scheme = SimpleNamespace(rules={**SCHEMES["SSB"].rules, "SSB-FLD-01": broken}, config={})
    document = changed(ssb(), {"project.title": None, "dataLevel": None})
    with caplog.at_level(logging.ERROR):
        assert [f.id for f in check(document, scheme, SAMPLE_DAY)] == ["SSB-FLD-12"]
    assert "SSB-FLD-01" in caplog.text
    assert "secret" not in caplog.text


def test_an_agency_may_change_the_severity_of_a_rule():
    scheme = SimpleNamespace(
        rules=SCHEMES["SSB"].rules, config={"severities": {"SSB-CHK-29": "FLAG"}}
    )
    (found,) = check(changed(ssb(), {"alternativesConsidered": None}), scheme, SAMPLE_DAY)
    assert found.severity is Severity.FLAG


def test_checking_changes_nothing_in_the_document():
    document = ssb()
    before = changed(document, {})
    check(document, SCHEMES["SSB"], SAMPLE_DAY)
    assert document == before


def test_an_id_used_twice_is_refused_when_the_rules_are_collected():
    module = SimpleNamespace(__name__="invented")
    for name in ("one", "other"):

        @rule("SSB-FLD-01", BLOCK, source="derived")
        def condition(d: Doc) -> bool:
            return True

        condition.__module__ = "invented"
        setattr(module, name, condition)
    with pytest.raises(ValueError, match="SSB-FLD-01"):
        collect(module)


def test_the_common_rules_are_five():
    assert sorted(COMMON) == [f"COM-CHK-0{n}" for n in range(1, 6)]
