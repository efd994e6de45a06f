"""My page tells where my applications and projects stand, in plain words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from applications import my_page
from applications.commands import create
from applications.projects import commands as projects
from tests.people import person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_where_each_application_stands_is_told_in_plain_words(client, world) -> None:
    case = world.submitted()
    sign_in(client, world["applicant"])
    page = client.get("/me/").content.decode()
    with override("nb"):
        [line] = my_page.mine(world["applicant"])["lines"]
    assert line["state"] in page
    assert line["meaning"], "the agency says what the state means"
    assert line["meaning"] in page
    assert case.number in page


def test_what_is_over_is_left_to_the_list_of_everything(client, world) -> None:
    case = world.submitted()
    world.do("withdraw", case, "applicant", {"reason": "No longer needed"})
    told = my_page.mine(world["applicant"])
    assert told["lines"] == []
    assert told["more"]


def test_somebody_new_is_shown_where_to_begin(client, db) -> None:
    sign_in(client, person())
    page = client.get("/me/").content.decode()
    assert "/applications/new/" in page
    assert "<h3" not in page.split('id="section-applications"')[1].split("</section>")[0]


def test_a_project_tells_the_state_of_each_application_in_it(world, client) -> None:
    owner = world["applicant"]
    place = world.draft().institution_id
    by = world.actor("applicant")
    made = projects.begin(by, {"title": "Skolebytte"}, place)
    case = projects.apply(by, made.pk, "SSB", "new", "nb")
    told = my_page.mine(owner)
    [held] = told["projects"]
    assert held["title"] == "Skolebytte"
    assert [line["application"].pk for line in held["lines"]] == [case.pk]


def test_the_questions_do_not_grow_with_the_applications(world) -> None:
    owner, place = world["applicant"], world.draft().institution_id
    with CaptureQueriesContext(connection) as few:
        my_page.mine(owner)
    for _each in range(4):
        create(world.actor("applicant"), "SSB", "nb", place)
    with CaptureQueriesContext(connection) as many:
        my_page.mine(owner)
    assert len(many) == len(few)


def test_an_applicant_who_signs_in_with_a_password_alone_works_on_an_application(
    client, world
) -> None:
    case = world.draft()
    sign_in(client, world["applicant"], second_factor=False)
    for page in ("", "missing/", "form/applicant/", "history/"):
        assert client.get(f"/applications/{case.pk}/{page}").status_code == 200, page
