"""The demo's cases at the other two agencies, walked as the first one's are (stories.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from applications import commands, schemes
from applications.commands import Actor
from applications.models import Application
from decisions.models import Decision, LetterRevision
from institutions.models import Institution
from institutions.selectors import signatories
from portal import clock
from portal.accounts.models import User
from portal.local import demo_danish as danish
from portal.local import demo_people as people
from portal.local import demo_swedish as swedish
from portal.local import seeding as walk
from portal.local.demo_institutions import NORDIC, Place
from portal.local.demo_papers import Papers, hand_in
from portal.local.stories import Cast, Made, Step, _place


@dataclass(frozen=True)
class Side:
    """One agency's people, the applicant, and what they write."""

    agency: str
    officer: User
    decider: User
    owner: User
    place: Institution
    words: dict[str, str]


def _house(place: Place, persons: tuple[people.Person, ...], admin: User) -> Institution:
    """An institution with its people; the first of them registers it. Returns the institution."""
    leader, *others = persons
    founder = people.user_of(leader)
    house = _place(place, founder, admin, leader.title, leader.authority)
    for person in others:
        deciders = {"institution_admin": founder, "agency_admin": admin}
        people.belongs(people.user_of(person), person, house, deciders)
    return house


# -- how far a case comes ---------------------------------------------------------------------------
def draft(
    side: Side, papers: Papers, ago: float, follows: Application | None = None
) -> Application:
    """A draft with these papers."""
    language = schemes.current(side.agency).letter_languages[0]
    by = Actor(user=side.owner)
    place = side.place.pk
    with clock.frozen(walk.moment(ago)):
        case = commands.create(by, side.agency, language, place, papers.type, follows)
    hand_in(case, side.owner, papers, ago)
    return case


def submitted(
    side: Side, papers: Papers, ago: float, follows: Application | None = None
) -> Application:
    """Received, nobody has it yet."""
    case = draft(side, papers, ago, follows)
    walk.send(case, side.owner, ago - 0.5)
    return case


def returned(side: Side, papers: Papers, ago: float) -> Application:
    """Sent back with two points."""
    case = submitted(side, papers, ago)
    officer = Actor(user=side.officer)
    walk.give("assign", case, officer, {"officer": side.officer}, ago - 1)
    payload = {
        "points": [{"text": side.words["point"]}, {"text": side.words["second"]}],
        "text": side.words["return"],
        "due_on": (clock.now() + timedelta(days=10)).date(),
    }
    walk.give("return", case, officer, payload, ago - 2)
    return case


def _agreed(side: Side, case: Application, ago: float) -> None:
    """What 004 orders before a decision: the meeting, the specification that the researcher
    confirms, the secrecy review. Nothing at an agency that has no such sequence."""
    if not schemes.get(case.agency, case.scheme_version).workflow.steps:
        return
    officer, owner, words = Actor(user=side.officer), Actor(user=side.owner), side.words
    walk.pass_step(case, side.officer, "legal_meeting", words["meeting"], ago - 2.4)
    sent = {"text": words["specification"], "price_from": 1_100_000, "price_to": 2_200_000}
    sent |= {"hours_from": 10, "hours_to": 20, "delivery": words["delivery"]}
    first = walk.give("send_specification", case, officer, sent, ago - 2.5)
    objection = {"text": words["objection"], "digest": first.digest}
    walk.give("question_specification", case, owner, objection, ago - 2.7)
    sent["text"] = words["specification_again"]
    second = walk.give("send_specification", case, officer, sent, ago - 2.8)
    walk.give("confirm_specification", case, owner, {"digest": second.digest}, ago - 2.9)
    walk.pass_step(case, side.officer, "secrecy_review", words["secrecy"], ago - 2.95)


def drafted(side: Side, papers: Papers, ago: float) -> Application:
    """Under assessment, with a decision drafted."""
    case = submitted(side, papers, ago)
    officer = Actor(user=side.officer)
    walk.assess(case, side.officer, ago - 2)
    _agreed(side, case, ago)
    items = {
        item.id: {"assessed": True, "note": "" if at else side.words["checked"]}
        for at, item in enumerate(schemes.get(case.agency, case.scheme_version).checklist)
    }
    walk.give("save_checklist", case, officer, {"items": items}, ago - 3)
    walk.give("add_note", case, officer, {"body": side.words["note"]}, ago - 3)
    walk.message(case, side.officer, side.words["message"], ago - 3)
    fields = {
        "outcome": "granted",
        "reasons": side.words["reasons"],
        "deletion_date": date(clock.now().year + 5, 3, 31),
    }
    walk.give(
        "draft_decision", case, officer, {"fields": fields, **walk.each_row("granted")}, ago - 4
    )
    return case


def decided(side: Side, papers: Papers, ago: float) -> Application:
    """Approved, signed, delivered."""
    case = drafted(side, papers, ago)
    walk.give("send_for_approval", case, Actor(user=side.officer), {}, ago - 5)
    decision = Decision.objects.get(application=case)
    payload = {"digest": decision.sent_digest, "title": side.words["chief"]}
    walk.give("approve", case, Actor(user=side.decider, fresh=True), payload, ago - 6)
    return case


def accepted(side: Side, papers: Papers, ago: float) -> Application:
    """The signatory has accepted the conditions."""
    case = decided(side, papers, ago)
    signatory = signatories(str(case.institution_id))[0]
    letter = LetterRevision.objects.get(decision__application=case, revision=1)
    payload = {
        "letter": letter.sha256,
        "name": signatory.name,
        "title": side.words["director"],
        "authority": side.words["authority"],
        "authorised": True,
        "delivery_recipient": side.owner.name,
        "delivery_mobile": side.words["mobile"],
    }
    walk.give("accept", case, Actor(user=signatory, fresh=True), payload, ago - 7)
    return case


# -- the two agencies -------------------------------------------------------------------------------
def _institute(cast: Cast) -> Side:
    return _danish(cast, NORDIC[0], people.DANES, people.DANES[1])


def _municipality(cast: Cast) -> Side:
    return _danish(cast, NORDIC[2], people.MUNICIPALITY, people.MUNICIPALITY[0])


def _danish(cast: Cast, at: Place, house: tuple[people.Person, ...], owner: people.Person) -> Side:
    officer, decider = cast.people["dst_case_officer"], cast.people["dst_decision_maker"]
    place = _house(at, house, cast.admin)
    return Side("DST", officer, decider, people.user_of(owner), place, danish.WORDS)


def _swedish(cast: Cast) -> Side:
    officer, decider = cast.people["sos_case_officer"], cast.people["sos_decision_maker"]
    place = _house(NORDIC[1], people.SWEDES, cast.admin)
    return Side("SOS", officer, decider, people.user_of(people.SWEDES[1]), place, swedish.WORDS)


def gather(cast: Cast) -> None:
    """Makes the people and institutions of both countries."""
    for side in (_institute, _municipality, _swedish):
        side(cast)


def _case(made: Made, name: str) -> Application:
    return Application.objects.get(pk=made[name])


def _gaps(side: Side) -> Application:
    """A draft with gaps, which somebody else may read."""
    left_out = ("project.end", "project.societalRelevance", "costsAccepted")
    case = draft(side, danish.elderly().without(*left_out), 2)
    leader = {"user": people.user_of(people.DANES[0]), "role": "viewer"}
    walk.give("invite_colleague", case, Actor(user=side.owner), leader, 0.2)
    return case


Make = Callable[[Side, Made], Application]
NOT_ANSWERED = ("ethics_decision", "population.icdCodes", "invoice.orgNumber", "variables")
# (name, whose case it is, how it is made from the cases that were made before)
CASES: tuple[tuple[str, Callable[[Cast], Side], Make], ...] = (
    ("DST-database", _institute, lambda s, made: accepted(s, danish.database(), 95)),
    (
        "DST-subproject",
        _institute,
        lambda s, made: submitted(s, danish.subproject(str(_case(made, "DST-database").number)), 3),
    ),
    ("DST-extension", _institute, lambda s, made: draft(s, danish.extension(), 1)),
    ("DST-divorce", _institute, lambda s, made: decided(s, danish.divorce(), 30)),
    ("DST-renovation", _institute, lambda s, made: drafted(s, danish.renovation(), 18)),
    ("DST-authority", _municipality, lambda s, made: returned(s, danish.authority(), 9)),
    ("DST-elderly", _institute, lambda s, made: _gaps(s)),
    ("SOS-asthma", _swedish, lambda s, made: accepted(s, swedish.order(swedish.ASTHMA), 100)),
    ("SOS-preterm", _swedish, lambda s, made: drafted(s, swedish.order(swedish.PRETERM), 21)),
    (
        "SOS-amendment",
        _swedish,
        lambda s, made: draft(s, swedish.amendment(), 1.5, _case(made, "SOS-asthma")),
    ),
    (
        "SOS-supplement",
        _swedish,
        lambda s, made: submitted(s, swedish.supplement(), 2, _case(made, "SOS-preterm")),
    ),
    ("SOS-back", _swedish, lambda s, made: submitted(s, swedish.order(swedish.BACK), 4)),
    ("SOS-hip", _swedish, lambda s, made: decided(s, swedish.order(swedish.HIP), 34)),
    ("SOS-diabetes", _swedish, lambda s, made: returned(s, swedish.order(swedish.DIABETES), 10)),
    (
        "SOS-migraine",
        _swedish,
        lambda s, made: draft(s, swedish.order(swedish.MIGRAINE).without(*NOT_ANSWERED), 5),
    ),
)


def steps() -> list[Step]:
    """The cases of the other two agencies."""
    return [Step(name, partial(_make, whose=whose, how=how)) for name, whose, how in CASES]


def _make(cast: Cast, made: Made, *, whose: Callable[[Cast], Side], how: Make) -> Application:
    return how(whose(cast), made)
