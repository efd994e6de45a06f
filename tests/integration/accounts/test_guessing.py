"""Guessing is slowed down; the owner of the account is never locked out by it."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from portal.accounts import throttle
from tests.integration.accounts.test_second_factor import SECRET, code
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db
WAIT = "Too many failed attempts from here"


def log_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def exhaust(client: Client, email: str) -> None:
    for _ in range(5):
        log_in(client, email, "wrong password 12")


def test_after_five_failures_a_browser_waits(visitor) -> None:
    person(email="kari@example.no")
    guesser = visitor("192.0.2.66")
    exhaust(guesser, "kari@example.no")
    assert WAIT in log_in(guesser, "kari@example.no").content.decode()


def test_unknown_addresses_are_throttled_alike(visitor) -> None:
    guesser = visitor("192.0.2.66")
    exhaust(guesser, "nobody@example.no")
    assert WAIT in log_in(guesser, "nobody@example.no").content.decode()


def test_the_owner_gets_in_from_elsewhere_while_somebody_guesses(visitor) -> None:
    person(email="kari@example.no")
    exhaust(visitor("192.0.2.66"), "kari@example.no")
    assert log_in(visitor("198.51.100.7"), "kari@example.no").status_code == 302


def test_the_owners_browser_gets_in_even_from_the_guessers_address(visitor) -> None:
    person(email="kari@example.no")
    own = visitor("192.0.2.66")
    log_in(own, "kari@example.no")
    own.post(reverse("account_logout"))
    exhaust(visitor("192.0.2.66"), "kari@example.no")
    assert log_in(own, "kari@example.no").status_code == 302


def test_many_addresses_together_are_slowed_down_but_not_the_owners_browser(
    visitor, settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_strangers": "8/h/key"}
    person(email="kari@example.no")
    own = visitor("198.51.100.7")
    log_in(own, "kari@example.no")
    own.post(reverse("account_logout"))
    for host in range(10):
        log_in(visitor(f"203.0.113.{host}"), "kari@example.no", "wrong password 12")
    assert WAIT in log_in(visitor("203.0.113.200"), "kari@example.no").content.decode()
    assert log_in(own, "kari@example.no").status_code == 302


def test_a_new_password_by_mail_makes_any_browser_the_owners(visitor, settings, link) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_strangers": "2/h/key"}
    person(email="kari@example.no")
    for host in range(4):
        log_in(visitor(f"203.0.113.{host}"), "kari@example.no", "wrong password 12")
    new = visitor("198.51.100.9")
    assert WAIT in log_in(new, "kari@example.no").content.decode()
    new.post(reverse("account_reset_password"), {"email": "kari@example.no"})
    form = new.get(link(), follow=True)
    word = "six rainy days in bergen"
    new.post(form.request["PATH_INFO"], {"password1": word, "password2": word})
    assert log_in(new, "kari@example.no", word).status_code == 302


def test_a_forged_or_foreign_mark_opens_nothing(visitor) -> None:
    person(email="kari@example.no")
    person(email="thief@example.no")
    thief = visitor("192.0.2.66")
    log_in(thief, "thief@example.no")
    thief.post(reverse("account_logout"))
    request = thief.get("/").wsgi_request
    assert throttle.knows(request, "thief@example.no")
    assert not throttle.knows(request, "kari@example.no")
    thief.cookies[throttle.cookie()] = "forged:mark"
    assert not throttle.knows(thief.get("/").wsgi_request, "kari@example.no")


def test_codes_cannot_be_guessed_and_the_owner_is_not_locked_out(visitor) -> None:
    user = person(email="kari@example.no")
    TOTP.activate(user, SECRET)
    spare = RecoveryCodes.activate(user).get_unused_codes()[0]
    own = visitor("198.51.100.7")
    log_in(own, user.email)
    own.post(reverse("mfa_authenticate"), {"code": spare})
    own.post(reverse("account_logout"))
    thief = visitor("192.0.2.66")
    log_in(thief, user.email)
    for _ in range(5):
        thief.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = thief.post(reverse("mfa_authenticate"), {"code": code()})
    assert "Too many wrong codes" in answer.content.decode()
    log_in(own, user.email)
    assert own.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302


def test_asking_for_new_passwords_is_throttled_alike(visitor) -> None:
    person(email="kari@example.no")
    for email in ("kari@example.no", "nobody@example.no"):
        asker = visitor("192.0.2.66")
        answers = [
            asker.post(reverse("account_reset_password"), {"email": email}).status_code
            for _ in range(6)
        ]
        assert answers == [302] * 5 + [429]
