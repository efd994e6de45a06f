"""Whatever somebody types into an address, a field or a header: an answer, never an error of ours."""

import logging

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.integration.applications.conftest import made
from tests.integration.objects import FILLERS, address, every_address, furnish, values
from tests.integration.sweeping import Sweep, Visitor
from tests.integration.test_more_fields_than_asked import signed_in

# Who does what at addresses that begin so.
WHO = (
    ("cases:", ("agency_admin", "case_officer")),
    ("decisions:", ("case_officer", "applicant")),
    ("catalogue:import", ("agency_admin",)),
    ("institutions:", ("agency_admin", "institution_admin", "applicant")),
    ("account_", ("", "applicant")),
    ("mfa_", ("", "applicant")),
    ("socialaccount_", ("", "applicant")),
    ("applications:", ("applicant", "case_officer")),
    ("", ("applicant",)),
)
# Foreign patterns, for which reverse() knows no filler.
FOREIGN = {
    "mfa_remove_webauthn": {"pk": "9" * 30},
    "mfa_edit_webauthn": {"pk": "9" * 30},
    "account_confirm_email": {"key": "MQ:x"},
    "account_reset_password_from_key": {"uidb36": "zzzzzzzzzz", "key": "x-x"},
}
STRANGE = {
    "StringConverter": ("²", "-1", "9" * 30, "\ufffd'\"%s\\"),
    "SlugConverter": ("-1", "9" * 30),
    "IntConverter": ("2147483648", "9" * 30),
}


@pytest.fixture
def world(transactional_db):
    logging.disable(logging.CRITICAL)  # what is refused is logged, hundreds of times
    yield made()
    logging.disable(logging.NOTSET)


def place_of(name, converters, told):
    try:
        return address(name, converters, told)
    except NoReverseMatch:
        return reverse(name, kwargs=FOREIGN[name])


def strange_places(name, converters, told):
    parts = {k: told.get(k) or FILLERS[type(c).__name__] for k, c in converters.items()}
    for key, kind in converters.items():
        for odd in STRANGE.get(type(kind).__name__, ()):
            yield reverse(name, kwargs=parts | {key: odd})


def test_no_odd_value_in_an_address_or_a_field_is_an_error_of_ours(world):
    sent = values(furnish(world, world.submitted()))
    draft = values(world.complete())
    visitors = {who: Visitor(signed_in(world[who])) for _head, some in WHO for who in some if who}
    visitors[""] = Visitor(Client())
    sweep = Sweep()
    for name, converters in every_address():
        some = next(some for head, some in WHO if name.startswith(head))
        at = [(who, sent) for who in some]
        if name.startswith("applications:"):
            at.insert(0, ("applicant", draft))
        within = [
            who for who, told in at
            if sweep.over(visitors[who], name, place_of(name, converters, told))
        ]  # fmt: skip
        for place in strange_places(name, converters, sent):
            sweep.plainly(visitors[(within or some)[0]], name, place)
    assert sorted(sweep.broken) == []
    # It has seen what there is to see.
    assert {"after", "q", "state"} <= sweep.done["GET cases:queue"]
    posted = {n for what, names in sweep.done.items() if what.startswith("POST") for n in names}
    assert {"version", "email"} <= posted


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
