"""A question left open is no no: nothing that hangs on its answer is said, picked or shown."""

import copy
import inspect
from importlib import import_module

import pytest
from django import forms

from applications import schemes
from applications.completeness import Doc, check
from applications.completeness.sample import SAMPLE_DAY, complete_document
from applications.forms.fields import YesNoField, form_field

AGENCIES = ("SSB", "DST", "SOS")
DERIVED = {
    (agency, name): value
    for agency in AGENCIES
    for module in [import_module(f"applications.schemes.{agency.lower()}.v2026_1.derived")]
    for name, value in inspect.getmembers(module, inspect.isfunction)
    if value.__module__ == module.__name__ and not name.startswith("_")
}
# rules.md 2.1.5 itself reads these so: "linkage.used is not true", "openData == true or ...".
AS_THE_RULES_SAY = {("SSB", "basic_population_only"), ("SSB", "authority_safeguards")}
# What these rules say is a demand or advice; it states nothing of the applicant.
DEMANDS = {
    *("SSB-CHK-12", "SSB-CHK-18", "SSB-CHK-24", "SSB-CHK-29", "SSB-ATT-15", "SSB-CHK-26"),
    *("DST-CHK-10", "DST-CHK-15", "DST-CHK-16", "DST-CHK-18"),
    *("SOS-CHK-01", "SOS-CHK-09", "SOS-CHK-14"),
}


def questions(agency):
    """The paths of all yes/no questions of the agency's forms; of a column as (list, column)."""
    scheme = schemes.current(agency)
    for form_type in scheme.forms:
        for field in scheme.fields(form_type):
            if field.type == "bool":
                yield ("", field.path)
            for column in field.columns:
                if column.type == "bool":
                    yield (field.path, column.path)


def answered(document, question, value):
    """A copy of the document in which the question has this answer, in every row that asks it."""
    table, path = question
    changed = copy.deepcopy(document)
    at, *names = [changed], *(table or path).split(".")
    places = at
    for name in names[: None if table else -1]:
        places = [
            place.setdefault(name, [] if table and name == names[-1] else {}) for place in places
        ]
    for place in (row for rows in places for row in rows) if table else places:
        place[path if table else names[-1]] = value
    return changed


def bases(agency):
    """Documents in which much is answered, and one in which nothing is."""
    whole = complete_document(agency)
    found = [{"agency": agency, "type": "new"}, whole]
    if agency == "SSB":
        own = {"holder": "Us", "controlledByApplicant": True, "independentTechnicalUnit": False}
        linked = answered(whole, ("linkage.sources", "controlledByApplicant"), True)
        linked["linkage"]["sources"].append(own)
        county = copy.deepcopy(whole)
        county["applicant"]["kind"] = "county"
        found += [linked, county]
    if agency == "DST":
        found += [
            {**copy.deepcopy(whole), "scheme": kind}
            for kind in ("project_database", "subproject", "database_extension")
        ]
    if agency == "SOS":
        other = copy.deepcopy(whole)
        other["principal"] = {"name": "X", "isAuthority": False}
        found.append(other)
    return found


@pytest.mark.parametrize(("agency", "name"), DERIVED)
def test_nothing_follows_from_an_empty_document(agency, name):
    assert DERIVED[agency, name](Doc({})) is False


@pytest.mark.parametrize(("agency", "name"), sorted(set(DERIVED) - AS_THE_RULES_SAY))
def test_what_is_so_with_an_open_question_is_so_whatever_is_answered(agency, name):
    holds = DERIVED[agency, name]
    for base in bases(agency):
        for question in set(questions(agency)):
            if holds(Doc(answered(base, question, None))):
                for answer in (True, False):
                    assert holds(Doc(answered(base, question, answer))), (question, answer)


@pytest.mark.parametrize("agency", AGENCIES)
def test_a_finding_that_hangs_on_an_open_question_says_that_it_is_open(agency):
    scheme = schemes.current(agency)
    hanging = set()
    for base in bases(agency):
        for question in set(questions(agency)):
            found, yes, no = (
                {f.id: f for f in check(answered(base, question, answer), scheme, SAMPLE_DAY)}
                for answer in (None, True, False)
            )
            for rule_id in set(found) - (set(yes) & set(no)):
                if "-FLD-" in rule_id or rule_id in DEMANDS:
                    continue
                hanging.add(rule_id)
                assert found[rule_id].open, (rule_id, question)
                usual = scheme.message(rule_id, "en")
                assert scheme.message(rule_id, "en", left_open=True) != usual
    if agency == "SOS":
        assert hanging == {"SOS-CHK-15"}


@pytest.mark.parametrize("agency", AGENCIES)
def test_the_usual_words_are_said_once_the_answer_is_there(agency):
    scheme = schemes.current(agency)
    for rule in scheme.rules.values():
        assert bool(rule.rests_on) == (rule.id in scheme.open_messages)
    if agency == "SOS":
        document = answered(complete_document("SOS"), ("", "principal.isAuthority"), False)
        [finding] = [f for f in check(document, scheme, SAMPLE_DAY) if f.id == "SOS-CHK-15"]
        assert not finding.open
        assert scheme.message(finding.id, "en").startswith("The research principal is not")


@pytest.mark.parametrize("agency", AGENCIES)
def test_no_yes_or_no_is_chosen_beforehand(agency):
    scheme = schemes.current(agency)
    for table, path in set(questions(agency)):
        field = scheme.field(f"{table}.{path}" if table else path)
        made = form_field(field, "en")
        assert isinstance(made, YesNoField)
        assert made.clean("") is None
        form = forms.Form()
        form.fields["asked"] = made
        assert "checked" not in str(form["asked"])
