"""One project, several agencies: taken over, told of, and seen by nobody else."""

import pytest
from django.urls import reverse

from applications import selectors
from applications.commands import Actor, Forbidden, Invalid, NotNow
from applications.models import Project, ProjectLink
from applications.projects import commands
from institutions.selectors import active_institutions
from portal.local import seeding
from tests.people import person, sign_in

COMMON = {
    "title": "Sickness and school",
    "purpose": "How long absence changes marks.",
    "category": "research",
    "start": "2027-01-01",
    "end": "2029-12-31",
    "population": "Everybody born 2000-2005",
    "people": [
        {"name": "Kari Nordmann", "institution": "Fjordheim", "country": "NO", "role": "Leader"},
        {"name": "Ola Hansen", "email": "ola@example.no"},
    ],
}


@pytest.fixture
def project(world):
    by = world.actor("applicant")
    institution = active_institutions(world["applicant"]).first()
    return commands.begin(by, COMMON, institution.pk)


def apply(world, project, agency, type=""):
    return commands.apply(world.actor("applicant"), project.pk, agency, type, "en")


def change(world, project, **parts):
    project.refresh_from_db()
    common = {**project.common, **parts}
    by = world.actor("applicant")
    made = commands.change(by, project.pk, project.version, common)
    project.refresh_from_db()
    return made


def posted(page, **choices):
    """The form of the notice, filled in with yes and no by key."""
    data = {f"take-{key}": choice for key, choice in choices.items()}
    for line in page.context["lines"]:
        data[f"seen-{line['key']}"] = line["seen"]
    return data


def notice(case):
    return reverse("applications:common_part", args=[case.pk])


def test_each_application_takes_over_what_its_agency_asks_in_the_agencys_own_fields(world, project):
    ssb = selectors.document(apply(world, project, "SSB", "new"))
    dst = selectors.document(apply(world, project, "DST", "researcher"))
    sos = selectors.document(apply(world, project, "SOS", "new"))
    assert ssb["purpose"]["text"] == dst["project"]["purpose"] == sos["purpose"]["text"]
    assert dst["project"]["population"] == ssb["population"]["text"] == COMMON["population"]
    assert {d["project"]["title"] for d in (ssb, dst, sos)} == {COMMON["title"]}
    assert ssb["project"]["end"] == dst["project"]["end"] == "2029-12-31"
    assert [row["name"] for row in ssb["persons"]] == ["Kari Nordmann", "Ola Hansen"]
    assert ssb["persons"][1]["email"] == "ola@example.no"
    assert [row["name"] for row in dst["users"]] == ["Kari Nordmann", "Ola Hansen"]


def test_a_value_that_an_agency_has_no_choice_for_is_not_forced_on_it(world, project):
    change(world, project, category="tax")
    document = selectors.document(apply(world, project, "SOS", "new"))
    assert document["purpose"].get("category") is None
    assert document["project"]["title"] == COMMON["title"]


def test_an_officer_sees_neither_the_other_agencys_case_nor_the_project(world, client):
    project, ssb = sent(world)
    dst = apply(world, project, "DST", "researcher")
    sign_in(client, world["case_officer"])
    own = reverse("cases:case", args=["SSB", ssb.pk])
    assert client.get(own).status_code == 200
    assert client.get(notice(ssb)).url == own, "the applicant's pages lead the agency to the case"
    for address in (
        reverse("cases:case", args=["DST", dst.pk]),
        reverse("applications:overview", args=[dst.pk]),
        reverse("applications:export_file", args=[dst.pk, "json"]),
        reverse("projects:project", args=[project.pk]),
        reverse("projects:edit", args=[project.pk]),
    ):
        assert client.get(address).status_code == 404, address
    page = client.get(reverse("cases:case", args=["SSB", ssb.pk])).content.decode()
    assert str(project.pk) not in page
    assert str(dst.pk) not in page
    listed = client.get(reverse("projects:mine"))
    assert list(listed.context["projects"]) == []


def sent(world):
    """A project with a case that was sent."""
    case = world.complete()
    project = commands.begin_from(world.actor("applicant"), case)
    seeding.send(case, world["applicant"], 0.5)
    return project, case


def test_a_draft_is_told_of_a_change_and_nothing_is_overwritten_silently(world, client, project):
    case = apply(world, project, "SSB", "new")
    overview = reverse("applications:overview", args=[case.pk])
    sign_in(client, world["applicant"])
    assert notice(case) + '">' in client.get(overview).content.decode()
    words = "common part changed"
    assert words not in client.get(overview, headers={"accept-language": "en"}).content.decode()
    change(world, project, title="Sickness, school and work", end="2030-12-31")
    before = selectors.document(case)
    page = client.get(notice(case))
    assert [line["key"] for line in page.context["lines"]] == ["title", "end"]
    assert selectors.document(case) == before
    client.post(notice(case), posted(page, title="yes", end="no"))
    case.refresh_from_db()
    after = selectors.document(case)
    assert after["project"]["title"] == case.title == "Sickness, school and work"
    assert after["project"]["end"] == "2029-12-31"
    assert client.get(notice(case)).context["lines"] == []
    change(world, project, end="2031-12-31")
    assert [line["key"] for line in client.get(notice(case)).context["lines"]] == ["end"]


def test_the_notice_stands_on_the_draft_until_it_is_answered(world, client, project):
    case = apply(world, project, "SSB", "new")
    change(world, project, population="All of Norway")
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:overview", args=[case.pk]))
    assert len(page.context["panels"]) == 1
    client.post(notice(case), posted(client.get(notice(case)), population="no"))
    page = client.get(reverse("applications:overview", args=[case.pk]))
    assert page.context["panels"] == []


def test_an_application_that_is_sent_stays_as_it_was_sent(world, client):
    project, case = sent(world)
    before = selectors.document(case)
    change(world, project, title="Something else")
    sign_in(client, world["applicant"])
    page = client.get(notice(case))
    assert page.context["lines"] == []
    assert selectors.document(case) == before
    with pytest.raises(NotNow):
        commands.settle(world.actor("applicant"), case, {"title": True}, {})


def test_what_changed_while_one_read_is_asked_again_and_not_written(world, client, project):
    case = apply(world, project, "SSB", "new")
    change(world, project, title="Second title")
    sign_in(client, world["applicant"])
    page = client.get(notice(case))
    change(world, project, title="Third title")
    client.post(notice(case), posted(page, title="yes"))
    assert selectors.document(case)["project"]["title"] == COMMON["title"]
    assert [line["key"] for line in client.get(notice(case)).context["lines"]] == ["title"]


def test_people_who_come_and_go_are_taken_over_and_what_the_agency_asked_more_stays(
    world, client, project
):
    case = apply(world, project, "SSB", "new")
    kari = case.rows.get(list_path="persons", data__name="Kari Nordmann")
    data = {**kari.data, "needToKnow": "Writes the analysis"}
    world.do("save_row", case, "applicant", {"list": "persons", "id": kari.pk, "data": data})
    own = {"name": "Only Here", "institution": "Elsewhere"}
    world.do("save_row", case, "applicant", {"list": "persons", "id": None, "data": own})
    people = [{**COMMON["people"][0], "role": "Statistician"}, {"name": "New Person"}]
    change(world, project, people=people)
    sign_in(client, world["applicant"])
    client.post(notice(case), posted(client.get(notice(case)), people="yes"))
    rows = selectors.document(case)["persons"]
    assert [row["name"] for row in rows] == ["Kari Nordmann", "Only Here", "New Person"]
    assert rows[0]["needToKnow"] == "Writes the analysis"
    assert rows[0]["role"] == "Statistician"


def test_a_project_is_made_of_an_application_that_has_none_and_only_once(world, client):
    case = world.complete()
    before = selectors.document(case)
    sign_in(client, world["applicant"])
    client.post(notice(case))
    link = ProjectLink.objects.get(application=case)
    assert link.project.common["title"] == before["project"]["title"]
    assert len(link.project.common["people"]) == len(before["persons"])
    assert selectors.document(case) == before
    assert client.get(notice(case)).context["lines"] == []
    with pytest.raises(NotNow):
        commands.begin_from(world.actor("applicant"), case)


def test_nobody_makes_a_project_of_a_foreign_application(world):
    case = world.draft()
    with pytest.raises(Forbidden):
        commands.begin_from(Actor(user=person("Stranger Danger")), case)


def test_a_member_writes_the_project_and_gets_into_new_applications(world, client, project):
    colleague = person("New Colleague")
    make_member(colleague, project.institution)
    by = world.actor("applicant")
    sign_in(client, colleague)
    address = reverse("projects:project", args=[project.pk])
    assert client.get(address).status_code == 404
    commands.add_member(by, project.pk, colleague, "viewer")
    assert client.get(address).status_code == 200
    assert client.get(reverse("projects:edit", args=[project.pk])).status_code == 403
    commands.add_member(by, project.pk, colleague, "editor")
    case = apply(world, project, "SSB", "new")
    assert client.get(reverse("applications:overview", args=[case.pk])).status_code == 200
    commands.end_member(by, project.pk, project.members.get(ended_at=None).pk)
    assert client.get(address).status_code == 404


def make_member(user, institution):
    from institutions.enums import Basis, MembershipStatus
    from institutions.models import Membership
    from portal import clock

    Membership.objects.create(
        user=user,
        institution=institution,
        roles=["researcher"],
        status=MembershipStatus.ACTIVE,
        basis=Basis.REQUEST,
        started_at=clock.now(),
        decided_by=institution.registered_by,
        decided_at=clock.now(),
    )


def test_somebody_from_elsewhere_is_no_member(world, project):
    with pytest.raises(Invalid):
        commands.add_member(world.actor("applicant"), project.pk, person("Far Away"), "editor")


def test_the_nordic_cooperation_is_told_to_the_offices_concerned_only(world, client):
    project, case = sent(world)
    address = reverse("cases:case", args=["SSB", case.pk])
    sign_in(client, world["case_officer"])
    by = world.actor("applicant")
    nordic = {"nordman": True, "other_offices": "Statistics Iceland"}
    project.refresh_from_db()
    commands.change(by, project.pk, project.version, project.common, offices=["DST"], **nordic)
    assert client.get(address).context["nordman"] == []
    project.refresh_from_db()
    offices = ["SSB", "DST"]
    commands.change(by, project.pk, project.version, project.common, offices=offices, **nordic)
    page = client.get(address)
    assert len(page.context["nordman"]) == 3
    assert "Statistics Iceland" in page.content.decode()


def test_a_project_is_begun_changed_and_applied_from_on_its_pages(world, client):
    sign_in(client, world["applicant"])
    institution = active_institutions(world["applicant"]).first()
    lines = {"people-TOTAL_FORMS": "2", "people-INITIAL_FORMS": "0"}
    wrong = client.post(reverse("projects:new"), {**lines, "title": "", "end": "2020-01-01"})
    assert wrong.status_code == 422
    given = {
        **lines,
        "title": "A title",
        "start": "2027-01-01",
        "end": "2028-01-01",
        "institution": str(institution.pk),
        "people-0-name": "Kari",
        "people-0-country": "NO",
    }
    client.post(reverse("projects:new"), given)
    project = Project.objects.get()
    assert project.common["people"] == [{"name": "Kari", "country": "NO"}]
    edit = reverse("projects:edit", args=[project.pk])
    lines["people-INITIAL_FORMS"] = "1"
    stale = client.post(edit, {**given, **lines, "title": "Other", "version": "0"})
    assert stale.status_code == 422
    assert stale.context["theirs"]
    client.post(edit, {**given, **lines, "title": "Other", "version": "1"})
    project.refresh_from_db()
    assert (project.common["title"], project.version) == ("Other", 2)
    address = reverse("projects:apply", args=[project.pk, "SSB"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"type": "change"}).status_code == 422
    begun = client.post(address, {"type": "new"})
    assert begun.status_code == 302
    page = client.get(reverse("projects:project", args=[project.pk]))
    assert [a["application"].title for a in page.context["applications"]] == ["Other"]


def test_what_is_applied_for_elsewhere_says_where(world, client, project):
    sign_in(client, world["applicant"])
    page = client.get(reverse("projects:apply", args=[project.pk, "DST"]))
    assert [label for label, _text, _url in page.context["elsewhere"]]
