"""The cases of the demo, each with its story: how far it came, and who did what.

STORIES is a table: how many cases go how far. The walk of each is one function that builds on the
one before, so that a granted case has gone through everything a real one goes through.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress

from applications.commands import Actor
from applications.models import Application
from decisions.models import Decision, LetterRevision
from institutions import commands as institutions
from institutions.models import Institution, MailDomain
from institutions.selectors import membership, signatories
from portal import clock
from portal.accounts import commands as accounts
from portal.accounts.models import User
from portal.local import approving, signing_authority, telling
from portal.local import seeding as walk
from portal.local.approving import approve
from portal.local.demo_institutions import NORWEGIAN, WITHOUT_CASES, Place
from portal.local.demo_people import PASSWORD, ensure_people
from portal.local.demo_projects import PROJECTS

NAMES = ("Eli Nordgård", "Jonas Tveit", "Maren Ødegård", "Sverre Lillebø", "Guro Hjelmeland",
         "Bjørn Åsland", "Live Storvik", "Odd Kjelstad", "Silje Ravndal", "Håkon Espeland",
         "Turid Mjelde")  # fmt: skip


class Cast:
    """Everybody who takes part."""

    def __init__(self, people: dict[str, User], second_officer: User, admin: User) -> None:
        self.people = people
        self.admin = admin
        self.officer = people["case_officer"]
        self.second_officer = second_officer
        self.lawyer = people["lawyer"]
        self.decider = people["decision_maker"]
        self.researchers: dict[int, User] = {0: people["applicant"]}
        self.places: dict[int, Institution] = {}


Made = Mapping[str, str]  # name of a step -> id of the case that it made


@dataclass(frozen=True)
class Step:
    """One case of the demo. `first`: it is there when the first page opens."""

    name: str
    make: Callable[[Cast, Made], Application]
    first: bool = False


def _person(name: str, email: str, language: str = "nb") -> User:
    """The person's account, made when it is missing."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=name, language=language)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _place(
    place: Place,
    by: User,
    admin: User,
    title: str = "Direktør",
    authority: str = "Styrevedtak 2/2025",
) -> Institution:
    """An institution registered by `by`, confirmed, with a verified domain and an approval; the one
    that is there already, when it is."""
    there = Institution.objects.filter(country=place.country, org_number=place.org_number)
    if found := there.exclude(status="rejected").first():
        return found
    made = institutions.register(
        by,
        place.name,
        place.country,
        place.kind,
        place.org_number,
    )
    institutions.decide_institution(made, admin, confirm=True)
    signing_authority.may_sign(by, made, admin, title, authority)
    for domain in MailDomain.objects.filter(institution=made):
        institutions.verify_domain(domain, admin)
    if place.approval:
        agency, source, number = place.approval
        day = date(clock.now().year, 1, 1)
        approve(made, agency, source, day, number)
    made.refresh_from_db()
    return made


def cast() -> Cast:
    """Everybody who takes part in the cases; who is missing is made."""
    people = ensure_people()
    admin = people["second_admin"]
    home = membership_of(people["applicant"])
    officer = _person("Geir Tonstad", "geir.tonstad@ssb.example")
    accounts.grant_role(officer, "SSB", "case_officer", people["agency_admin"], "system:demo")
    found = Cast(people, officer, admin)
    found.places[0] = home
    for at, (place, name) in enumerate(zip(NORWEGIAN[1:], NAMES, strict=True), 1):
        email = f"{name.split()[0].lower()}@{place.domain}".translate(
            str.maketrans("æøåÅØ", "aoaao")
        )
        found.researchers[at] = _person(name, email)
        found.places[at] = _place(place, found.researchers[at], admin)
    return found


def gather() -> Cast:
    """Makes people and institutions, and what waits for them beside cases. Once in a database."""
    everybody = cast()
    home = everybody.places[0]
    _waiting_member(home)
    _waiting_institution()
    _approvals(everybody.admin)
    telling.stories(home, _person("Ragnar Sandvik", "ragnar.sandvik@fjordbyen-samf.example"))
    return everybody


def membership_of(user: User) -> Institution:
    """The institution of the demo's people, which they make themselves."""
    return Institution.objects.get(memberships__user=user, memberships__status="active")


def _waiting_member(home: Institution) -> None:
    """Somebody who asks to join, so that the institution's administrator has something to do."""
    newcomer = _person("Nils Hagerup", "nils.hagerup@post.example")
    if membership(newcomer, home.pk) is None:
        institutions.ask(newcomer, home, "Jeg begynner som stipendiat 1. januar.")


def _waiting_institution() -> None:
    """An institution that somebody entered, so that the agency's administrator has something to do."""
    founder = _person("Ellinor Strand", "ellinor.strand@kystklima.example")
    made = institutions.register(
        founder, "Kystklima forskningsinstitutt", "NO", "research_institution", "899999983"
    )
    claim = signing_authority.claims("Daglig leder", "Vedtektene § 7")
    institutions.claim_authority(made.memberships.get(user=founder), founder, claim)


def _approvals(admin: User) -> None:
    """Institutions about whose approval there is something to do."""
    names = ("Torunn Bakkehaug", "Aslak Somby", "Ronja Tveitan")
    places = [
        _place(place, _person(name, f"{name.split()[0].lower()}@{place.domain}"), admin)
        for place, name in zip(WITHOUT_CASES, names, strict=True)
    ]
    agency, source, _number = NORWEGIAN[4].approval or ("", "", "")
    approving.stories(places, agency, source)


# -- how far a case comes: each walks on from the one before ----------------------------------------
def half_draft(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """A draft with gaps."""
    left_out = ("dpia", "project.end", "storage.description", "legalBasis.art6", "variables")
    walk.fill(case, owner, PROJECTS[at], ago, left_out[: 2 + at % 4])


def whole_draft(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """A draft that could be sent."""
    walk.fill(case, owner, PROJECTS[at], ago)


def submitted(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Received, nobody has it yet."""
    whole_draft(cast, case, owner, at, ago)
    walk.send(case, owner, ago - 0.5)


def taken(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Received and taken by an officer."""
    submitted(cast, case, owner, at, ago)
    officer = cast.officer if at % 2 else cast.second_officer
    walk.give("assign", case, Actor(user=officer), {"officer": officer}, ago - 1)


def returned(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Sent back as incomplete."""
    submitted(cast, case, owner, at, ago)
    walk.give("assign", case, Actor(user=cast.officer), {"officer": cast.officer}, ago - 1)
    walk.send_back(case, cast.officer, ago - 2, days=int(ago) + 10)


def answered(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Answered and sent again: the officer sees what changed."""
    returned(cast, case, owner, at, ago)
    for point in case.return_rounds.get(resubmitted_at__isnull=True).points.all():
        answer = {"point": str(point.pk), "answer": "Rettet, se vedlegget og teksten om lagring."}
        walk.give("answer_point", case, Actor(user=owner), answer, ago - 3)
    text = "Prosjektrom i TSD. Databehandleravtalen ligger ved. Eksport skjer etter kontroll."
    payload = {"section": "storage", "values": {"storage.description": text}}
    walk.give("save_section", case, Actor(user=owner), payload, ago - 3)
    agreement = walk.pdf("Databehandleravtale", "Mellom institusjonen og TSD.")
    walk.attach(case, Actor(user=owner), "other", "databehandleravtale.pdf", agreement, ago - 3)
    walk.send(case, owner, ago - 3.5, "resubmit")


def assessed(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Under assessment; some with a question to the lawyer."""
    submitted(cast, case, owner, at, ago)
    walk.assess(case, cast.officer, ago - 2)
    walk.tick_checklist(case, cast.officer, ago - 3)
    note = "Snakket med fagseksjonen: kvaliteten før 2003 er svak for to av variablene."
    walk.give("add_note", case, Actor(user=cast.officer), {"body": note}, ago - 3)
    walk.message(case, cast.officer, "Vi har begynt på vurderingen. Spør gjerne her.", ago - 3)


def with_lawyer(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Waits for the lawyer."""
    assessed(cast, case, owner, at, ago)
    walk.ask(case, cast.officer, cast.lawyer, ago - 4)
    label = {"label": "with_lawyer"}
    walk.give("set_label", case, Actor(user=cast.officer), label, ago - 4)


REASONS = {
    "granted": "Formålet er forskning, institusjonen er godkjent, og opplysningene er de som trengs.",
    "partly": "Formålet er forskning. To av variablene er mer detaljerte enn formålet krever.",
    "refused": "Formålet lar seg nå med anonyme tabeller. Ulempen ved tilgang er derfor for stor.",
    "dismissed": "Søkeren har ikke svart på det vi ba om, og saken kan ikke opplyses videre.",
}


def drafted(
    cast: Cast, case: Application, owner: User, at: int, ago: float, outcome: str = "granted"
) -> None:
    """A decision is drafted."""
    assessed(cast, case, owner, at, ago)
    fields: dict[str, Any] = {"outcome": outcome, "reasons": REASONS[outcome]}
    if outcome in ("granted", "partly"):
        fields["deletion_date"] = date(clock.now().year + 5, 3, 31)
    by = Actor(user=cast.officer)
    coarser = {1: {"granted": False, "reason": "Grupper holder for formålet."}}
    rows = walk.each_row(outcome, coarser if outcome == "partly" else None)
    walk.give("draft_decision", case, by, {"fields": fields, **rows}, ago - 5)


def for_approval(
    cast: Cast, case: Application, owner: User, at: int, ago: float, outcome: str = "granted"
) -> None:
    """A drafted decision lies with the decision maker."""
    drafted(cast, case, owner, at, ago, outcome)
    walk.give("send_for_approval", case, Actor(user=cast.officer), {}, ago - 6)


def decided(
    cast: Cast, case: Application, owner: User, at: int, ago: float, outcome: str = "granted"
) -> None:
    """Approved, signed, delivered."""
    for_approval(cast, case, owner, at, ago, outcome)
    decision = Decision.objects.get(application=case)
    payload = {"digest": decision.sent_digest, "title": "Seksjonssjef"}
    walk.give("approve", case, Actor(user=cast.decider, fresh=True), payload, ago - 7)


def partly(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Granted in part."""
    decided(cast, case, owner, at, ago, "partly")


def refused(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Refused."""
    decided(cast, case, owner, at, ago, "refused")


def dismissed(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Dismissed."""
    decided(cast, case, owner, at, ago, "dismissed")


def accepted(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """The signatory has accepted the conditions."""
    decided(cast, case, owner, at, ago)
    signatory = signatories(str(case.institution_id))[0]
    letter = LetterRevision.objects.get(decision__application=case, revision=1)
    payload = {
        "letter": letter.sha256,
        "name": signatory.name,
        "title": "Direktør",
        "authority": "Styrevedtak 2/2025",
        "authorised": True,
        "delivery_recipient": owner.name,
        "delivery_mobile": "+47 900 00 000",
    }
    walk.give("accept", case, Actor(user=signatory, fresh=True), payload, ago - 8)


def withdrawn(cast: Cast, case: Application, owner: User, at: int, ago: float) -> None:
    """Taken back."""
    submitted(cast, case, owner, at, ago)
    walk.give("withdraw", case, Actor(user=owner), {}, ago - 3)


Story = Callable[[Cast, Application, User, int, float], None]
# (story, how many of the demo applicant, how many of others, days ago it began)
STORIES: tuple[tuple[Story, int, int, float], ...] = (
    (half_draft, 2, 2, 6),
    (whole_draft, 1, 1, 4),
    (submitted, 1, 5, 5),
    (taken, 0, 3, 40),
    (returned, 1, 2, 12),
    (answered, 1, 1, 20),
    (assessed, 0, 2, 30),
    (with_lawyer, 0, 2, 33),
    (drafted, 0, 2, 35),
    (for_approval, 1, 2, 38),
    (decided, 1, 1, 45),
    (partly, 1, 0, 46),
    (accepted, 1, 2, 90),
    (refused, 1, 1, 70),
    (dismissed, 0, 1, 80),
    (withdrawn, 0, 1, 60),
)


# What the first page cannot do without: something to do for the applicant, the case officer and the
# decision maker. The rest is made while people look around.
FIRST = (half_draft, returned, submitted, for_approval)


def steps() -> list[Step]:
    """The cases of the first agency."""
    found: list[Step] = []
    for story, own, others, ago in STORIES:
        for turn in range(own + others):
            at = len(found)
            place = 0 if turn < own else (PROJECTS[at].institution or 1)
            make = partial(_make, story=story, place=place, at=at, began=ago + turn * 1.7)
            found.append(Step(f"SSB-{at}", make, first=story in FIRST and turn == 0))
    return found


def _make(
    cast: Cast, _made: Made, *, story: Story, place: int, at: int, began: float
) -> Application:
    owner = cast.researchers[place]
    case = walk.begin("SSB", owner, cast.places[place], began)
    story(cast, case, owner, at, began)
    if place == 0 and story in (half_draft, returned):
        colleague = {"user": cast.people["colleague"], "role": "editor"}
        walk.give("invite_colleague", case, Actor(user=owner), colleague, 0.1)
    return case
