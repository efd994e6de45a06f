"""Everybody may look into a catalogue, with and without a script, on empty shelves too."""

import json

import pytest
from django.urls import reverse

from catalogue.models import Register, Variable
from tests.integration.catalogue.conftest import ROWS, take

pytestmark = pytest.mark.django_db


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_of_the_catalogue_tells_every_agency(client, catalogue):
    told = text_of(client.get("/catalogue/"))
    assert "Statistics Norway" in told
    assert "7 variables" in told
    assert "No catalogue here yet" in told  # the others have none


def test_the_header_leads_to_the_catalogue(client):
    assert 'href="/catalogue/"' in text_of(client.get("/about/"))


def test_search_works_as_a_plain_form(client, catalogue):
    told = text_of(client.get("/catalogue/SSB/", {"q": "kjonn"}))
    assert "Kjønn" in told
    assert "Diagnose" not in told
    assert 'value="kjonn"' in told
    assert "1 variable found." in told


def test_a_script_gets_the_results_alone(client, catalogue):
    told = text_of(client.get("/catalogue/SSB/", {"q": "kjonn", "part": "results"}))
    assert "Kjønn" in told
    assert "<html" not in told
    assert 'data-count="1 variable found."' in told


def test_the_page_says_from_when_the_catalogue_is_valid(client, catalogue):
    assert "Catalogue valid from 1 January 2026, imported" in text_of(client.get("/catalogue/SSB/"))


def test_nothing_found_says_what_to_do(client, catalogue):
    told = text_of(client.get("/catalogue/SSB/", {"q": "qwertz"}))
    assert "No variable found" in told
    assert "take filters away" in told


def test_an_agency_without_a_catalogue_says_so(client):
    assert "No catalogue here yet" in text_of(client.get("/catalogue/DST/"))
    assert "No catalogue here yet" in text_of(client.get("/catalogue/DST/editions/"))


def test_nonsense_in_an_address_filters_nothing(client, catalogue):
    told = text_of(client.get("/catalogue/SSB/?year=soon&collection=x"))
    assert "7 variables found." in told
    for strange in ("after=x", "q=%00"):
        assert client.get(f"/catalogue/SSB/?{strange}").status_code == 400


def test_long_results_are_paged_by_key(client):
    take([ROWS[0] | {"code": f"C{at:02}", "name": f"Alder {at:02}"} for at in range(40)])
    told = text_of(client.get("/catalogue/SSB/", {"q": "alder"}))
    assert "Alder 29" in told
    assert "Alder 30" not in told
    assert "30 variables shown, there are more." in told
    start = told.index('rel="next"')
    address = told[told.rindex('href="', 0, start) + 6 : start].split('"')[0].replace("&amp;", "&")
    told = text_of(client.get(address))
    assert "Alder 30" in told
    assert "Alder 29" not in told
    assert "First page" in told


def test_a_variable_tells_all_that_is_known(client, catalogue):
    pk = Variable.objects.get(code="DIAG").pk
    told = text_of(client.get(f"/catalogue/SSB/variables/{pk}/"))
    for words in ("Diagnose", "Pasientregisteret", "FHI", "Special category", "from 2008"):
        assert words in told


def test_a_register_lists_its_variables(client, catalogue):
    pk = Register.objects.get(code="INNT").pk
    told = text_of(client.get(f"/catalogue/SSB/registers/{pk}/"))
    assert "Samlet inntekt" in told
    assert "Kjønn" not in told


def test_what_is_retired_says_so_on_its_page(client, catalogue):
    take(ROWS[1:])
    pk = Variable.objects.get(code="KJONN").pk
    assert "No longer in the catalogue since" in text_of(
        client.get(f"/catalogue/SSB/variables/{pk}/")
    )


def test_the_history_of_editions_is_public_without_names(client, catalogue):
    take(ROWS[1:])
    told = text_of(client.get("/catalogue/SSB/editions/"))
    assert "No longer in the file: 1" in told
    assert "list.csv" not in told


def test_suggestions_are_json(client, catalogue):
    told = json.loads(text_of(client.get("/catalogue/SSB/suggestions/", {"q": "kjon"})))
    assert told["suggestions"][0]["name"] == "Kjønn"


@pytest.mark.parametrize("name", ["search", "suggestions", "editions", "import"])
def test_an_agency_that_is_none_is_absent(client, name, django_user_model):
    assert client.get(reverse(f"catalogue:{name}", args=["XYZ"])).status_code in (302, 404)


def test_another_agencys_variable_is_absent(client, catalogue):
    pk = Variable.objects.get(code="DIAG").pk
    assert client.get(f"/catalogue/DST/variables/{pk}/").status_code == 404


def test_the_search_page_asks_the_database_the_same_whatever_is_found(
    client, catalogue, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16):
        client.get("/catalogue/SSB/", {"q": "inntekt"})
