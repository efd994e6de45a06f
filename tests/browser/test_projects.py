"""Pages of projects, hand-offs and files in a real browser: no barriers, also on a small screen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from applications.commands import Actor, create, execute
from applications.projects import commands
from institutions.selectors import active_institutions
from portal.local.demo_people import ensure_people
from tests.browser.axe import assert_accessible, assert_fits

pytestmark = pytest.mark.django_db(transaction=True)
WRONG = b'{"agency": "SSB", "type": "new", "project": {"title": "T", "start": "soon"}}'


def test_projects_hand_offs_and_files_have_no_barriers(
    page: Page, as_person: Callable[[Any], None], live_server: Any
) -> None:
    user = ensure_people()["applicant"]
    by, at = Actor(user=user), active_institutions(user).first()
    assert at is not None
    common = {"title": "A title", "people": [{"name": "Kari", "country": "NO"}]}
    project = commands.begin(by, common, at.pk, nordman=True, offices=["SSB"])
    case = commands.apply(by, project.pk, "SSB", "new", "nb")
    row = {"list": "variables", "rows": [{"name": "DIAGNOSIS", "healthRegister": True}]}
    execute("import_rows", case.pk, by, row)
    commands.change(by, project.pk, 1, {**common, "title": "Another title", "people": []})
    alone = create(by, "DST", "da", at.pk)
    as_person(user)
    for address in (
        "/projects/",
        "/projects/new/",
        f"/projects/{project.pk}/",
        f"/projects/{project.pk}/edit/",
        f"/projects/{project.pk}/apply/DST/",
        f"/projects/{project.pk}/members/",
        f"/applications/{case.pk}/",
        f"/applications/{case.pk}/project/",
        f"/applications/{alone.pk}/project/",
        f"/applications/{case.pk}/export/",
        "/applications/import/",
    ):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    page.locator("#file").set_input_files(
        {"name": "wrong.json", "mimeType": "application/json", "buffer": WRONG}
    )
    page.locator("form.form button[type=submit]").click()
    page.get_by_text("/project/start").wait_for()
    assert_accessible(page)
    assert_fits(page)
