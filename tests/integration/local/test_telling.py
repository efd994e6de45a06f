"""The demo shows an institution that tells of itself, and a merge that waits for somebody."""

import pytest
from django.urls import reverse

from institutions.models import Institution, InstitutionMerge
from portal.local import telling
from portal.local.demo_institutions import NORWEGIAN
from portal.local.demo_people import ensure_people
from tests.people import give, person, sign_in

pytestmark = pytest.mark.django_db


def test_the_demo_has_details_and_a_merge_to_confirm(client) -> None:
    ensure_people()
    home = Institution.objects.get(org_number=NORWEGIAN[0].org_number)
    telling.stories(home, person("Ragnar", "ragnar@x.example"))
    second = person("Second", "second@agency.example")
    give(second, "agency_admin", "DST")
    sign_in(client, second)
    page = client.get(reverse("institutions:institution", args=[home.pk])).content.decode()
    assert "University of Fjordbyen" in page
    held = InstitutionMerge.objects.get()
    link = reverse("institutions:merge_proposal", args=[held.pk])
    assert client.get(link).context["refusals"] == []
