"""The decision tree of linkage (guidelines 9.1): the branch that fits the answers is told."""

import pytest

from applications import schemes

OWN = {"holder": "Instituttet", "controlledByApplicant": True}
APART = {**OWN, "independentTechnicalUnit": True}
TOGETHER = {**OWN, "independentTechnicalUnit": False}
OTHER = {"holder": "FHI", "controlledByApplicant": False}
OPEN = {"holder": "NAV"}
PERSONAL = {"used": True, "resultAnonymous": False}


@pytest.mark.parametrize(
    ("linkage", "branch"),
    [
        ({}, []),
        ({"used": False, "resultAnonymous": True}, []),
        ({"used": True}, []),  # nothing is known of the sources yet
        ({"used": True, "resultAnonymous": True}, ["anonymous"]),
        (
            {"used": True, "resultAnonymous": True, "regulationReference": "Forskrift § 3"},
            ["anonymous_by_regulation"],
        ),
        ({**PERSONAL, "sources": [OTHER, TOGETHER]}, ["own_data"]),
        ({**PERSONAL, "sources": [APART, TOGETHER]}, ["own_data"]),
        ({**PERSONAL, "sources": [OPEN, TOGETHER]}, ["own_data"]),
        ({**PERSONAL, "sources": [OTHER, APART]}, ["own_data_apart"]),
        ({**PERSONAL, "sources": [OTHER]}, ["main_rule"]),
        # while a question is open, nothing is said that hangs on it
        ({"used": True, "sources": [OTHER]}, []),
        ({**PERSONAL, "sources": [OTHER, OWN]}, []),
        ({**PERSONAL, "sources": [OTHER, OPEN]}, []),
    ],
)
def test_at_most_one_branch_is_marked(linkage, branch):
    document = {"type": "new", "linkage": linkage}
    form = schemes.current("SSB").form("new", document)
    section = next(s for s in form.sections if s.id == "linkage")
    assert [hint.id for hint in section.hints if hint.holds(document)] == branch
    assert {hint.beside for hint in section.hints} == {"linkage.method"}


def test_every_fact_of_the_institution_can_be_said_to_be_wrong_but_not_what_is_applied_for():
    for scheme in schemes.all_current():
        fields = {f.path: f for kind in scheme.forms for f in scheme.fields(kind)}
        known = {
            f.path
            for f in fields.values()
            if f.known and f.known not in ("type", "number", "owner_orcid")
        }
        assert known
        assert {f.disputes for f in fields.values() if f.disputes} == known
