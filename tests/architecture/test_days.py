"""Every day that a person gives is read in one place, between the same bounds."""

import ast
import re

from tests.architecture.test_one_gate import ROOT, _sources

PLACE = "portal/days.py"
# They read days that the portal itself has stored, after they were let in.
STORED = {
    "applications/completeness/numbers.py",  # pure; a document may hold anything
    "applications/imports/microdata_script.py",  # keeps the year alone, and asks for its bounds
    "applications/selectors/case.py",
    "applications/selectors/sequence.py",
    "applications/selectors/words.py",
    "decisions/composing.py",
    "decisions/terms.py",
    "institutions/tasks.py",
}


def users_of(*names):
    """The files that use one of these names, as `date.fromisoformat` or `DateField`."""
    found = set()
    for path, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if f"{node.value.id}.{node.attr}" in names:
                    found.add(path)
            elif isinstance(node, ast.Name) and node.id in names:
                found.add(path)
    return found


def test_forms_ask_for_a_day_by_the_one_field():
    assert users_of("forms.DateField", "forms.DateInput", "forms.SelectDateWidget") == {PLACE}
    typed = re.compile(r"type=.date\b")
    by_hand = [p for p in (ROOT / "templates").rglob("*.html") if typed.search(p.read_text())]
    assert by_hand == []


def test_what_a_person_wrote_becomes_a_day_in_one_place():
    assert users_of("date.fromisoformat", "parse_date", "datetime.strptime") - {PLACE} <= STORED
