"""People for tests: make them, give them roles, sign them in. Needs the database."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from institutions.commands import propose_approval, settle_approval
from institutions.enums import Basis, InstitutionStatus, MembershipStatus
from institutions.models import Institution, InstitutionApproval, Membership
from portal import clock
from portal.accounts import sessions
from portal.accounts.models import RoleProposal, StaffRole, User

PASSWORD = "correct-horse-battery-77"


def person(name: str = "Kari Nordmann", email: str = "", **fields: Any) -> User:
    """A person with a verified mail address and PASSWORD."""
    email = email or f"{name.lower().replace(' ', '.')}@example.no"
    user = User.objects.create_user(email=email, password=PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def staff(role: str, agency: str = "SSB", name: str = "", by: User | None = None) -> User:
    """A person who holds one role at an agency."""
    name = name or f"{role} {agency}"
    user = person(name, f"{role}.{agency.lower()}@agency.example")
    give(user, role, agency, by)
    return user


def give(user: User, role: str, agency: str = "SSB", by: User | None = None) -> StaffRole:
    """Gives a role without an event; a decision maker's by two, as the database demands."""
    proposal = _confirmed(user, agency) if role == "decision_maker" else None
    return StaffRole.objects.create(
        user=user, agency=agency, role=role, granted_by=by or user, proposal=proposal
    )


def _confirmed(user: User, agency: str) -> RoleProposal:
    """A proposal that one person made and another confirmed, without roles of their own."""
    two = [
        User.objects.filter(email=email).first() or person(name, email)
        for name, email in (
            ("Proposer", "proposer@agency.example"),
            ("Confirmer", "confirmer@agency.example"),
        )
    ]
    return RoleProposal.objects.create(
        user=user,
        agency=agency,
        role="decision_maker",
        proposed_by=two[0],
        confirmed_by=two[1],
        ended_by=two[1],
        ended_at=clock.now(),
    )


def sign_in(client: Client, user: User, second_factor: bool = True, fresh: bool = False) -> Client:
    """Signs `user` in on `client`. Staff without `second_factor` are nobody."""
    client.force_login(user)
    held = client.session
    held[sessions.KEY] = sessions.new(user, second_factor=second_factor)
    if fresh:
        held[sessions.KEY]["fresh"] = held[sessions.KEY]["seen"]
    held.save()
    return client


def institution(name: str = "Fjordheim institutt", **fields: Any) -> Institution:
    """A confirmed institution."""
    registrar = User.objects.filter(email="registrar@example.no").first() or person(
        "Registrar", "registrar@example.no"
    )
    keeper = User.objects.filter(email="keeper@agency.example").first() or person(
        "Keeper", "keeper@agency.example"
    )
    fields = {
        "country": "NO",
        "kind": "research_institution",
        "status": InstitutionStatus.CONFIRMED,
        "registered_by": registrar,
        "decided_by": keeper,
        "decided_at": clock.now(),
        **fields,
    }
    return Institution.objects.create(name=name, **fields)


def member(user: User, at: Institution, *roles: str, **fields: Any) -> Membership:
    """An active membership with `roles` (researcher when none is named)."""
    if "signatory" in roles:
        fields = {"title": "Director", "authority": "Power of attorney 1/2026", **fields}
    keeper = User.objects.get(email="keeper@agency.example")
    return Membership.objects.create(
        user=user,
        institution=at,
        roles=list(roles) or ["researcher"],
        status=MembershipStatus.ACTIVE,
        basis=Basis.REQUEST,
        started_at=clock.now(),
        decided_by=keeper,
        decided_at=clock.now(),
        **fields,
    )


def approved(
    at: Institution,
    agency: str,
    source: str,
    by: User,
    valid_from: date,
    valid_until: date | None = None,
    number: str = "",
) -> InstitutionApproval:
    """An approval that `by`, an administrator of the agency, proposed and a second one confirmed."""
    email = f"second.{agency.lower()}@agency.example"
    other = User.objects.filter(email=email).first()
    if other is None:
        other = person(f"Second {agency}", email)
        give(other, "agency_admin", agency)
    proposal = propose_approval(
        at, agency, source, by, valid_from, valid_until, number, "Letter 1/2026"
    )
    made = settle_approval(proposal.pk, other, confirm=True).approval
    assert made is not None
    return made
