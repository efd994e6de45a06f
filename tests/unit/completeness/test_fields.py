"""A finding stands beside a field: every field that a rule names is in a form of its agency."""

import pytest

from applications import schemes
from tests.unit.completeness.schemes_under_test import AGENCIES

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
