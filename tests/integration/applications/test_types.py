"""What one can apply for at each agency, and applications that follow an earlier case."""

import pytest
from django.urls import reverse

from applications import schemes, selectors
from applications.commands import Invalid, create
from applications.commands.start import may_follow
from applications.models import Application
from portal.local import seeding as walk
from tests.integration.applications.test_known_facts import decided
from tests.people import sign_in


def test_every_open_agency_offers_its_types_and_says_where_the_rest_is_applied_for(client, world):
    sign_in(client, world["applicant"])
    first = client.get(reverse("applications:new")).content.decode()
    for scheme in schemes.all_current():
        assert f"?agency={scheme.agency}" in first
        page = client.get(reverse("applications:new"), {"agency": scheme.agency}).content.decode()
        for each in scheme.types:
            begins_here = f'value="{each.id}"' in page
            assert begins_here == (each.here and not each.follows), each.id
            if not each.here:
                assert each.handoff("nb")[:40] in page


@pytest.mark.parametrize("agency", ["SSB", "DST", "SOS"])
def test_each_type_begins_a_draft_with_its_form(client, world, agency):
    sign_in(client, world["applicant"])
    letters = schemes.current(agency).letter_languages
    for each in schemes.current(agency).types:
        if not each.here or each.follows:
            continue
        address = f"{reverse('applications:new')}?agency={agency}"
        answer = client.post(address, {"type": each.id, "language": letters[0]})
        assert answer.status_code == 302, each.id
        draft = Application.objects.latest("created_at")
        assert (draft.agency, draft.type) == (agency, each.id)
        assert selectors.pick(selectors.document(draft), each.field) == each.id
        assert client.get(answer["Location"]).status_code == 200
        for section in schemes.current(agency).form(each.id, selectors.document(draft)).sections:
            page = client.get(reverse("applications:section", args=[draft.pk, section.id]))
            assert page.status_code == 200, (each.id, section.id)


def test_what_is_applied_for_elsewhere_cannot_be_begun(world):
    for scheme in schemes.all_current():
        for each in scheme.types:
            if not each.here:
                with pytest.raises(Invalid):
                    create(world.actor("applicant"), scheme.agency, "en", type=each.id)


def test_a_change_needs_a_decided_case_of_ones_own(world):
    case = world.submitted()
    change = schemes.current("SSB").type("change")
    assert not may_follow(world["applicant"], change, case)
    with pytest.raises(Invalid):
        create(world.actor("applicant"), "SSB", "nb", type="change", follows=case)
    with pytest.raises(Invalid):
        create(world.actor("applicant"), "SSB", "nb", type="change")


def test_a_change_begins_as_a_copy_of_the_decided_case_and_tells_what_becomes_different(
    client, world
):
    case = decided(world)
    sign_in(client, world["applicant"])
    overview = client.get(reverse("applications:overview", args=[case.pk])).content.decode()
    address = reverse("applications:follow", args=[case.pk, "change"])
    assert address in overview
    assert client.get(address).status_code == 200
    draft_page = client.post(address)["Location"]
    draft = Application.objects.get(follows=case)
    document, sent = selectors.document(draft), selectors.document(case)
    assert document["variables"] == sent["variables"]
    assert document["purpose"] == sent["purpose"]
    assert document["previousDecision"]["reference"] == case.number
    assert [a["filename"] for a in document["attachments"]] == [
        a["filename"] for a in sent["attachments"]
    ]
    assert not any(a["updated"] for a in document["attachments"])
    values = {"section": "project", "values": {"purpose.text": "Et nytt formål."}}
    world.do("save_section", draft, "applicant", values)
    walk.attach(draft, world.actor("applicant"), "dpia", "ny.pdf", walk.pdf("Ny DPIA"), 0)
    page = client.get(draft_page).content.decode()
    assert "<ins>Et nytt formål." in page
    assert "ny.pdf" in page
    assert [a["updated"] for a in selectors.document(draft)["attachments"]].count(True) == 1


def test_a_followed_case_of_somebody_else_is_absent(client, world):
    case = world.submitted()
    sign_in(client, world["signatory"])
    address = reverse("applications:follow", args=[case.pk, "change"])
    assert client.get(address).status_code == 404
