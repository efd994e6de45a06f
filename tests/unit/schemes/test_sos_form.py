"""Socialstyrelsen's form asks everything of rules.md 2.3.2; its decisions say the right secrecy."""

import re

import pytest

from applications import schemes
from applications.completeness import check
from applications.completeness.sample import SAMPLE_DAY, complete_document
from applications.enums import State
from applications.schemes.model import belongs
from tests.unit.completeness.schemes_under_test import changed

SOS = schemes.current("SOS")
TYPES = ("new", "supplement", "amend")

# rules.md 2.3.2, row by row.
PATHS = [
    *("principal.name", "principal.orgNumber", "principal.isAuthority"),
    *("principal.appliesResearchSecrecy", "principal.representative.name"),
    *("principal.representative.email", "researcher.name", "contact.email", "project.title"),
    *("purpose.category", "purpose.text", "registers", "variablesEntry"),
    *("variables.register", "variables.name", "variables.justification"),
    *("variables.fromYear", "variables.toYear", "population.basis", "population.text"),
    *("population.fromYear", "population.icdVersion", "population.icdCodes"),
    *("ethics.applicationSigned", "ethics.decision", "ethics.reference", "ethics.registers"),
    *("ethics.principal", "identifiers.personalNumbers", "identifiers.reason"),
    *("dataFile.willSend", "dataFile.followsInstruction", "otherAuthorities"),
    *("invoice.orgNumber", "invoice.address", "invoice.postalCode", "invoice.city"),
    *("invoice.reference", "invoice.checkedWithFinance", "diaryNumber"),
]


def order(**answers):
    return changed(complete_document("SOS"), answers)


def shown(type, document):
    sections = SOS.form(type, document).sections
    return {f.path for section in sections for f in section.fields if f.shown(document)}


@pytest.mark.parametrize("type", TYPES)
def test_every_field_of_the_rules_is_asked_in_every_type(type):
    asked = set()
    for field in SOS.fields(type):
        asked |= {f"{field.path}.{c.path}" for c in field.columns} or {field.path}
    assert [path for path in PATHS if path not in asked] == []


def test_every_field_says_where_it_is_from_and_every_section_can_be_overseen():
    for type in TYPES:
        for section in SOS.forms[type].sections:
            asked = [field for field in section.fields if not field.disputes]
            assert len(asked) <= 10, section.id
            for field in section.fields:
                assert field.source, field.path


@pytest.mark.parametrize(
    ("answers", "path", "there"),
    [
        ({"principal.isAuthority": True}, "principal.appliesResearchSecrecy", True),
        ({"principal.isAuthority": False}, "principal.appliesResearchSecrecy", False),
        ({"population.basis": "diagnosis"}, "population.icdCodes", True),
        ({"population.basis": "cohort_file"}, "population.icdVersion", False),
        ({"identifiers.personalNumbers": True}, "identifiers.reason", True),
        ({"identifiers.personalNumbers": False}, "identifiers.reason", False),
        ({"dataFile.willSend": True}, "dataFile.followsInstruction", True),
        ({"dataFile.willSend": False}, "dataFile.followsInstruction", False),
        ({"diaryNumber": "SOS-2026-00001"}, "diaryNumber", True),
        ({}, "diaryNumber", False),
    ],
)
def test_a_question_shows_only_when_it_applies(answers, path, there):
    assert (path in shown("new", order(**answers))) is there


def test_what_follows_an_earlier_case_asks_first_what_is_new_and_is_not_sent_without_it():
    for type, needs in (
        ("supplement", ("supplement.description",)),
        ("amend", ("change.description", "change.reason")),
    ):
        kind = SOS.type(type)
        assert kind.follows
        assert kind.reference == "previousCase.reference"
        assert kind.needs == needs
        first = SOS.forms[type].sections[0]
        assert {*needs, kind.reference} <= {f.path for f in first.fields}
        assert not {*needs, kind.reference} & {f.path for f in SOS.fields("new")}


def test_every_finding_has_a_place_to_mend_it_in_every_type():
    kinds = {f"attachments.{k.kind}" for k in SOS.attachment_kinds}
    own = [r for r in SOS.rules.values() if r.id.startswith("SOS")]
    for type in TYPES:
        asked = {f.path for f in SOS.fields(type)} | kinds
        for rule in own:
            assert any(belongs(p, a) for p in rule.fields for a in asked), rule.id


@pytest.mark.parametrize("type", TYPES)
def test_a_complete_order_of_each_type_raises_nothing(type):
    document = order(type=type)
    assert [f.id for f in check(document, SOS, SAMPLE_DAY)] == []


@pytest.mark.parametrize(
    ("answers", "regime"),
    [
        ({"principal.isAuthority": True, "principal.appliesResearchSecrecy": True}, "SOS-CND-01"),
        ({"principal.isAuthority": True, "principal.appliesResearchSecrecy": False}, "SOS-CND-03"),
        ({"principal.isAuthority": False, "principal.appliesResearchSecrecy": None}, "SOS-CND-02"),
        ({"principal.isAuthority": False, "principal.appliesResearchSecrecy": True}, "SOS-CND-02"),
    ],
)
def test_exactly_one_secrecy_regime_goes_with_a_decision(answers, regime):
    regimes = {"SOS-CND-01", "SOS-CND-02", "SOS-CND-03"}
    picked = {c.id for c in SOS.picked_conditions(order(**answers))}
    assert picked & regimes == {regime}


@pytest.mark.parametrize(
    "answers",
    [
        {"principal.isAuthority": None},
        {"principal.isAuthority": True, "principal.appliesResearchSecrecy": None},
    ],
)
def test_no_regime_is_picked_while_the_question_it_hangs_on_is_open(answers):
    picked = {c.id for c in SOS.picked_conditions(order(**answers))}
    assert not picked & {"SOS-CND-01", "SOS-CND-02", "SOS-CND-03"}


def test_each_regime_names_its_provision_and_a_reservation_must_be_written():
    for language in ("sv", "en"):
        assert re.search(
            "24 kap. 8|chapter 24, section 8", SOS.condition("SOS-CND-01").fill(language)
        )
        assert re.search(
            "11 kap. 3|chapter 11, section 3", SOS.condition("SOS-CND-03").fill(language)
        )
    reservation = SOS.condition("SOS-CND-02")
    assert reservation.open("sv") == ["reservation"]
    assert reservation.fill("sv", {"reservation": "Bara i projektet."}).endswith(
        "Bara i projektet."
    )


def test_data_with_identity_numbers_get_the_condition_on_them_and_others_that_on_reidentification():
    with_numbers = {
        c.id for c in SOS.picked_conditions(order(**{"identifiers.personalNumbers": True}))
    }
    without = {c.id for c in SOS.picked_conditions(order(**{"identifiers.personalNumbers": False}))}
    assert with_numbers - without == {"SOS-CND-07"}
    assert without - with_numbers == {"SOS-CND-06"}


def test_what_goes_beyond_the_sources_is_marked_so():
    for id in ("SOS-CND-06", "SOS-CND-07", "SOS-CND-08", "SOS-CND-09", "SOS-CND-10"):
        assert SOS.condition(id).source.startswith("beyond sources")


def test_the_letter_tells_of_the_appeal_to_the_court_within_three_weeks():
    for language, court, time in (
        ("sv", "Kammarrätten", "tre veckor"),
        ("en", "Kammarrätten", "three weeks"),
    ):
        words = " ".join(SOS.letters.paragraphs("appeal", language))
        assert court in words
        assert time in words
    for outcome in ("granted", "partly", "refused", "dismissed"):
        assert SOS.letters.beginnings(outcome, "sv")


def test_every_state_says_what_it_means_for_the_applicant_in_five_languages():
    for state in SOS.workflow.states.values():
        assert set(state.meaning.texts) == {"nb", "nn", "da", "sv", "en"}
        assert len(set(state.meaning.texts.values())) == 5
    assert "tre till sex månader" in SOS.workflow.state_meaning(State.ASSESSMENT, "sv")


def test_the_checklist_asks_more_where_the_order_asks_more():
    plain = {i.id for i in SOS.checklist if i.shown(order(otherAuthorities=[]))}
    assert {"ethics_support", "minimum"} <= plain
    heavy = order(
        **{
            "identifiers.personalNumbers": True,
            "principal.isAuthority": False,
            "otherAuthorities": ["SCB"],
        }
    )
    more = {i.id for i in SOS.checklist if i.shown(heavy)}
    assert {"personal_numbers", "reservation", "other_authorities"} <= more - plain
