"""Every address of sign-in: open to all, or only to who is signed in; and each page renders."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.events.models import Event
from tests.people import PASSWORD, person, sign_in, staff

pytestmark = pytest.mark.django_db

# name -> (arguments, visitor, signed in, signed in and just confirmed)
OPEN, AWAY, SIGN_IN, CONFIRM, GONE = 200, "/me/", "login", "reauthenticate", 404
BY_POST = 405
TABLE: dict[str, tuple[list, object, object, object]] = {
    "account_login": ([], OPEN, AWAY, AWAY),
    "account_logout": ([], "/", OPEN, OPEN),
    "account_inactive": ([], OPEN, OPEN, OPEN),
    "account_signup": ([], OPEN, AWAY, AWAY),
    "account_reauthenticate": ([], SIGN_IN, OPEN, OPEN),
    "account_email": ([], SIGN_IN, OPEN, OPEN),
    "account_email_verification_sent": ([], OPEN, OPEN, OPEN),
    "account_confirm_email": (["no-such-key"], OPEN, OPEN, OPEN),
    "account_change_password": ([], SIGN_IN, OPEN, OPEN),
    "account_set_password": (
        [],
        SIGN_IN,
        "/accounts/password/change/",
        "/accounts/password/change/",
    ),
    "account_reset_password": ([], OPEN, OPEN, OPEN),
    "account_reset_password_done": ([], OPEN, OPEN, OPEN),
    "account_reset_password_from_key": (["0", "no-such-key"], OPEN, OPEN, OPEN),
    "account_reset_password_from_key_done": ([], OPEN, OPEN, OPEN),
    "account_confirm_login_code": ([], SIGN_IN, AWAY, AWAY),
    "mfa_index": ([], SIGN_IN, OPEN, OPEN),
    "mfa_authenticate": ([], SIGN_IN, AWAY, AWAY),
    "mfa_reauthenticate": ([], SIGN_IN, CONFIRM, CONFIRM),
    "mfa_activate_totp": ([], SIGN_IN, CONFIRM, OPEN),
    "mfa_deactivate_totp": ([], SIGN_IN, GONE, GONE),
    "mfa_view_recovery_codes": ([], SIGN_IN, GONE, GONE),
    "mfa_generate_recovery_codes": ([], SIGN_IN, CONFIRM, OPEN),
    "mfa_download_recovery_codes": ([], SIGN_IN, GONE, GONE),
    "mfa_list_webauthn": ([], SIGN_IN, OPEN, OPEN),
    "mfa_add_webauthn": ([], SIGN_IN, CONFIRM, OPEN),
    "mfa_reauthenticate_webauthn": ([], SIGN_IN, CONFIRM, CONFIRM),
    "mfa_remove_webauthn": ([1], SIGN_IN, CONFIRM, GONE),
    "mfa_edit_webauthn": ([1], SIGN_IN, CONFIRM, GONE),
    "mfa_login_webauthn": ([], SIGN_IN, AWAY, AWAY),
    "socialaccount_provider_login": (["nobody"], BY_POST, BY_POST, BY_POST),
    "socialaccount_provider_callback": (["nobody"], GONE, GONE, GONE),
    "socialaccount_provider_confirm": (["nobody"], SIGN_IN, GONE, GONE),
    "socialaccount_signup": ([], SIGN_IN, SIGN_IN, SIGN_IN),
    "socialaccount_connections": ([], "/me/sign-in/", "/me/sign-in/", "/me/sign-in/"),
}


def names(patterns: list) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


def test_every_address_stands_in_the_table() -> None:
    assert set(names(get_resolver("portal.accounts.urls_sign_in").url_patterns)) == set(TABLE)


def seen(client: Client, name: str) -> object:
    answer = client.get(reverse(name, args=TABLE[name][0]))
    return answer.url if answer.status_code == 302 else answer.status_code


def fits(found: object, expected: object) -> bool:
    return found == expected or (isinstance(found, str) and str(expected) in found)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_gets_which_page(name: str) -> None:
    _args, visitor, signed_in, confirmed = TABLE[name]
    assert fits(seen(Client(), name), visitor), seen(Client(), name)
    client = sign_in(Client(), person(), second_factor=False)
    assert fits(seen(client, name), signed_in), seen(client, name)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    events = Event.objects.count()
    assert fits(seen(client, name), confirmed), seen(client, name)
    assert Event.objects.count() == events, "reading writes nothing"


@pytest.mark.parametrize("name", sorted(set(TABLE) - {"account_logout", "account_reauthenticate"}))
def test_staff_without_a_second_factor_reach_only_its_set_up(name: str) -> None:
    client = sign_in(Client(), staff("case_officer"), second_factor=False)
    found = seen(client, name)
    if name in ("mfa_activate_totp", "mfa_add_webauthn") or name in (
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    ):
        assert fits(found, CONFIRM)
    elif name in ("socialaccount_provider_callback", "socialaccount_provider_confirm"):
        assert found == GONE, "open, so that a stronger provider can be used instead"
    else:
        assert fits(found, reverse("accounts:second_factor")), found
