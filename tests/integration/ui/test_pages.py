"""The public pages, the languages and the header, as people meet them."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils.translation import override

from portal.ui import navigation
from tests.people import person, sign_in, staff

pytestmark = pytest.mark.django_db
PUBLIC = ["ui:front", "ui:about", "ui:help", "ui:accessibility", "ui:privacy", "guide:start"]


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_visitor_reads_every_public_page_in_every_language(
    client: Client, name: str, language: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_asks_the_database_nothing(
    client: Client, name: str, django_assert_num_queries
) -> None:
    client.get(reverse(name))
    with django_assert_num_queries(0):
        client.get(reverse(name))


def test_a_public_page_weighs_little(client: Client) -> None:
    assert len(client.get("/").content) < 25_000


def test_choosing_a_language_keeps_the_page_and_its_filters(client: Client) -> None:
    here = "/guide/ssb/?a=tables"
    response = client.post(reverse("ui:set_language"), {"language": "sv", "next": here})
    assert response["Location"] == here
    assert client.get("/").wsgi_request.LANGUAGE_CODE == "sv"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example", ""],
)
def test_choosing_a_language_never_leads_away(client: Client, foreign: str) -> None:
    response = client.post(reverse("ui:set_language"), {"language": "da", "next": foreign})
    assert response["Location"] == "/"


def test_a_language_that_we_do_not_speak_changes_nothing(client: Client) -> None:
    response = client.post(reverse("ui:set_language"), {"language": "xx", "next": "/about/"})
    assert response["Location"] == "/about/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_a_link_cannot_change_the_language(client: Client) -> None:
    assert client.get(reverse("ui:set_language"), {"language": "da"}).status_code == 405


def test_a_language_chosen_once_follows_a_person_to_another_browser(client: Client) -> None:
    kari = person()
    sign_in(client, kari)
    client.post(reverse("ui:set_language"), {"language": "nn", "next": "/"})
    kari.refresh_from_db()
    assert kari.language == "nn"
    another = sign_in(Client(), kari)
    assert '<html lang="nn">' in another.get("/about/").content.decode()


def test_a_foreign_address_says_so_in_words(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("ui:set_language"), {"language": "da"})
    assert response.status_code == 403
    assert "Please send the form once more" in response.content.decode()


def test_an_error_of_ours_is_told_without_asking_the_database(
    django_assert_num_queries, rf
) -> None:
    from portal.ui.views import errors

    with django_assert_num_queries(0):
        response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


def test_every_link_of_the_header_has_an_address() -> None:
    for line in (*navigation.BEFORE_QUEUES, *navigation.AFTER_QUEUES):
        assert navigation.address(line.url_name), line.url_name
    assert navigation.address(navigation.QUEUE, "SSB")


def header(client: Client, page: str = "/about/") -> dict[str, str]:
    html = client.get(page).content.decode()
    nav = re.search(r'<nav class="header__nav".*?</nav>', html, re.S)
    assert nav
    return {
        label: url for url, label in re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', nav.group(0))
    }


def test_the_header_shows_each_what_is_theirs(client: Client) -> None:
    assert "My applications" not in header(client)
    assert "My applications" in header(sign_in(Client(), person()))
    officer = header(sign_in(Client(), staff("case_officer")))
    assert officer["Cases"] == reverse("cases:queue", args=["SSB"])
    assert "To approve" not in officer
    assert "To approve" in header(sign_in(Client(), staff("decision_maker")))


def test_every_link_of_the_header_leads_somewhere_for_who_sees_it() -> None:
    people = [
        person(),
        *(staff(role) for role in ("case_officer", "decision_maker", "agency_admin")),
    ]
    for one in people:
        client = sign_in(Client(), one)
        for label, url in header(client).items():
            assert client.get(url).status_code == 200, f"{label} for {one}"


def test_the_agencies_colours_are_kept_by_browsers_until_they_change(client: Client) -> None:
    html = client.get("/").content.decode()
    address = re.search(r'href="(/theme/[^"]+)"', html)
    assert address
    response = client.get(address.group(1))
    assert response["Content-Type"].startswith("text/css")
    assert "immutable" in response["Cache-Control"]
    assert '[data-agency="ssb"]' in response.content.decode()
    assert "immutable" not in client.get("/theme/old.css")["Cache-Control"]


def test_the_front_page_names_every_agency_served(client: Client) -> None:
    html = client.get("/").content.decode()
    for name in ("Statistics Norway", "Statistics Denmark", "Socialstyrelsen"):
        assert name in html


def test_the_help_page_calls_a_postal_address_one(client: Client) -> None:
    html = client.get("/help/").content.decode()
    assert "Postal address: Socialstyrelsen, 106 30 Stockholm" in html
    assert "Telephone: +47 21 09 46 42" in html


@override_settings(DEMO=False)
def test_only_the_demo_says_that_it_is_one(client: Client) -> None:
    assert "demonstration" not in client.get("/").content.decode()


def test_the_page_speaks_the_language_of_its_words(client: Client) -> None:
    with override("nb"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
        html = client.get("/").content.decode()
    assert "Hopp til hovedinnholdet" in html
    assert "Skip to main content" not in html
