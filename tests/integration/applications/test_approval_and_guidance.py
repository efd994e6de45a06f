"""What is applied for besides data: the approval of an institution, and guidance before applying."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from applications import selectors
from applications.commands import Invalid, create
from applications.commands.gate import Actor
from applications.commands.start import may_follow
from applications.models import Application
from decisions.composing import thaw
from decisions.models import Decision, LetterRevision
from institutions import selectors as institutions
from institutions.models import Institution, InstitutionApproval
from portal import clock, store
from portal.accounts.models import User
from portal.local import seeding as walk
from tests import snapshots
from tests.people import institution, member, person, sign_in

PAPERS = [
    "statutes",
    "annual_report",
    "company_certificate",
    "independent_research_statement",
    "research_overview_3y",
    "publication_overview",
    "rd_staff_overview",
]


@pytest.fixture
def place(world) -> Institution:
    """A Norwegian research institution that nobody has approved, with its administrator."""
    snapshots.begun_with("a place", _place, after="people")
    return Institution.objects.get(org_number="974760673")


def _place() -> None:
    place = institution("Instituttet for samfunnsdata", org_number="974760673")
    someone = person("Siri Søker", "soker@samfunnsdata.example", language="nb")
    member(someone, place, "administrator")


@pytest.fixture
def owner(place):
    return User.objects.get(email="soker@samfunnsdata.example")


def begin(owner, place, type_: str) -> Application:
    return create(Actor(user=owner), "SSB", "nb", place.pk, type_)


def approval_case(owner, place, leave_out=()) -> Application:
    name = " ".join(["a place that applies", *leave_out])
    snapshots.begun_with(name, lambda: _apply(owner, place, leave_out), after="a place")
    return Application.objects.get(type="institution_approval")


def _apply(owner, place, leave_out) -> None:
    case = begin(owner, place, "institution_approval")
    values = {"organisation.activity": "Forskning om arbeid og helse.", "contact.name": "Siri"}
    payload = {"section": "organisation", "values": values}
    walk.give("save_section", case, Actor(user=owner), payload, 0)
    for kind in PAPERS:
        if kind not in leave_out:
            walk.attach(case, Actor(user=owner), kind, f"{kind}.pdf", walk.pdf(kind), 0)


def decide(case, world, outcome: str, **fields) -> Decision:
    officer, maker = world["case_officer"], world["decision_maker"]
    walk.assess(case, officer, 0)
    walk.tick_checklist(case, officer, 0)
    values = {"outcome": outcome, "reasons": "Dokumentasjonen viser uavhengig forskning.", **fields}
    walk.give("draft_decision", case, Actor(user=officer), {"fields": values}, 0)
    walk.give("send_for_approval", case, Actor(user=officer), {}, 0)
    decision = Decision.objects.get(application=case)
    payload = {"digest": decision.sent_digest, "title": "Avdelingsdirektør"}
    walk.give("approve", case, Actor(user=maker, fresh=True), payload, 0)
    decision.refresh_from_db()
    return decision


@pytest.mark.parametrize(
    ("left_out", "told"),
    [((), set()), (("statutes",), {"SSB-ATT-31"}), (("rd_staff_overview",), {"SSB-ATT-37"})],
)
def test_an_approval_asks_for_the_seven_documents_and_nothing_of_a_project(
    owner, place, left_out, told
):
    case = approval_case(owner, place, left_out)
    assert {f.id for f in selectors.findings(case)} == told
    sections = selectors.scheme_of(case).form(case.type, selectors.document(case)).sections
    assert [s.id for s in sections] == ["applicant", "organisation"]
    assert case.title == "Søknad om godkjenning som forskningsinstitusjon"


def test_an_institution_that_is_approved_by_letter_may_apply_for_data(world, owner, place):
    today = clock.today("Europe/Oslo")
    assert institutions.facts(place, "SSB", today)["approval_source"] == "none"
    case = approval_case(owner, place)
    walk.send(case, owner, 0)
    last = date(today.year + 3, 12, 31)
    decision = decide(case, world, "granted", valid_until=last)
    assert case.state == "granted"
    assert decision.status == "delivered"
    assert decision.content["conditions"] == []
    made = InstitutionApproval.objects.get(institution=place, agency="SSB")
    decided_on = thaw(decision).decided_at.astimezone(ZoneInfo("Europe/Oslo")).date()
    assert (made.source, made.number, made.valid_from, made.valid_until) == (
        "ssb",
        case.number,
        decided_on,
        last,
    )
    assert made.recorded_by == world["decision_maker"]
    assert institutions.facts(place, "SSB", today)["approval_source"] == "ssb"
    letter = LetterRevision.objects.get(decision=decision)
    assert store.read(letter.sha256).startswith(b"%PDF")
    new = begin(owner, place, "new")
    assert "SSB-CHK-01" not in {f.id for f in selectors.findings(new)}
    # There is no data access that could be changed.
    scheme = selectors.scheme_of(case)
    assert not may_follow(owner, scheme.type("change"), case)


def test_a_refused_institution_stays_without_approval_and_may_appeal(world, owner, place):
    case = approval_case(owner, place)
    walk.send(case, owner, 0)
    decision = decide(case, world, "refused")
    assert case.state == "refused"
    assert not InstitutionApproval.objects.filter(institution=place).exists()
    assert decision.content["appeal"]
    assert decision.content["wording"]["title_refused"].startswith(
        "Vedtak om avslag på godkjenning"
    )


def test_an_approval_cannot_be_given_in_part_or_end_in_the_past(world, owner, place):
    case = approval_case(owner, place)
    walk.send(case, owner, 0)
    yesterday = clock.today("Europe/Oslo") - timedelta(days=1)
    with pytest.raises(Invalid) as in_part:
        decide(case, world, "partly")
    assert set(in_part.value.errors) == {"partly"}
    officer = Actor(user=world["case_officer"])
    late = {"fields": {"outcome": "granted", "valid_until": yesterday}}
    walk.give("draft_decision", case, officer, late, 0)
    with pytest.raises(Invalid) as ended:
        walk.give("send_for_approval", case, officer, {}, 0)
    assert set(ended.value.errors) == {"valid_until"}


def test_the_officers_pages_of_an_approval_ask_for_the_last_day_and_not_for_deletion(
    world, client, owner, place
):
    case = approval_case(owner, place)
    walk.send(case, owner, 0)
    walk.assess(case, world["case_officer"], 0)
    officer = Actor(user=world["case_officer"])
    walk.give("draft_decision", case, officer, {"fields": {"outcome": "granted"}}, 0)
    sign_in(client, world["case_officer"])
    decision = Decision.objects.get(application=case)
    address = reverse("decisions:draft", args=[decision.pk])
    page = client.get(address).content.decode()
    assert 'name="valid_until"' in page
    assert 'name="deletion_date"' not in page
    assert 'value="partly"' not in page
    last = f"{clock.today('Europe/Oslo').year + 2}-06-30"
    posted = {"outcome": "granted", "reasons": "Fordi.", "valid_until": last, "save": "1"}
    assert client.post(address, posted).status_code == 302
    decision.refresh_from_db()
    assert str(decision.valid_until) == last
    preview = client.get(reverse("decisions:preview", args=[decision.pk])).content.decode()
    assert "Vedtak om godkjenning som forskningsinstitusjon" in preview


def asked(owner, place) -> Application:
    case = begin(owner, place, "guidance")
    values = {
        "project.title": "Arbeid etter sykdom",
        "guidance.topics": ["possible", "linkage"],
        "guidance.question": "Kan vi koble inntekt med en egen spørreundersøkelse?",
    }
    payload = {"section": "question", "values": values}
    walk.give("save_section", case, Actor(user=owner), payload, 0)
    return case


def test_guidance_is_asked_for_answered_and_closed_without_checks_or_decision(world, owner, place):
    case = asked(owner, place)
    assert selectors.findings(case) == []  # an institution without approval may ask too
    walk.send(case, owner, 0)
    assert case.number
    walk.message(case, world["case_officer"], "Ja, med distribuert kobling.", 0)
    walk.message(case, owner, "Takk!", 0)
    assert case.messages.count() == 2
    walk.give("close", case, Actor(user=world["case_officer"]), {}, 0)
    assert case.state == "closed"
    walk.give("reopen", case, Actor(user=owner), {}, 0)
    assert case.state == "submitted"


def test_a_question_that_was_not_written_is_not_sent(client, owner, place):
    case = begin(owner, place, "guidance")
    sign_in(client, owner)
    address = reverse("applications:review", args=[case.pk])
    page = client.post(address, {"declaration": "1", "key": "k"})
    assert page.status_code == 422
    assert "Spørsmålet" in page.content.decode()
    case.refresh_from_db()
    assert case.state == "draft"


def test_a_conversation_is_led_on_the_pages_of_both_sides(world, client, owner, place):
    case = asked(owner, place)
    walk.send(case, owner, 0)
    sign_in(client, world["case_officer"])
    page = client.get(reverse("cases:case", args=["SSB", case.pk])).content.decode()
    for absent in ('id="findings"', 'id="decision"', 'id="checklist"', "start_assessment"):
        assert absent not in page
    client.post(reverse("cases:message", args=["SSB", case.pk]), {"message-body": "Ja, det går."})
    client.post(reverse("cases:turn", args=["SSB", case.pk, "close"]))
    sign_in(client, owner)
    overview = reverse("applications:overview", args=[case.pk])
    page = client.get(overview).content.decode()
    assert "Ja, det går." in page
    assert 'name="body"' not in page  # closed: nobody reads what would be written
    refused = client.post(reverse("applications:messages", args=[case.pk]), {"body": "Enda et"})
    assert refused.status_code == 409
    client.post(reverse("applications:turn", args=[case.pk, "reopen"]))
    assert 'name="body"' in client.get(overview).content.decode()
    assert client.post(reverse("applications:turn", args=[case.pk, "burn"])).status_code == 404


def test_the_queue_says_what_a_case_is_and_shows_one_kind_alone(world, client, owner, place):
    walk.send(asked(owner, place), owner, 0)
    approval = approval_case(owner, place)
    walk.send(approval, owner, 0)
    sign_in(client, world["case_officer"])
    queue = reverse("cases:queue", args=["SSB"])
    every = client.get(queue, {"queue": "unassigned"}).content.decode()
    assert "Veiledning før søknad" in every
    alone = client.get(queue, {"queue": "unassigned", "type": "institution_approval"})
    assert approval.number in alone.content.decode()
    assert "Arbeid etter sykdom" not in alone.content.decode()
    # States that no case of this agency comes to are not offered.
    assert 'value="specification"' not in every
    assert client.get(queue, {"type": "nonsense"}).status_code == 200
