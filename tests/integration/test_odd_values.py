"""Whatever somebody types into an address or a header: an answer, never an error of ours."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/", "/cases/SSB/?q=%00", "/applications/?a=%00", "/a%00b/"])
def test_a_foreign_host_and_control_characters_are_answered_with_400(settings, db, path):
    settings.ALLOWED_HOSTS = ["ours.example"]
    client = Client(raise_request_exception=False)
    host = "elsewhere.example" if path == "/" else "ours.example"
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert "could not read" in answer.content.decode()


def test_a_session_cookie_that_no_database_takes_is_no_error(db):
    client = Client(raise_request_exception=False)
    answer = client.get("/me/", headers={"cookie": 'sessionid="aaaaaaaaaaaa\\000b"'})
    assert answer.status_code == 302
