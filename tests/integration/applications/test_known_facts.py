"""What the portal knows is shown and not asked for, and the applicant can say that it is wrong."""

from datetime import date

from django.urls import reverse

from applications import selectors
from applications.commands import create
from applications.commands.gate import Actor
from applications.models import Application, RecordedCase
from applications.models.guard import gate_open
from decisions.models import Decision, LetterRevision
from institutions.models import Membership
from portal import clock
from portal.local import seeding as walk
from tests.people import person, sign_in

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


def decided(world):
    """A case of the applicant that was decided, accepted and gives access until 30 June 2030."""
    case = world.submitted()
    officer = world["case_officer"]
    walk.assess(case, officer, 0.4)
    walk.tick_checklist(case, officer, 0.4)
    fields = {"outcome": "granted", "reasons": "Fordi.", "deletion_date": date(2030, 6, 30)}
    draft = {"fields": fields, **walk.each_row("granted")}
    walk.give("draft_decision", case, Actor(user=officer), draft, 0.3)
    walk.give("send_for_approval", case, Actor(user=officer), {}, 0.3)
    decision = Decision.objects.get(application=case)
    payload = {"digest": decision.sent_digest, "title": "Avdelingsdirektør"}
    walk.give("approve", case, Actor(user=world["decision_maker"], fresh=True), payload, 0.2)
    signatory = world["signatory"]
    accept = {
        "letter": LetterRevision.objects.get(decision=decision).sha256,
        "name": signatory.name,
        "title": "Direktør",
        "authority": "Styrevedtak",
        "authorised": True,
        "delivery_recipient": signatory.name,
        "delivery_mobile": "+47 900 00 000",
    }
    walk.give("accept", case, Actor(user=signatory, fresh=True), accept, 0.1)
    return case


def test_a_change_knows_the_earlier_decision_and_a_reuse_is_offered_it(world, client):
    earlier = decided(world)
    draft = create(world.actor("applicant"), "SSB", "nb", type="change", follows=earlier)
    document = selectors.document(draft)
    assert document["previousDecision"] == {
        "reference": earlier.number,
        "validUntil": "2030-06-30",
    }
    new = world.draft()
    walk.give(
        "save_section",
        new,
        world.actor("applicant"),
        {"section": "project", "values": {"reuse.used": True}},
        0,
    )
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:section", args=[new.pk, "project"])).content.decode()
    assert f'<option value="{earlier.number}">' in page
    address = reverse("applications:section", args=[new.pk, "project"])
    client.post(address, {"previousDecision.reference": f" {earlier.number} ", "save": "1"})
    new.refresh_from_db()
    assert selectors.document(new)["previousDecision"]["reference"] == earlier.number


def test_no_text_passes_as_an_earlier_decision(world, client):
    """TULL-1, a case that is not decided, and one of another institution: no answer, and kept."""
    new, open_case = world.draft(), world.submitted()
    who = world.actor("applicant")
    reuse = {"section": "project", "values": {"reuse.used": True}}
    walk.give("save_section", new, who, reuse, 0)
    sign_in(client, world["applicant"])
    address = reverse("applications:section", args=[new.pk, "project"])
    for typed in ("TULL-1", open_case.number):
        saved = client.post(address, {"previousDecision.reference": typed, "save": "1"})
        new.refresh_from_db()
        assert selectors.pick(selectors.document(new), "previousDecision.reference") is None
        assert new.answers["_typed"] == {"previousDecision.reference": typed}
        page = client.get(address).content.decode()
        assert "ingen avgjørelse med dette nummeret" in page, saved.status_code
        assert "SSB-FLD-13" in {f.id for f in selectors.findings(new)}
    # By the command too, as an import or the API gives it; and what lay there before does not count.
    walk.give(
        "save_section",
        new,
        who,
        {"section": "", "values": {"previousDecision.reference": "TULL-2"}},
        0,
    )
    assert new.answers["_typed"] == {"previousDecision.reference": "TULL-2"}
    answers = {**new.answers, "previousDecision": {"reference": "TULL-3"}}
    with gate_open():
        Application.objects.filter(pk=new.pk).update(answers=answers)
    new.refresh_from_db()
    assert "SSB-FLD-13" in {f.id for f in selectors.findings(new)}


def test_a_decision_from_before_the_portal_counts_once_the_agency_has_recorded_it(world, client):
    new = world.draft()
    RecordedCase.objects.create(
        agency="SSB",
        institution=new.institution,
        type="new",
        number="2014/123",
        title="Lønn",
        recorded_by=world["case_officer"],
        recorded_at=clock.now(),
    )
    values = {"reuse.used": True, "previousDecision.reference": "2014/123"}
    walk.give("save_section", new, world.actor("applicant"), {"section": "", "values": values}, 0)
    assert selectors.document(new)["previousDecision"]["reference"] == "2014/123"


def test_nobody_is_offered_a_case_that_they_may_not_see(world, client):
    earlier = decided(world)
    newcomer = person("Nils Nykommer", "nils@nykommer.example", language="nb")
    Membership.objects.create(
        user=newcomer,
        institution=earlier.institution,
        roles=["researcher"],
        status="active",
        basis="request",
        started_at=clock.now(),
        decided_by=earlier.owner,
        decided_at=clock.now(),
    )
    case = create(Actor(user=newcomer), "SSB", "nb", earlier.institution_id)
    sign_in(client, newcomer)
    page = client.get(reverse("applications:section", args=[case.pk, "project"])).content.decode()
    assert 'name="previousDecision.reference"' in page
    assert earlier.number not in page


def test_how_long_the_approval_holds_is_shown_and_stands_in_what_is_sent(world, client):
    case = world.complete()
    case.institution.approvals.update(valid_until=date(2031, 12, 31))
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:section", args=[case.pk, "applicant"]))
    assert "Godkjenningen gjelder til og med" in page.content.decode()
    assert "2031" in page.content.decode()
    walk.send(case, world["applicant"], 0)
    sent = case.submissions.get().document
    assert sent["applicant"]["approvalValidUntil"] == "2031-12-31"


def test_a_verified_orcid_id_stands_in_the_application_without_being_typed(world, client):
    case = world.complete()
    owner = world["applicant"]
    sign_in(client, owner)
    address = reverse("applications:section", args=[case.pk, "applicant"])
    owner.orcid = "0000-0002-1825-0097"
    owner.save(update_fields=["orcid"])
    page = client.get(address).content.decode()
    assert "0000-0002-1825-0097" in page
    assert 'name="contact.orcid"' not in page, "shown, not typed"
    client.post(address, {"contact.orcid": "0000-0000-0000-0000", "save": "1"})
    walk.send(case, owner, 0)
    assert case.submissions.get().document["contact"]["orcid"] == "0000-0002-1825-0097"
