"""Every id of the contract is a rule here, none is more, and each is seen both raised and quiet."""

import pytest

from applications import schemes
from tests.unit.completeness import test_common, test_dst, test_sos, test_ssb
from tests.unit.completeness.schemes_under_test import AGENCIES, Fault, raised

# rules.md 2.1.7, 2.2.3, 2.3.3 and 3.1-3.4: what raises findings, with the numbers there.
# SSB-ATT-01 and SOS-ATT-01 are the form itself, SSB-ATT-07 is optional, SOS-ATT-06 and 07 are
# shown and never raised.
NUMBERS = {
    "COM-CHK": range(1, 6),
    "SSB-ATT": (*range(2, 7), *range(8, 20), *range(31, 38)),
    "SSB-FLD": range(1, 26),
    "SSB-CHK": range(1, 41),
    "DST-ATT": range(1, 4),
    "DST-FLD": range(1, 18),
    "DST-CHK": range(1, 27),
    "SOS-ATT": range(2, 6),
    "SOS-FLD": range(1, 14),
    "SOS-CHK": range(1, 20),
}
IDS = [f"{kind}-{number:02d}" for kind, numbers in NUMBERS.items() for number in numbers]

# id -> (a document that does not raise it, what is done to that document)
CASES: dict[str, tuple[dict, Fault]] = {
    **{fault.id: (test_common.COMPLETE[agency], fault) for agency, fault in test_common.FAULTS},
    **{fault.id: (base, fault) for base, fault in test_ssb.FAULTS},
    **{fault.id: (base, fault) for base, fault in test_dst.FAULTS},
    **{fault.id: (test_sos.COMPLETE, fault) for fault in test_sos.FAULTS},
}
# What these bases are (a subproject, basic business data) raises the id without any fault.
QUIET_ELSEWHERE = {"DST-CHK-26": test_dst.RESEARCHER, "SSB-CHK-27": test_ssb.COMPLETE}


def test_they_are_176():
    assert len(IDS) == len(set(IDS)) == 176


def test_the_portal_has_exactly_the_ids_of_the_contract():
    served = {id_ for agency in AGENCIES for id_ in schemes.current(agency).rules}
    assert sorted(served) == sorted(IDS)


def test_every_id_has_its_case_and_no_case_is_of_another_id():
    assert sorted(CASES) == sorted(IDS)


@pytest.mark.parametrize("rule_id", IDS)
def test_an_id_is_raised_by_its_fault(rule_id):
    base, fault = CASES[rule_id]
    assert rule_id in raised(fault.document(base))


@pytest.mark.parametrize("rule_id", IDS)
def test_an_id_is_quiet_where_there_is_no_fault(rule_id):
    base, _fault = CASES[rule_id]
    assert rule_id not in raised(QUIET_ELSEWHERE.get(rule_id, base))
