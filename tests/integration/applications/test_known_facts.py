"""What the portal knows is shown and not asked for, and the applicant can say that it is wrong."""

from django.urls import reverse

from portal.local import seeding as walk
from tests.people import sign_in

FIELD = "disputed.applicant_orgNumber"


def test_a_fact_said_to_be_wrong_is_kept_sent_and_told_to_the_officer(world, client):
    case = world.complete()
    sign_in(client, world["applicant"])
    address = reverse("applications:section", args=[case.pk, "applicant"])
    page = client.get(address).content.decode()
    assert f'name="{FIELD}"' in page
    assert 'name="applicant.orgNumber"' not in page
    answer = client.post(address, {FIELD: "Vi har fått nytt nummer.", "save": "1"})
    assert answer.status_code == 302
    assert "Vi har fått nytt nummer." in client.get(address).content.decode()
    assert (
        "Vi har fått nytt nummer."
        in client.get(reverse("applications:review", args=[case.pk])).content.decode()
    )
    walk.send(case, world["applicant"], 0)
    assert case.submissions.get().document["disputed"] == {
        "applicant_orgNumber": "Vi har fått nytt nummer."
    }
    sign_in(client, world["case_officer"])
    page = client.get(reverse("cases:case", args=["SSB", case.pk])).content.decode()
    assert 'id="disputed"' in page
    assert "Vi har fått nytt nummer." in page


def test_nothing_is_said_of_facts_that_nobody_disputes(world, client):
    case = world.submitted()
    sign_in(client, world["applicant"])
    assert "disputed" not in case.submissions.get().document
    sign_in(client, world["case_officer"])
    page = client.get(reverse("cases:case", args=["SSB", case.pk])).content.decode()
    assert 'id="disputed"' not in page


def test_advice_on_linkage_follows_the_answers_as_they_are_saved(world, client):
    case = world.complete()
    sign_in(client, world["applicant"])
    address = reverse("applications:section", args=[case.pk, "linkage"])
    assert client.get(address).content.decode().count('class="hint"') == 5
    posted = {"linkage.used": "yes", "linkage.resultAnonymous": "yes", "base": "{}"}
    saved = client.post(address, posted, headers={"HX-Request": "true"}).content.decode()
    marked = saved.split('id="hints-linkage-method"')[1].split("data-holds")
    assert len(marked) == 2
    assert "kobler SSB" in marked[1][:400]
