"""Making an account, signing in, forgetting a password; answers tell nobody who has an account."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from portal.accounts.models import User
from portal.events.models import Event
from tests.people import PASSWORD, person, sign_in

pytestmark = pytest.mark.django_db
GOOD = "six rainy days in bergen"


def sign_up(client: Client, email: str, **more: str):
    data = {"name": "Ola Nordmann", "email": email, "password1": GOOD, **more}
    return client.post(reverse("account_signup"), data)


def log_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_an_account_works_when_the_link_in_the_mail_was_opened(client: Client, mails, link) -> None:
    assert sign_up(client, "ola@example.no").url == reverse("account_email_verification_sent")
    assert mails()[-1]["to"] == "ola@example.no"
    assert client.get(reverse("accounts:me")).status_code == 302, "not signed in yet"
    assert client.get(link()).status_code == 200, "opening the link alone confirms nothing"
    assert not EmailAddress.objects.get(email="ola@example.no").verified
    assert client.post(link()).url == reverse("institutions:join")
    assert client.get(reverse("accounts:me")).status_code == 200
    user = User.objects.get(email="ola@example.no")
    told = set(Event.objects.filter(stream=f"user:{user.pk}").values_list("type", flat=True))
    assert {"user.signed_up", "user.email_confirmed", "user.signed_in"} <= told
    assert not Event.objects.filter(stream=f"user:{user.pk}", data__icontains="ola@").exists()


def test_an_address_is_one_account_whatever_its_case(client: Client) -> None:
    person(email="kari@example.no")
    sign_up(client, "KARI@Example.NO")
    assert User.objects.count() == 1
    assert log_in(Client(), "Kari@EXAMPLE.no").url == reverse("accounts:me")


def test_sign_up_answers_alike_for_known_and_unknown_addresses(client: Client, mails) -> None:
    person(email="known@example.no")
    known, unknown = sign_up(client, "known@example.no"), sign_up(Client(), "new@example.no")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    pages = [c.get(reverse("account_email_verification_sent")) for c in (client, Client())]
    assert [p.status_code for p in pages] == [200, 200]
    subjects = {m["to"]: m["subject"] for m in mails()}
    assert subjects["known@example.no"] == "You have an account already"
    assert subjects["new@example.no"] == "Confirm your e-mail address"


def test_sign_in_answers_alike_for_known_and_unknown_addresses() -> None:
    person(email="known@example.no")
    pages = [
        log_in(Client(), e, "wrong password 12") for e in ("known@example.no", "new@example.no")
    ]
    texts = {
        p.content.decode().replace(e, "").split("<main")[1].split("</main>")[0]
        for p, e in zip(pages, ("known@example.no", "new@example.no"), strict=True)
    }
    stripped = {"".join(line for line in t.splitlines() if "csrf" not in line) for t in texts}
    assert len(stripped) == 1


def test_reset_answers_alike_for_known_and_unknown_addresses(mails) -> None:
    person(email="known@example.no")
    asked = reverse("account_reset_password")
    answers = [Client().post(asked, {"email": e}) for e in ("known@example.no", "new@example.no")]
    assert answers[0].url == answers[1].url == reverse("account_reset_password_done")
    assert [m["to"] for m in mails()] == ["known@example.no", "new@example.no"]


def test_a_forgotten_password_is_replaced_and_every_session_ends(client: Client, link) -> None:
    user = person(email="kari@example.no")
    elsewhere = sign_in(Client(), user)
    client.post(reverse("account_reset_password"), {"email": "kari@example.no"})
    form = client.get(link(), follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": GOOD, "password2": GOOD})
    assert done.url == reverse("account_reset_password_from_key_done")
    assert elsewhere.get(reverse("accounts:me")).status_code == 302
    assert log_in(Client(), "kari@example.no").status_code == 200, "the old password is void"
    assert log_in(client, "kari@example.no", GOOD).url == reverse("accounts:me")


def test_a_reset_link_works_once_and_holds_256_bits(client: Client, link) -> None:
    person(email="kari@example.no")
    client.post(reverse("account_reset_password"), {"email": "kari@example.no"})
    address = link()
    assert len(address.rstrip("/").rpartition("-")[2]) == 64
    form = client.get(address, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": GOOD, "password2": GOOD})
    again = Client().get(address, follow=True).content.decode()
    assert "The link is used up or too old" in again


@pytest.mark.parametrize(
    "bad", ["short", "password1234", "aaaaaaaaaaaaaaaa", "ola.nordmann.example", "123456789012"]
)
def test_a_password_that_is_easily_guessed_is_refused(client: Client, bad: str) -> None:
    answer = sign_up(client, "ola.nordmann@example.no", password1=bad)
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_sign_up_sets_nothing_but_what_its_form_asks(client: Client) -> None:
    sign_up(
        client,
        "ola@example.no",
        is_staff="1",
        is_superuser="1",
        is_active="0",
        id="00000000-0000-0000-0000-000000000001",
        role="agency_admin",
        agency="SSB",
        institution="1",
        sessions_ended_at="2020-01-01",
    )
    user = User.objects.get()
    assert str(user.pk) != "00000000-0000-0000-0000-000000000001"
    assert user.is_active
    assert user.sessions_ended_at is None
    assert not user.staff_roles.exists()
    assert not user.memberships.exists()
    assert not hasattr(user, "is_staff")
    assert not hasattr(user, "is_superuser")


def test_signing_in_goes_only_to_pages_of_ours(client: Client) -> None:
    person(email="kari@example.no")
    data = {"login": "kari@example.no", "password": PASSWORD, "next": "https://evil.example/"}
    answer = client.post(reverse("account_login"), data)
    assert answer.url == reverse("accounts:me")


def test_a_closed_account_cannot_sign_in_and_is_out_at_once(client: Client) -> None:
    from portal.accounts import commands

    user = person(email="kari@example.no")
    sign_in(client, user)
    commands.set_active(user, False, "system:test")
    assert client.get(reverse("accounts:me")).status_code == 302
    assert log_in(Client(), "kari@example.no").url == reverse("account_inactive")


def test_changing_the_address_takes_a_mail_to_the_new_one(client: Client, mails, link) -> None:
    user = person(email="kari@example.no")
    sign_in(client, user)
    asked = client.post(reverse("account_email"), {"email": "k@new.example", "action_add": ""})
    assert asked.url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "kari@new.example", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "kari@example.no"
    client.post(link())
    user.refresh_from_db()
    assert user.email == "kari@new.example"


@pytest.mark.parametrize("language", ["nn", "nb", "da", "sv", "en"])
@pytest.mark.parametrize("page", ["account_login", "account_signup", "account_reset_password"])
def test_the_pages_render_in_every_language(client: Client, language: str, page: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_what_people_write_is_shown_as_text(client: Client) -> None:
    name = "<script>alert(1)</script>"
    sign_in(client, person(name, "x@example.no"))
    page = client.get(reverse("accounts:me")).content.decode()
    assert name not in page
    assert escape(name) in page
