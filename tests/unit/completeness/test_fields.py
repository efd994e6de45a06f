"""A finding stands beside a field: every field that a rule names is in a form of its agency."""

import pytest

from applications import schemes
from applications.completeness import Doc
from tests.unit.completeness.schemes_under_test import AGENCIES
from tests.unit.completeness.test_every_id import CASES

# All attachments together, and the table that proposals to Statistics Denmark have not.
ELSEWHERE = {"attachments"}
NO_SUCH_TABLE = {"DST": {"variables", "variables.fromYear", "variables.toYear"}}


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_field_that_a_rule_names_is_asked_or_shown(agency):
    scheme = schemes.current(agency)
    there = ELSEWHERE | NO_SUCH_TABLE.get(agency, set())
    there |= {f"attachments.{kind.kind}" for kind in scheme.attachment_kinds}
    for form_type in scheme.forms:
        for field in scheme.fields(form_type):
            there |= {field.path, *(f"{field.path}.{column.path}" for column in field.columns)}
    named = {path: rule.id for rule in scheme.rules.values() for path in rule.fields}
    assert {path: rule_id for path, rule_id in named.items() if path not in there} == {}


MISSING = sorted(rule_id for rule_id in CASES if "-FLD-" in rule_id)


@pytest.mark.parametrize("rule_id", MISSING)
def test_what_a_rule_asks_for_stands_in_the_form_of_whoever_breaks_it(rule_id):
    base, fault = CASES[rule_id]
    document = fault.document(base)
    scheme = schemes.current(document["agency"])
    doc = Doc(document)
    form_type = base.get("scheme") or base["type"]  # Statistics Denmark's types are its schemes
    shown = {
        field.path
        for section in scheme.form(form_type, document).sections
        for field in section.fields
        if field.shown(doc)
    }
    asked = {path for path in scheme.rules[rule_id].fields if path in scheme_paths(scheme)}
    assert asked <= shown, asked - shown


def scheme_paths(scheme):
    """The paths of all fields of the agency's forms, without the columns of tables."""
    return {field.path for form_type in scheme.forms for field in scheme.fields(form_type)}
