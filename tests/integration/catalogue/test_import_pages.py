"""An administrator gives a file, sees what would change, and confirms."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from catalogue.headings import HEADINGS
from catalogue.models import Catalogue, Variable
from portal import clock
from portal.files.writing import workbook
from tests.integration.catalogue.conftest import ROWS, as_csv, changed, take
from tests.people import give, person, sign_in, staff

pytestmark = pytest.mark.django_db
PAGE = "/catalogue/SSB/import/"


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def admin(client):
    user = staff("agency_admin")
    sign_in(client, user)
    return user


def file(content, name="list.csv"):
    return SimpleUploadedFile(name, content)


def given(client, content=None, name="list.csv", day="2026-01-01", **more):
    content = as_csv(ROWS) if content is None else content
    return client.post(PAGE, {"file": file(content, name), "valid_from": day, **more})


def hidden(response):
    """The hidden fields of the preview's form."""
    text = response.content.decode()
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_others_do_not_find_the_page(client):
    assert client.get(PAGE).status_code == 302  # to signing in
    for user in (person(), staff("case_officer"), staff("agency_admin", "DST")):
        sign_in(client, user)
        assert client.get(PAGE).status_code == 404
        assert given(client).status_code == 404


def test_the_way_from_file_to_edition(client, admin):
    assert client.get(PAGE).status_code == 200
    shown = given(client, note="First list")
    assert shown.status_code == 200
    assert not Variable.objects.exists()  # nothing changes before it is confirmed
    done = client.post(PAGE, hidden(shown) | {"take": "1"}, follow=True)
    assert "This is its new edition" in done.content.decode()
    made = Catalogue.objects.get()
    assert (made.imported_by, made.filename, made.note) == (admin, "list.csv", "First list")
    assert Variable.objects.count() == len(ROWS)
    assert admin.name in done.content.decode()


def test_an_excel_file_is_taken_too(client, admin):
    shown = given(
        client,
        workbook("1", list(HEADINGS), [[row.get(c, "") for c in HEADINGS] for row in ROWS]),
        "list.xlsx",
    )
    client.post(PAGE, hidden(shown) | {"take": "1"})
    assert Variable.objects.count() == len(ROWS)


def test_the_preview_tells_new_changed_and_gone(client, admin):
    take()
    rows = [*changed(0, first_year="1960")[:-1], ROWS[-1] | {"code": "NY", "name": "Ny variabel"}]
    text = given(client, as_csv(rows)).content.decode()
    assert "1964" in text
    assert "1960" in text
    assert "Ny variabel" in text
    assert "Næring for læreplass" in text
    assert "Variables: No longer in the file" in text


def test_faults_are_told_by_row_and_cannot_be_confirmed(client, admin):
    shown = given(client, as_csv(changed(2, first_year="soon")))
    text = shown.content.decode()
    assert "is no year with four digits" in text
    assert "soon" in text
    assert '<td data-label="Row">4</td>' in text
    client.post(PAGE, hidden(shown) | {"take": "1"})
    assert not Catalogue.objects.exists()


def test_a_column_that_means_nothing_is_told(client, admin):
    content = as_csv(ROWS).replace(b"grunndata", b"favourite colour")
    assert "favourite colour" in given(client, content).content.decode()


def test_two_administrators_at_once_the_second_looks_again(client, admin):
    take()
    mine = given(client, as_csv(changed(0, first_year="1960")))
    take(changed(1, timeless=""), base=1)  # the other's
    answer = client.post(PAGE, hidden(mine) | {"take": "1"})
    assert answer.status_code == 409
    assert "Somebody took another edition in meanwhile" in answer.content.decode()
    assert Variable.objects.get(code="KJONN").first_year == 1964
    # Looked at again, it is confirmed.
    assert client.post(PAGE, hidden(answer) | {"take": "1"}).status_code == 302
    assert Variable.objects.get(code="KJONN").first_year == 1960


def test_a_day_to_come_is_refused_and_the_file_is_kept(client, admin):
    later = (clock.now() + timedelta(days=5)).date().isoformat()
    answer = given(client, day=later, note="Mine")
    text = answer.content.decode()
    assert "Give today or an earlier day" in text
    assert 'value="Mine"' in text
    again = client.post(PAGE, {"source": hidden(answer)["source"], "valid_from": "2026-01-01"})
    assert "What would change" in again.content.decode()


def test_a_day_before_the_edition_in_force_is_refused(client, admin):
    take()
    assert "valid from 1 January 2026" in given(client, day="2025-12-31").content.decode()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"x", "list.pdf", "Take an Excel file"),
        (b"not a workbook", "list.xlsx", "The content is not what the file name says"),
        (b"\n\n", "list.csv", "There is no row in it"),
        (b"a,b\n1,2\n", "list.csv", "No line of headings was found"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(client, admin, content, name, told):
    assert told in given(client, content, name).content.decode()


def test_without_a_file_the_form_says_so(client, admin):
    answer = client.post(PAGE, {"valid_from": "2026-01-01"})
    assert "Choose a file." in answer.content.decode()


def test_anothers_kept_file_cannot_be_used(client, admin):
    token = hidden(given(client))["source"]
    sign_in(client, other_admin())
    answer = client.post(PAGE, {"source": token, "valid_from": "2026-01-01"})
    assert "Give the file again." in answer.content.decode()


def other_admin():
    user = person("Other Admin")
    give(user, "agency_admin")
    return user


def test_back_from_the_preview_keeps_what_was_typed(client, admin):
    shown = given(client, note="Mine")
    text = client.post(PAGE, hidden(shown) | {"again": "1"}).content.decode()
    assert 'value="Mine"' in text
    assert "list.csv is kept" in text


def test_the_command_takes_a_file_in_without_the_web(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_bytes(as_csv(ROWS))
    call_command("import_catalogue", "ssb", str(path), "--valid-from", "2026-01-01")
    made = Catalogue.objects.get()
    assert (made.agency, made.imported_by, str(made.valid_from)) == ("SSB", None, "2026-01-01")


def test_the_command_tells_faults_and_takes_nothing(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_bytes(as_csv(changed(0, first_year="soon")))
    with pytest.raises(CommandError, match="line 2: First year soon is no year"):
        call_command("import_catalogue", "SSB", str(path))
    with pytest.raises(CommandError, match="no agency XYZ"):
        call_command("import_catalogue", "XYZ", str(path))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_catalogue", "SSB", str(tmp_path / "none.csv"))
    assert not Catalogue.objects.exists()
