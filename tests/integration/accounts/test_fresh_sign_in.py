"""A fresh confirmation for what binds: by second factor for who has one; no typed text is lost."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts import kept
from tests.integration.accounts.test_second_factor import SECRET, code
from tests.people import PASSWORD, institution, member, person, sign_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def role_page(db) -> tuple:
    """An administrator, a member, and the address where roles are given (it asks for freshness)."""
    home = institution()
    boss, colleague = person("Boss", "boss@example.no"), person()
    member(boss, home, "administrator")
    held = member(colleague, home)
    return boss, held, reverse("institutions:edit_member", args=[home.pk, held.pk])


FORM = {
    "roles": ["researcher", "signatory"],
    "title": "Direktør",
    "authority": "Fullmakt\n1/2026",
    "authority_from": "2026-01-01",
}


def with_document() -> dict:
    """The form as it is sent with its file; a browser keeps no file over a confirmation."""
    return FORM | {"document": SimpleUploadedFile("fullmakt.pdf", b"%PDF-1.7 not looked at yet")}


def test_without_a_fresh_confirmation_nothing_is_done_and_the_text_is_kept(
    client: Client, role_page
) -> None:
    boss, held, page = role_page
    sign_in(client, boss, second_factor=False)
    asked = client.post(page, FORM)
    assert asked.url == f"{reverse('account_reauthenticate')}?next=%2Fme%2Fresume%2F"
    held.refresh_from_db()
    assert held.roles == ["researcher"]
    done = client.post(asked.url, {"password": PASSWORD, "next": "/me/resume/"})
    assert done.url == "/me/resume/"
    resumed = client.get(done.url)
    text = resumed.content.decode()
    assert f'action="{page}"' in text
    assert 'value="Fullmakt\r\n1/2026"' in text or 'value="Fullmakt\n1/2026"' in text
    assert text.count('name="roles"') == 2
    assert client.post(page, with_document()).status_code == 302
    held.refresh_from_db()
    assert held.roles == ["researcher", "signatory"]
    assert kept.KEY not in client.session, "nothing stays behind"


def test_a_wrong_password_confirms_nothing(client: Client, role_page) -> None:
    boss, held, page = role_page
    sign_in(client, boss, second_factor=False)
    asked = client.post(page, FORM)
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    client.post(page, FORM)
    held.refresh_from_db()
    assert held.roles == ["researcher"]


def test_a_confirmation_counts_for_five_minutes(client: Client, role_page) -> None:
    boss, held, page = role_page
    sign_in(client, boss, second_factor=False)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with clock.frozen(clock.now() + timedelta(minutes=4)):
        assert client.post(page, {"roles": []}).status_code == 200, "taken, and found wrong"
    with clock.frozen(clock.now() + timedelta(minutes=5, seconds=1)):
        assert client.post(page, FORM).status_code == 302
    held.refresh_from_db()
    assert held.roles == ["researcher"]


def test_signing_in_is_not_yet_a_confirmation(client: Client, role_page) -> None:
    boss, _held, page = role_page
    client.post(reverse("account_login"), {"login": boss.email, "password": PASSWORD})
    assert "reauthenticate" in client.post(page, FORM).url


def test_who_has_a_second_factor_cannot_confirm_by_password(client: Client, role_page) -> None:
    boss, held, page = role_page
    TOTP.activate(boss, SECRET)
    sign_in(client, boss)
    asked = client.post(page, FORM)
    assert asked.url.startswith(reverse("mfa_reauthenticate"))
    by_password = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert by_password.url.startswith(reverse("mfa_reauthenticate"))
    client.post(page, FORM)
    held.refresh_from_db()
    assert held.roles == ["researcher"]
    client.post(asked.url, {"code": code()})
    client.post(page, with_document())
    held.refresh_from_db()
    assert "signatory" in held.roles


def test_the_key_changes_when_somebody_confirms(client: Client) -> None:
    sign_in(client, person(), second_factor=False)
    before = client.session.session_key
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.session.session_key != before


def test_going_on_is_only_for_who_was_interrupted(client: Client, role_page) -> None:
    boss, _held, page = role_page
    sign_in(client, boss, second_factor=False)
    client.post(page, FORM)
    other = Client()
    sign_in(other, person("Per", "per@example.no"))
    assert other.get("/me/resume/").url == "/me/"


def test_a_fragment_sends_the_whole_page_to_confirm(client: Client, role_page) -> None:
    boss, _held, page = role_page
    sign_in(client, boss, second_factor=False)
    answer = client.post(page, FORM, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(reverse("account_reauthenticate"))


def test_typed_text_can_be_shown_again_in_its_form(rf) -> None:
    user = person()
    request = rf.post("/x/?a=1", {"reasons": ["one", "two"], "csrfmiddlewaretoken": "t"})
    request.session, request.user = {}, user
    assert kept.keep(request, user, "fresh")
    again = rf.get("/x/?a=1")
    again.session, again.user = request.session, user
    typed = kept.typed(again)
    assert typed is not None
    assert typed.getlist("reasons") == ["one", "two"]
    assert "csrfmiddlewaretoken" not in typed
    elsewhere = rf.get("/y/")
    elsewhere.session, elsewhere.user = request.session, user
    assert kept.typed(elsewhere) is None


def test_staff_confirm_with_their_second_factor(client: Client) -> None:
    officer = staff("decision_maker")
    TOTP.activate(officer, SECRET)
    sign_in(client, officer)
    answer = client.post(reverse("accounts:sign_out_elsewhere"))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
