"""Whatever somebody types into an address or a field: an answer, never an error of ours."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.integration.applications.conftest import made
from tests.integration.objects import FILLERS, address, every_address, furnish, values
from tests.integration.test_every_address import signed_in

# What gets past the door (tests/unit/portal/test_given.py) and is no usual value.
ODD = ("²", "-1", "9" * 30, "\ufffd\U0001f30a'\"%s\\", '{"a": "\\ud800\\u0000"}')
ASKED = (
    "after", "q", "queue", "state", "assignee", "type", "agency", "year", "register", "area",
    "show", "source", "which", "part", "next", "page", "list", "sheet", "case", "asked", "row",
)  # fmt: skip
NAMES = re.compile(r'name="([^"]{1,80})"')
WORDS = {"StringConverter": ODD, "SlugConverter": ("-1", "9" * 30), "IntConverter": ("9" * 30,)}
# Who is most likely to get in.
WHO = (
    ("cases:", "agency_admin"), ("decisions:", "case_officer"), ("catalogue:import", "agency_admin"),
    ("institutions:", "agency_admin"), ("institutions:", "institution_admin"), ("", "applicant"),
    ("cases:", "case_officer"),
)  # fmt: skip
LEAVES = ("account_logout", "accounts:end_session", "demo:sign_in", "accounts:sign_out_elsewhere")


def in_words(name: str, place: str, how: str, answer: HttpResponse) -> tuple:
    return name, how, place[-60:], answer.status_code


@pytest.fixture
def world(transactional_db):
    world = made()
    world.case = furnish(world, world.submitted())
    return world


def clients(world):
    """(beginning of names, client): each signed in for good, errors as answers."""
    made_ = {}
    for head, who in WHO:
        client = made_.setdefault(who, signed_in(world[who]))
        client.raise_request_exception = False
        yield head, client


def test_no_odd_value_in_an_address_or_a_field_is_an_error_of_ours(world):
    told, broken = values(world.case), []
    visitors = list(clients(world))
    for name, converters in every_address():
        if name in LEAVES:
            continue
        try:
            place = address(name, converters, told)
        except NoReverseMatch:  # allauth's own patterns, whose keys are signed
            continue
        for head, client in visitors:
            if not name.startswith(head):
                continue
            page = client.get(place)
            fields = (
                set(NAMES.findall(page.content.decode("utf-8", "replace")))
                if not page.streaming
                else set()
            )
            fields -= {"csrfmiddlewaretoken"}
            for odd in ODD:
                asked = client.get(place, dict.fromkeys((*ASKED, *sorted(fields)[:40]), odd))
                if asked.status_code >= 500:
                    broken.append(in_words(name, place, f"GET {odd}", asked))
                posted = dict.fromkeys((*sorted(fields), "version", "row", "seen", "base"), odd)
                answer = client.post(place, posted)
                if answer.status_code >= 500:
                    broken.append(in_words(name, place, f"POST {odd}", answer))
            break
        for key, kind in converters.items():
            for odd in WORDS.get(type(kind).__name__, ()):
                parts = {k: told.get(k) or FILLERS[type(c).__name__] for k, c in converters.items()}
                try:
                    strange = reverse(name, kwargs=parts | {key: odd})
                except NoReverseMatch:
                    continue
                answer = visitors[0][1].get(strange)
                if answer.status_code >= 500:
                    broken.append(in_words(name, strange, f"path {odd}", answer))
    assert broken == []


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
