"""Where somebody is signed in: they see it, and end one or all others."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from portal import clock
from portal.accounts import listing, sessions
from portal.accounts.models import OpenSession
from portal.accounts.tasks import clear_sessions
from portal.events.models import Event
from tests.people import PASSWORD, person, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
PAGE = "/me/sessions/"


def log_in(user, agent: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_each_sign_in_is_listed_with_its_kind_of_browser() -> None:
    user = person()
    here, phone = log_in(user, FIREFOX), log_in(user, IPHONE)
    text = here.get(PAGE).content.decode()
    assert "Firefox, Linux" in text
    assert "Safari, iOS" in text
    assert text.count("(this one)") == 1
    phone.post(reverse("account_logout"))
    assert "Safari, iOS" not in here.get(PAGE).content.decode()
    assert PAGE in here.get("/me/").content.decode()


def test_one_of_them_is_ended_from_another_and_told() -> None:
    user = person()
    here, phone = log_in(user, FIREFOX), log_in(user, IPHONE)
    lost = OpenSession.objects.get(browser="Safari, iOS")
    end = reverse("accounts:end_session", args=[lost.pk])
    assert "reauthenticate" in here.post(end).url, "a fresh sign-in is asked for"
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert here.post(end).url == PAGE
    assert "login" in phone.get("/me/").url
    assert here.get("/me/").status_code == 200
    assert Event.objects.filter(type="user.session_ended").count() == 1
    assert here.post(end).status_code == 404, "there is none any more"


def test_anothers_session_is_neither_seen_nor_ended() -> None:
    log_in(person("Per", "per@example.no"), IPHONE)
    theirs = OpenSession.objects.get()
    me = sign_in(Client(), person(), second_factor=False, fresh=True)
    assert "iOS" not in me.get(PAGE).content.decode()
    assert me.post(reverse("accounts:end_session", args=[theirs.pk])).status_code == 404
    assert OpenSession.objects.filter(pk=theirs.pk).exists()


def test_confirming_keeps_one_row_though_the_key_changes() -> None:
    user = person()
    here = log_in(user, FIREFOX)
    before = OpenSession.objects.get().session_key
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert OpenSession.objects.get().session_key == here.session.session_key != before


def test_what_is_over_is_not_listed_and_goes() -> None:
    user = person()
    log_in(user, FIREFOX)
    phone = log_in(user, IPHONE)
    phone.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        phone.post(reverse("accounts:sign_out_elsewhere"))
        user.refresh_from_db()
        assert [row.browser for row in listing.of(user)] == ["Safari, iOS"]
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert not listing.of(user)
    phone.post(reverse("account_logout"))
    clear_sessions()
    assert [row.browser for row in OpenSession.objects.all()] == ["Firefox, Linux"]


def test_no_network_address_and_no_key_is_shown() -> None:
    here = log_in(person(), FIREFOX)
    text = here.get(PAGE).content.decode()
    assert here.session.session_key not in text
    assert "127.0.0.1" not in text


def test_two_requests_at_once_of_a_session_of_before_are_one_line(client: Client) -> None:
    """A session that began before sessions were listed: its page and what the page asks for."""
    kari = person()
    sign_in(client, kari)
    facts, told = dict(client.session[sessions.KEY]), []
    assert "id" not in facts
    for _each in range(2):
        request = RequestFactory().get("/me/")
        request.user, request.session = kari, client.session
        told.append(dict(facts))
        listing.show(request, kari, told[-1])
    assert told[0]["id"] == told[1]["id"]
    assert OpenSession.objects.count() == 1
