"""Staff need a second factor before anything else; without one they are nobody."""

import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.accounts import codes_used, commands, policy
from portal.events.models import Event
from tests.people import PASSWORD, give, person, sign_in, staff

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


def code(ahead: int = 0) -> str:
    """The code that an app with SECRET shows now (or `ahead` steps of 30 seconds later)."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + ahead))


def log_in(client: Client, user):
    data = {"login": user.email, "password": PASSWORD}
    return client.post(reverse("account_login"), data)


def roles_of_session(client: Client) -> frozenset[str]:
    """The staff roles that pages see for who is signed in on `client`."""
    return policy.staff_roles(client.get(reverse("account_logout")).wsgi_request.user, "SSB")


def test_staff_without_a_second_factor_get_no_further_than_its_set_up(client: Client) -> None:
    officer = staff("case_officer")
    log_in(client, officer)
    for page in ("accounts:me", "institutions:join", "ui:front", "account_email"):
        answer = client.get(reverse(page))
        assert answer.status_code == 302, page
        assert answer.url.startswith(reverse("accounts:second_factor")), page
    assert client.get(reverse("accounts:second_factor")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200


def test_staff_without_a_second_factor_are_nobody(client: Client) -> None:
    officer = staff("case_officer")
    log_in(client, officer)
    assert roles_of_session(client) == frozenset()
    sign_in(client, officer)
    assert roles_of_session(client) == {"case_officer"}
    assert policy.staff_roles(officer, "SSB") == {"case_officer"}, "asked about, not signed in"


def test_staff_set_up_an_app_and_are_let_in(client: Client) -> None:
    officer = staff("case_officer")
    log_in(client, officer)
    page = reverse("mfa_activate_totp")
    asked = client.get(page)
    assert asked.url.startswith(reverse("account_reauthenticate")), "a fresh confirmation first"
    client.post(asked.url, {"password": PASSWORD, "next": page})
    form = client.get(page)
    assert form.status_code == 200
    secret = form.context["form"].secret
    value = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with_codes = client.post(page, {"code": value})
    assert with_codes.url == reverse("mfa_view_recovery_codes")
    held = Authenticator.objects.get(user=officer, type="totp")
    assert secret not in str(held.data), "the secret is unreadable in the database"


@pytest.mark.django_db(transaction=True)
def test_a_new_app_counts_for_this_session_at_once(client: Client) -> None:
    officer = staff("case_officer")
    log_in(client, officer)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    value = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(reverse("mfa_activate_totp"), {"code": value})
    assert client.get(reverse("accounts:me")).status_code == 200
    assert Event.objects.filter(type="user.second_factor_added").exists()
    held = Authenticator.objects.get(user=officer, type="totp")
    assert not codes_used.accept(held, value), "the code is used up"


@pytest.mark.django_db(transaction=True)
def test_staff_who_remove_their_last_factor_are_nobody_again(client: Client) -> None:
    officer = staff("case_officer")
    TOTP.activate(officer, SECRET)
    log_in(client, officer)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("accounts:me")).status_code == 200
    client.post(reverse("mfa_reauthenticate"), {"code": code(1)})
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(reverse("accounts:me")).url.startswith(reverse("accounts:second_factor"))


def test_the_password_alone_does_not_sign_in_who_has_a_second_factor(client: Client) -> None:
    user = person()
    TOTP.activate(user, SECRET)
    assert log_in(client, user).url == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:me")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).url == reverse("accounts:me")


def test_a_code_works_once(client: Client) -> None:
    user = person()
    TOTP.activate(user, SECRET)
    value = code()
    log_in(client, user)
    assert client.post(reverse("mfa_authenticate"), {"code": value}).status_code == 302
    thief = Client()
    log_in(thief, user)
    assert thief.post(reverse("mfa_authenticate"), {"code": value}).status_code == 200


@pytest.mark.parametrize("way", ["sign-in", "fresh sign-in"])
def test_a_code_that_was_used_does_not_count_again_while_it_would_still_be_valid(
    client: Client, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    user = person()
    TOTP.activate(user, SECRET)
    value, older = code(), code(-1)
    log_in(client, user)
    assert client.post(reverse("mfa_authenticate"), {"code": value}).status_code == 302
    # 39 seconds later, and nothing is remembered in the cache any more.
    later = time.time() + 39
    monkeypatch.setattr(time, "time", lambda: later)
    cache.clear()
    thief = Client()
    if way == "sign-in":
        log_in(thief, user)
        page = reverse("mfa_authenticate")
    else:
        sign_in(thief, user)
        page = reverse("mfa_reauthenticate")
    for used in (value, older):
        assert thief.post(page, {"code": used}).status_code == 200, "a used one, and one before it"
    assert thief.post(page, {"code": code()}).status_code == 302


def test_a_recovery_code_works_once(client: Client) -> None:
    user = person()
    TOTP.activate(user, SECRET)
    value = RecoveryCodes.activate(user).get_unused_codes()[0]
    assert len(value) == 10
    log_in(client, user)
    assert client.post(reverse("mfa_authenticate"), {"code": value}).status_code == 302
    again = Client()
    log_in(again, user)
    assert again.post(reverse("mfa_authenticate"), {"code": value}).status_code == 200


def test_a_role_given_during_a_session_asks_for_the_second_factor_at_once(client: Client) -> None:
    user = person()
    sign_in(client, user, second_factor=False)
    assert client.get(reverse("accounts:me")).status_code == 200
    give(user, "case_officer")
    assert client.get(reverse("accounts:me")).url.startswith(reverse("accounts:second_factor"))


def test_staff_who_have_a_factor_but_did_not_show_it_are_asked_for_it(client: Client) -> None:
    officer = staff("case_officer")
    TOTP.activate(officer, SECRET)
    sign_in(client, officer, second_factor=False)
    asked = client.get(reverse("accounts:me"))
    assert asked.url.startswith(reverse("mfa_reauthenticate"))
    client.post(asked.url, {"code": code()})
    assert roles_of_session(client) == {"case_officer"}


def test_a_role_taken_away_bites_at_the_next_request(client: Client) -> None:
    officer = staff("case_officer")
    sign_in(client, officer)
    assert roles_of_session(client) == {"case_officer"}
    commands.revoke_role(officer.staff_roles.get(), person("Boss", "boss@example.no"))
    assert roles_of_session(client) == frozenset()


def test_a_lost_factor_is_reset_and_every_session_ends(client: Client) -> None:
    officer = staff("case_officer")
    TOTP.activate(officer, SECRET)
    sign_in(client, officer)
    assert commands.reset_second_factor(officer, "system:test") == 1
    assert client.get(reverse("accounts:me")).url.startswith(reverse("account_login"))
    log_in(client, officer)
    assert client.get(reverse("accounts:me")).url.startswith(reverse("accounts:second_factor"))


def test_the_secrets_need_the_key() -> None:
    from cryptography.fernet import InvalidToken
    from django.test import override_settings

    user = person()
    held = TOTP.activate(user, SECRET)
    with override_settings(SECRET_KEY="another"), pytest.raises(InvalidToken):
        held.validate_code(code())
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["only for tests"]):
        assert held.validate_code(code())


def test_passkey_pages_render(client: Client) -> None:
    sign_in(client, person(), second_factor=False)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_add_webauthn")).content.decode()
    assert "<script>" not in page
    assert 'id="passkey_data" type="application/json"' in page
    assert client.get(reverse("mfa_list_webauthn")).status_code == 200
    answer = client.post(reverse("mfa_add_webauthn"), {"credential": "{}", "name": "x"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_staff_without_a_second_factor_see_no_way_to_cases(client: Client) -> None:
    officer = staff("case_officer")
    log_in(client, officer)
    page = client.get(reverse("accounts:second_factor")).content.decode()
    assert "/cases/" not in page
    sign_in(client, officer)
    assert "/cases/" in client.get(reverse("accounts:second_factor")).content.decode()


def test_were_the_middleware_missing_staff_would_be_nobody(client: Client, settings) -> None:
    officer = staff("case_officer")
    sign_in(client, officer)
    assert "/cases/" in client.get(reverse("ui:about")).content.decode()
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "portal.accounts" not in m]
    bare = Client()  # a client keeps the middleware of its first request
    bare.cookies = client.cookies
    page = bare.get(reverse("ui:about")).content.decode()
    assert officer.name in page
    assert "/cases/" not in page


def test_an_operator_takes_lost_second_factors_away_by_command():
    person("Kari", "kari@example.no")
    out = StringIO()
    call_command("reset_second_factor", "KARI@example.no", stdout=out)
    assert out.getvalue() == "0 removed; all sessions of kari@example.no are ended\n"
    with pytest.raises(CommandError, match="nobody has an account"):
        call_command("reset_second_factor", "nobody@example.no")
