"""A fourth agency is one new folder, and one name in one setting."""

from datetime import date

import pytest

from applications import schemes
from applications.completeness import check

B = {"level": "b", "applicant": {"name": "X"}}


def test_an_agency_from_another_folder_works_like_the_others(installed):
    installed()
    scheme = schemes.current("NSI")
    assert scheme is schemes.get("NSI", "2026-1")
    assert [f.id for f in check(B, scheme, date(2026, 2, 2))] == ["NSI-FLD-01"]
    assert scheme.message("NSI-FLD-01", "sv") == "Say who."
    assert scheme.case_number(2026, 7) == "NSI/2026/7"


def test_it_is_served_when_the_setting_names_it(installed):
    installed()
    assert "NSI" not in [s.agency for s in schemes.all_current()]
    schemes.choose(["nsi", "ssb"])
    assert [s.agency for s in schemes.all_current()] == ["NSI", "SSB"]


def test_without_a_setting_every_agency_that_is_there_counts(installed):
    installed()
    schemes.choose([])
    assert schemes.chosen() == ["dst", "nsi", "sos", "ssb"]


def test_taken_out_it_is_gone(installed):
    folder = installed()
    schemes.current("NSI")
    schemes.uninstall(folder)
    with pytest.raises(KeyError):
        schemes.current("NSI")
    schemes.install(folder)


def test_the_newest_version_is_the_current_one_and_older_ones_stay(installed):
    folder = installed()
    old, new = folder / "nsi/v2026_1", folder / "nsi/v2026_10"
    for path in sorted(old.rglob("*")):
        if path.is_file():
            target = new / path.relative_to(old)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text().replace("v2026_1.", "v2026_10.")
            target.write_text(text.replace('version = "2026-1"', 'version = "2026-10"'))
    assert schemes.current("NSI").version == "2026-10"
    assert schemes.get("NSI", "2026-1").version == "2026-1"


@pytest.mark.parametrize("version", ["2025-9", "", "../v2026_1", "2026-1/x"])
def test_a_version_that_is_not_there_is_a_key_error(installed, version):
    installed()
    with pytest.raises(KeyError):
        schemes.get("NSI", version)


def test_questions_appear_when_they_apply(installed):
    installed()
    scheme = schemes.current("NSI")
    people, plan = scheme.field("people"), scheme.attachment_kind("plan")
    assert people.shown(B)
    assert plan.shown(B)
    assert not people.shown({"level": "a"})
    assert not plan.shown({})


def test_findings_have_their_place_beside_the_field_and_the_attachment(installed):
    installed()
    scheme = schemes.current("NSI")
    assert scheme.field("people").rules == ("NSI-FLD-01",)
    assert scheme.field("people.name").rules == ("NSI-FLD-01",)
    assert scheme.attachment_kind("plan").rules == ("NSI-FLD-01",)
    assert scheme.field("level").rules == ()


def test_what_the_portal_knows_is_shown_and_not_asked(installed):
    installed()
    scheme = schemes.current("NSI")
    assert not scheme.field("applicant.name").asked
    assert scheme.known == {"applicant.name": "name"}
    assert scheme.field("level").asked


def test_a_text_falls_back_to_english(installed):
    installed()
    label = schemes.current("NSI").field("level").label
    assert (label("nn"), label("sv"), label("en")) == ("Nivå", "Level", "Level")
    assert not schemes.current("NSI").field("level").help


def test_a_condition_is_picked_by_its_rule_and_filled_by_the_officer(installed):
    installed()
    scheme = schemes.current("NSI")
    assert [c.id for c in scheme.picked_conditions(B)] == ["NSI-CND-01"]
    assert scheme.picked_conditions({}) == []
    condition = scheme.condition("NSI-CND-01")
    assert condition.fill("en") == "Delete by [day]."
    assert condition.open("en") == ["day"]
    assert condition.fill("nn", {"day": "1. mai"}) == "Slett seinast 1. mai."
    assert condition.open("nn", {"day": "1. mai"}) == []


def test_a_letter_names_the_provisions_of_its_outcome(installed):
    installed()
    letters = schemes.current("NSI").letters
    assert letters.legal("refused", "nn") == [("Lova", "")]
    assert letters.legal("granted", "nn") == []
    assert letters.paragraphs("appeal", "sv") == ["Appeal."]
    assert letters.paragraphs("breach", "nn") == []
