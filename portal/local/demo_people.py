"""The invented people of the demo, and how they come into the database."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from institutions import commands as institutions
from institutions.enums import InstitutionStatus
from institutions.models import Institution, InstitutionApproval, MailDomain, Membership
from institutions.selectors import membership
from portal import clock
from portal.accounts import commands
from portal.accounts.enums import StaffRoleName
from portal.accounts.models import RoleProposal, StaffRole, User
from portal.local import signing_authority
from portal.local.approving import approve
from portal.local.demo_institutions import NORWEGIAN

# Shown on the page "choose a person": it opens nothing but a demo on somebody's own machine.
PASSWORD = "tilgang-demo-access"  # noqa: S105


@dataclass(frozen=True)
class Person:
    """One invented person. `roles` are (agency, role) of staff, `member` roles at the institution."""

    key: str
    name: str
    email: str
    part: object
    language: str = "nb"
    roles: tuple[tuple[str, str], ...] = ()
    member: tuple[str, ...] = ()
    title: str = ""
    authority: str = ""


RESEARCHER, ADMINISTRATOR, SIGNATORY = "researcher", "administrator", "signatory"

PEOPLE = (
    Person(
        "applicant",
        "Ingrid Solvang",
        "ingrid.solvang@fjordbyen.example",
        _("Applicant: fills in applications, answers questions, accepts"),
        member=(RESEARCHER,),
    ),
    Person(
        "colleague",
        "Tarjei Myklestad",
        "tarjei.myklestad@fjordbyen.example",
        _("Colleague: writes on the same application"),
        language="nn",
        member=(RESEARCHER,),
    ),
    Person(
        "institution_admin",
        "Synnøve Haugland",
        "synnove.haugland@fjordbyen.example",
        _("Institution administrator: approves members, sees the institution's cases"),
        member=(RESEARCHER, ADMINISTRATOR),
    ),
    Person(
        "signatory",
        "Halvard Brekkhus",
        "halvard.brekkhus@fjordbyen.example",
        _("Signatory: accepts decisions and binds the institution"),
        member=(SIGNATORY,),
        title="Direktør",
        authority="Prokura etter styrevedtak 4/2025",
    ),
    Person(
        "case_officer",
        "Marit Aasvang",
        "marit.aasvang@ssb.example",
        _("Case officer: assesses cases and drafts decisions"),
        roles=(("SSB", "case_officer"),),
    ),
    Person(
        "lawyer",
        "Sindre Vangsnes",
        "sindre.vangsnes@ssb.example",
        _("Lawyer: answers one question on one case"),
        roles=(("SSB", "lawyer"),),
    ),
    Person(
        "decision_maker",
        "Astrid Holmboe",
        "astrid.holmboe@ssb.example",
        _("Decision maker: approves and signs what somebody else drafted"),
        roles=(("SSB", "decision_maker"),),
    ),
    Person(
        "agency_admin",
        "Kåre Lundeby",
        "kare.lundeby@ssb.example",
        _("Agency administrator: confirms institutions, gives roles"),
        roles=(("SSB", "agency_admin"), ("DST", "agency_admin")),
    ),
    Person(
        "second_admin",
        "Vigdis Skarpnes",
        "vigdis.skarpnes@ssb.example",
        _("Second administrator, at all three agencies: confirms what somebody else proposed"),
        roles=(("SSB", "agency_admin"), ("DST", "agency_admin"), ("SOS", "agency_admin")),
    ),
    Person(
        "dst_case_officer",
        "Mette Krogsby",
        "mette.krogsby@dst.example",
        _("Case officer at Statistics Denmark"),
        language="da",
        roles=(("DST", "case_officer"),),
    ),
    Person(
        "dst_decision_maker",
        "Jens Overbæk",
        "jens.overbaek@dst.example",
        _("Decision maker at Statistics Denmark"),
        language="da",
        roles=(("DST", "decision_maker"),),
    ),
    Person(
        "sos_case_officer",
        "Åsa Lindhammar",
        "asa.lindhammar@sos.example",
        _("Case officer at Socialstyrelsen"),
        language="sv",
        roles=(("SOS", "case_officer"),),
    ),
    Person(
        "sos_decision_maker",
        "Göran Ekvall",
        "goran.ekvall@sos.example",
        _("Decision maker at Socialstyrelsen"),
        language="sv",
        roles=(("SOS", "decision_maker"),),
    ),
)

# The applicants of the other two countries. They come with the cases of the demo (nordic_stories.py),
# not with ensure_people(); the first who leads an institution registers it.
DANES = (
    Person(
        "dk_leader",
        "Henrik Damkjær",
        "henrik.damkjaer@boligforskning.example",
        _("Leads a Danish institute: its administrator and signatory"),
        language="da",
        member=(RESEARCHER, ADMINISTRATOR, SIGNATORY),
        title="Direktør",
        authority="Bestyrelsesbeslutning 3/2025",
    ),
    Person(
        "dk_applicant",
        "Karoline Vestermark",
        "karoline.vestermark@boligforskning.example",
        _("Applicant at a Danish institute that has a project database"),
        language="da",
        member=(RESEARCHER,),
    ),
)
MUNICIPALITY = (
    Person(
        "dk_municipality",
        "Lone Bispegård",
        "lone.bispegaard@strandby.example",
        _("Applicant at a Danish municipality"),
        language="da",
        member=(RESEARCHER, ADMINISTRATOR, SIGNATORY),
        title="Analysechef",
        authority="Byrådsbeslutning 12/2025",
    ),
)
SWEDES = (
    Person(
        "se_leader",
        "Anders Lindevall",
        "anders.lindevall@malarforsk.example",
        _("Leads a Swedish institute: its administrator and signatory"),
        language="sv",
        member=(RESEARCHER, ADMINISTRATOR, SIGNATORY),
        title="Institutschef",
        authority="Styrelsebeslut 2025:11",
    ),
    Person(
        "se_applicant",
        "Elin Sjöbring",
        "elin.sjobring@malarforsk.example",
        _("Applicant at a Swedish institute"),
        language="sv",
        member=(RESEARCHER,),
    ),
)
EVERYBODY = (*PEOPLE, *DANES, *MUNICIPALITY, *SWEDES)

HOME = NORWEGIAN[0]


@transaction.atomic
def ensure_people(institution: Institution | None = None) -> dict[str, User]:
    """Makes the demo's people with roles and memberships where they are missing; by their key.

    The applicant's side belongs to `institution`, or to one that is made for them. Raises
    ImproperlyConfigured outside of demo and tests.
    """
    if not getattr(settings, "ALLOW_SEEDING", False):
        raise ImproperlyConfigured("invented people belong into the demo")
    people = {person.key: user_of(person) for person in PEOPLE}
    admin = people["agency_admin"]
    for person in PEOPLE:
        for agency, role in person.roles:
            give(people[person.key], agency, role, admin, people["second_admin"])
    home = institution or _institution(people)
    for person in PEOPLE:
        if person.member:
            belongs(people[person.key], person, home, people)
    return people


def give(user: User, agency: str, role: str, one: User, other: User) -> StaffRole:
    """A role as an operator and two administrators give it: administrators are named by the
    operator, a decision maker is proposed by `one` and confirmed by `other`."""
    if role == StaffRoleName.AGENCY_ADMIN:
        return commands.grant_role(user, agency, role, user, "system:demo")
    held = StaffRole.objects.filter(user=user, agency=agency, role=role, revoked_at__isnull=True)
    proposal = None
    if role == StaffRoleName.DECISION_MAKER and not held.exists():
        now = clock.now()
        proposal = RoleProposal.objects.create(
            user=user,
            agency=agency,
            role=role,
            proposed_by=one,
            proposed_at=now,
            confirmed_by=other,
            ended_by=other,
            ended_at=now,
        )
    return commands.grant_role(user, agency, role, one, "system:demo", proposal)


def user_of(person: Person) -> User:
    """The person's account, made when it is missing."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email, PASSWORD, name=person.name, language=person.language
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _institution(people: dict[str, User]) -> Institution:
    """The applicants' institution: registered, confirmed, with mail domain and approval."""
    admin, own = people["agency_admin"], people["institution_admin"]
    found = Institution.objects.filter(country=HOME.country, org_number=HOME.org_number).first()
    if found is None:
        found = institutions.register(own, HOME.name, HOME.country, HOME.kind, HOME.org_number)
    if found.status == InstitutionStatus.PENDING:
        institutions.decide_institution(found, admin, confirm=True)
        found.refresh_from_db()
    domain = MailDomain.objects.filter(institution=found, domain=HOME.domain).first()
    if domain is not None:
        institutions.verify_domain(domain, admin)
    if not InstitutionApproval.objects.filter(institution=found, agency="SSB").exists():
        day = clock.today("Europe/Oslo").replace(month=1, day=1)
        approve(found, "SSB", "rcn", day)
    return found


def belongs(user: User, person: Person, at: Institution, people: dict[str, User]) -> None:
    """An active membership with the person's roles, decided by somebody else."""
    held = membership(user, at.pk)
    if held is None:
        held = Membership.objects.filter(user=user, institution=at, status="pending").first()
        decider = people["institution_admin"]
        if decider.pk == user.pk or membership(decider, at.pk) is None:
            decider = people["agency_admin"]
        held = held or institutions.ask(user, at, "")
        institutions.decide(held, decider, approve=True)
        held.refresh_from_db()
    if set(held.roles) != set(person.member):
        decider = people["institution_admin"]
        if decider.pk == user.pk:
            decider = people["agency_admin"]
        if SIGNATORY in person.member:
            signing_authority.documented(held, decider)
        institutions.change(held, decider, list(person.member), person.title, person.authority)


def by_user() -> list[tuple[Person, User]]:
    """The demo's people who are in the database, in their order."""
    found = {
        user.email: user for user in User.objects.filter(email__in=[p.email for p in EVERYBODY])
    }
    return [(person, found[person.email]) for person in EVERYBODY if person.email in found]
