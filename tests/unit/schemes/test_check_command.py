"""`manage.py check` refuses a broken scheme by itself, so that it never comes to be served."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from applications import schemes
from tests.unit.schemes.fourth import five

BROKEN = {
    "an unknown field path": (
        {"checks/rules.py": ('"people.name"', '"persons.name"')},
        "rule NSI-FLD-01: unknown field path 'persons.name'",
    ),
    "an unknown field path of a known fact": (
        {"agency.toml": ('"applicant.name" = "name"', '"applicant.names" = "name"')},
        "unknown field path 'applicant.names'",
    ),
    "a missing translation of a label": (
        {"forms/order.toml": ('{ nn = "Nivå", en = "Level" }', '{ en = "Level" }')},
        "field level label: no text in nn",
    ),
    "a missing translation of a rule's message": (
        {"messages.toml": ('sv = "Say who.", ', "")},
        "message NSI-FLD-01: no text in sv",
    ),
    "a doubled rule id": (
        {
            "checks/rules.py": '\n@rule("NSI-FLD-01", BLOCK, source="x")\n'
            "def again(d: Doc) -> bool:\n    return False\n"
        },
        "two rules have the id NSI-FLD-01",
    ),
    "a doubled condition id": (
        {"conditions.toml": f'[[conditions]]\nid = "NSI-CND-01"\ntext = {five("x")}'},
        "condition NSI-CND-01: id used twice",
    ),
    "a source that says nothing": (
        {"agency.toml": '[sources]\n"000" = " "'},
        "source 000: does not say what it is",
    ),
    "an unknown command": (
        {"workflow.toml": ('"submit"]', '"submit", "grant_at_once"]')},
        "workflow: unknown command 'grant_at_once'",
    ),
}


def test_a_sound_scheme_from_elsewhere_passes(installed):
    installed()
    schemes.choose(["ssb", "dst", "sos", "nsi"])
    call_command("check")


@pytest.mark.parametrize(("changes", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_scheme_is_refused_for(installed, changes, said):
    installed(changes)
    schemes.choose(["ssb", "nsi"])
    with pytest.raises(SystemCheckError) as refused:
        call_command("check")
    told = str(refused.value)
    assert "(applications.E001) nsi 2026-1: " in told
    assert said in told


def test_an_agency_that_is_not_there_is_refused(installed):
    installed()
    schemes.choose(["nsi", "nowhere"])
    with pytest.raises(SystemCheckError, match="nowhere: there is no such scheme"):
        call_command("check")


def test_a_fact_that_nobody_knows_is_refused(installed):
    installed({"agency.toml": ('"applicant.name" = "name"', '"applicant.name" = "stars:new"')})
    schemes.choose(["nsi"])
    with pytest.raises(SystemCheckError, match=r"applications\.E002"):
        call_command("check")
