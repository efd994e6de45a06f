"""The demo's cases at the two other agencies: how far each came, and that nothing is amiss in them."""

from collections import Counter

import pytest

from applications import selectors
from applications.models import Application
from institutions.models import Institution
from portal.local import demo_people, nordic_stories, stories


@pytest.fixture
def told(transactional_db) -> Counter[tuple[str, str, str]]:
    """(agency, type, state) of the cases, counted."""
    cast = stories.gather()
    made: dict[str, str] = {}
    for step in nordic_stories.steps():
        made[step.name] = str(step.make(cast, made).pk)
    assert len(made) == Application.objects.count()
    return Counter(Application.objects.values_list("agency", "type", "state"))


def _blocking(case: Application) -> list[str]:
    return [f.id for f in selectors.findings(case) if f.severity == "BLOCK"]


def test_both_agencies_have_cases_at_every_stop_of_the_road(told):
    for agency in ("DST", "SOS"):
        reached = {state for of, _type, state in told if of == agency}
        assert reached >= {
            "draft", "submitted", "returned", "assessment", "acceptance", "accepted",
        }, agency  # fmt: skip
    assert told["DST", "project_database", "accepted"] == 1
    assert told["DST", "subproject", "submitted"] == 1
    assert told["DST", "database_extension", "draft"] == 1
    assert told["SOS", "supplement", "submitted"] == 1
    assert told["SOS", "amend", "draft"] == 1
    _the_cases_hold_together()
    _the_people_can_be_chosen()


def _the_cases_hold_together() -> None:
    """Sent cases have nothing that stops them; drafts with gaps do; what follows points back."""
    for case in Application.objects.exclude(state="draft"):
        assert _blocking(case) == [], case.title
    owner = "subproject.databaseOwner"
    subproject = Application.objects.get(type="subproject")
    assert selectors.pick(selectors.document(subproject), owner) == "Institut for Boligforskning"
    extension = Application.objects.get(type="database_extension")
    document = selectors.document(extension)
    assert selectors.pick(document, "institution.existingProjectDatabases") == 1
    gaps = Application.objects.filter(state="draft", type__in=("researcher", "new"))
    assert gaps.count() == 2
    assert all(_blocking(case) for case in gaps)
    followed = Application.objects.get(type="supplement").follows
    assert (followed.state, followed.agency) == ("assessment", "SOS")
    changed = Application.objects.get(type="amend")
    assert (changed.follows.state, _blocking(changed)) == ("accepted", [])


def _the_people_can_be_chosen() -> None:
    """Applicants and signatories of both countries stand on the page "choose a person"."""
    chosen = {person.key for person, _user in demo_people.by_user()}
    assert {p.key for p in demo_people.EVERYBODY} == chosen
    for case in Application.objects.all():
        assert case.owner.language == case.language, case.title
    places = Institution.objects.filter(country__in=("DK", "SE"), status="confirmed")
    assert places.count() == 3
