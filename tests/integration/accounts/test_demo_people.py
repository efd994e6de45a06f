"""The page "choose a person" is the demo's. Elsewhere it does not exist."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from institutions import selectors
from institutions.models import Institution
from portal.accounts import policy
from portal.accounts.models import User
from portal.events.mail import DemoBackend
from portal.events.models import Event
from portal.local import demo_people, people
from tests.people import person, sign_in

pytestmark = pytest.mark.django_db
ADDRESSES = {"people": "get", "sign_in": "post", "confirm": "get", "mail": "get"}


@pytest.fixture
def invented() -> dict[str, User]:
    return demo_people.ensure_people()


def be(client: Client, key: str) -> Client:
    client.cookies["django_language"] = "en"
    assert client.post(reverse("demo:sign_in"), {"person": key}).url == "/me/"
    return client


def test_the_people_are_made_once_by_the_same_commands_as_real_ones(invented) -> None:
    events, people_ = Event.objects.count(), User.objects.count()
    again = demo_people.ensure_people()
    assert again == invented
    assert (Event.objects.count(), User.objects.count()) == (events, people_)
    home = Institution.objects.get()
    assert list(selectors.administrators(home)) == [invented["institution_admin"]]
    assert list(selectors.signatories(home)) == [invented["signatory"]]
    assert selectors.is_member(invented["applicant"], home.pk)
    assert selectors.is_member(invented["colleague"], home.pk)
    assert policy.staff_roles(invented["decision_maker"], "SSB") == {"decision_maker"}
    assert policy.agencies(invented["dst_case_officer"]) == ["DST"]
    assert policy.agencies(invented["sos_decision_maker"]) == ["SOS"]


def test_everybody_can_be_chosen_and_reaches_their_page(client: Client, invented) -> None:
    page = client.get(reverse("demo:people")).content.decode()
    for key, user in invented.items():
        assert user.name in page
        be(client, key)
        assert user.name in client.get("/me/").content.decode()


def test_who_was_chosen_confirms_with_a_visible_button(client: Client, invented) -> None:
    be(client, "institution_admin")
    home = Institution.objects.get()
    held = selectors.membership(invented["colleague"], home.pk)
    page = reverse("institutions:edit_member", args=[home.pk, held.pk])
    form = {"roles": ["researcher", "signatory"], "title": "Leiar", "authority": "Fullmakt"}
    asked = client.post(page, form)
    assert asked.url.startswith(reverse("demo:confirm"))
    shown = client.get(asked.url).content.decode()
    assert "Confirm as Synnøve Haugland (demo)" in shown
    done = client.post(asked.url, {"next": "/me/resume/"})
    assert done.url == "/me/resume/"
    assert 'value="Leiar"' in client.get(done.url).content.decode()
    document = SimpleUploadedFile("fullmakt.pdf", b"%PDF-1.7 not looked at yet")
    client.post(page, form | {"authority_from": "2020-01-01", "document": document})
    assert "signatory" in selectors.roles_at(invented["colleague"], home.pk)


def test_only_invented_people_can_be_chosen(client: Client, invented) -> None:
    person(email="real@example.no")
    for key in ("real@example.no", "nobody", ""):
        assert client.post(reverse("demo:sign_in"), {"person": key}).status_code == 404
    assert client.get("/me/").status_code == 302


def test_who_signed_in_by_password_has_no_such_button(client: Client, invented) -> None:
    sign_in(client, invented["decision_maker"])
    assert client.post(reverse("demo:confirm"), {"next": "/me/"}).status_code == 404
    answer = client.post(reverse("accounts:sign_out_elsewhere"))
    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_the_button_leads_to_pages_of_ours_only(client: Client, invented) -> None:
    be(client, "applicant")
    answer = client.post(reverse("demo:confirm"), {"next": "https://evil.example/"})
    assert answer.url == "/me/"


def test_choosing_another_person_ends_the_first_ones_session(client: Client, invented) -> None:
    be(client, "applicant")
    key = client.session.session_key
    be(client, "case_officer")
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/me/").status_code == 302


def test_the_mails_are_shown_as_text_with_their_links(client: Client, settings, tmp_path) -> None:
    settings.DEMO_MAIL_DIR = tmp_path
    body = "See <b>this</b>:\n\nhttp://localhost:8000/institutions/registrations/\n"
    mail = EmailMessage("Something waits", body, to=["kare@ssb.example"])
    DemoBackend().send_messages([mail])
    page = client.get(reverse("demo:mail")).content.decode()
    assert "kare@ssb.example" in page
    assert 'href="http://localhost:8000/institutions/registrations/"' in page
    assert "&lt;b&gt;this&lt;/b&gt;" in page
    narrowed = client.get(reverse("demo:mail"), {"to": "nobody@example.no"}).content.decode()
    assert "No mails yet" in narrowed


def test_every_address_of_the_demo_stands_in_the_table() -> None:
    ours = {p.name for p in get_resolver("portal.local.urls").url_patterns}
    assert set(ADDRESSES) <= ours


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_outside_of_the_demo_every_view_refuses(client: Client, invented, name: str) -> None:
    sign_in(client, invented["applicant"])
    session = client.session
    session["sign_in"]["demo"] = True
    session.save()
    with override_settings(DEMO=False):
        answer = getattr(client, ADDRESSES[name])(
            reverse(f"demo:{name}"), {"person": "decision_maker"}
        )
    assert answer.status_code == 404
    assert "fresh" not in client.session["sign_in"] or client.session["sign_in"]["fresh"] is None


def test_outside_of_the_demo_nobody_is_invented_and_the_adapter_refuses(rf) -> None:
    with override_settings(ALLOW_SEEDING=False), pytest.raises(ImproperlyConfigured):
        demo_people.ensure_people()
    with override_settings(DEMO=False), pytest.raises(ImproperlyConfigured):
        people.DemoAdapter().get_reauthentication_methods(person())


PRODUCTION = """
import django
from django.conf import settings
django.setup()
from django.urls import Resolver404, resolve
assert settings.DEMO is False
assert not any(app.startswith("portal.local") for app in settings.INSTALLED_APPS)
assert settings.ACCOUNT_ADAPTER == "portal.accounts.adapter.AccountAdapter"
assert not getattr(settings, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False)
assert not getattr(settings, "ALLOW_SEEDING", False)
for page in ("/demo/people/", "/demo/people/sign-in/", "/demo/people/confirm/", "/demo/mail/"):
    try:
        resolve(page)
    except Resolver404:
        continue
    raise SystemExit(f"{page} exists")
print("refused")
"""


def test_production_has_neither_the_pages_nor_the_people(production_environment) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION],
        env=production_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "refused", done.stderr
