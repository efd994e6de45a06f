"""How long an answer takes tells nobody which addresses have an account: the work that costs time,
digesting a password, is done as often for an unknown address as for a known one."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from tests.people import PASSWORD, person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def digested(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], int]:
    """How often a password is digested during a call."""
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = MD5PasswordHasher.encode

    def count(act: Callable[[], Any]) -> int:
        calls = mock.Mock()

        def encode(self: Any, *args: Any, **kwargs: Any) -> str:
            calls()
            return plain(self, *args, **kwargs)

        with mock.patch.object(MD5PasswordHasher, "encode", encode):
            act()
        return calls.call_count

    return count


def people() -> dict[str, str]:
    """Addresses by what is known of them."""
    person("Known", "known@example.no")
    closed = person("Closed", "closed@example.no")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    without = person("Without", "without@example.no")
    without.set_unusable_password()
    without.save()
    return {
        "known": "known@example.no",
        "closed": "closed@example.no",
        "without a password": "without@example.no",
        "unknown": "unknown@example.no",
    }


def of_each(digested: Any, post: Callable[[str], Any]) -> dict[str, int]:
    return {what: digested(lambda to=to: post(to)) for what, to in people().items()}


def test_signing_up_does_the_same_work_for_every_address(digested: Any) -> None:
    def post(address: str) -> None:
        data = {"email": address, "name": "Ny", "password1": "korrekt-hest-batteri-55"}
        answer = Client().post(reverse("account_signup"), {**data, "password2": data["password1"]})
        assert answer.status_code == 302, answer.context["form"].errors

    done = of_each(digested, post)
    assert len(set(done.values())) == 1, done
    assert done["known"] >= 1


def test_signing_in_does_the_same_work_for_every_address(digested: Any) -> None:
    def post(address: str) -> None:
        Client().post(reverse("account_login"), {"login": address, "password": "not the password"})

    done = of_each(digested, post)
    assert set(done.values()) == {1}, done


def test_asking_for_a_new_password_does_the_same_work_for_every_address(digested: Any) -> None:
    done = of_each(
        digested, lambda to: Client().post(reverse("account_reset_password"), {"email": to})
    )
    assert len(set(done.values())) == 1, done


def test_changing_the_address_does_the_same_work_for_every_address(digested: Any) -> None:
    me = person("Me", "me@example.no")

    def post(address: str) -> None:
        client = sign_in(Client(), me, fresh=True)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.post(reverse("account_email"), {"email": address, "action_add": ""})

    done = of_each(digested, post)
    assert len(set(done.values())) == 1, done
