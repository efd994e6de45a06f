"""The guide sends people to where they belong, without an account and without JavaScript."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from applications import schemes
from applications.schemes.guide import Guide, Question, Result

pytestmark = pytest.mark.django_db
AGENCIES = ["ssb", "dst", "sos"]


def guide_of(agency: str) -> Guide:
    return schemes.current(agency.upper()).guide


def ways(guide: Guide, answers: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Result]]:
    """Every way through a guide."""
    here = guide.follow(list(answers))
    if isinstance(here, Result):
        return [(answers, here)]
    return [way for answer in here.answers for way in ways(guide, (*answers, answer.id))]


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_way_through_the_guide_ends_where_it_says(client: Client, agency: str) -> None:
    for answers, result in ways(guide_of(agency)):
        response = client.get(reverse("guide:agency", args=[agency]), {"a": answers})
        html = unescape(response.content.decode())
        assert result.title("en") in html
        if result.link:
            assert f'href="{result.link}"' in html


@pytest.mark.parametrize("agency", AGENCIES)
def test_no_way_is_longer_than_people_have_patience(agency: str) -> None:
    assert max(len(answers) for answers, _ in ways(guide_of(agency))) <= 6


def test_the_guide_of_ssb_knows_the_places_where_no_application_is_needed() -> None:
    links = " ".join(result.link for _, result in ways(guide_of("ssb")))
    for place in ("microdata.no", "ssb.no", "helsedata.no"):
        assert place in links


def test_who_has_to_apply_is_taken_to_the_form_of_that_agency(client: Client) -> None:
    way = next(w for w, result in ways(guide_of("ssb")) if result.apply)
    html = client.get(reverse("guide:agency", args=["ssb"]), {"a": way}).content.decode()
    assert re.search(r'href="/applications/new/\?agency=SSB&amp;type=\w+"', html)


def test_an_answer_leads_to_the_next_question_by_an_address_that_can_be_kept(
    client: Client,
) -> None:
    first = guide_of("ssb").follow([])
    assert isinstance(first, Question)
    chosen = first.answers[0].id
    response = client.get("/guide/ssb/", {"go": "0", "a": chosen})
    assert response["Location"] == f"/guide/ssb/?a={chosen}"


def test_going_on_without_an_answer_asks_again_and_says_so(client: Client) -> None:
    for address in ("/guide/?go=1", "/guide/ssb/?go=0"):
        response = client.get(address)
        assert response.status_code == 200
        assert "Choose one of the answers." in response.content.decode()


def test_choosing_an_agency_leads_to_its_guide(client: Client) -> None:
    assert client.get("/guide/?agency=dst")["Location"] == "/guide/dst/"


def test_an_old_link_into_the_guide_begins_it_again(client: Client) -> None:
    assert client.get("/guide/ssb/?a=gone")["Location"] == "/guide/ssb/"


def test_an_agency_that_is_not_served_has_no_guide(client: Client) -> None:
    assert client.get("/guide/nowhere/").status_code == 404
