"""Every address of institutions x everybody: who gets an answer and who a 404."""

from datetime import date
from unittest import mock

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from institutions import commands
from institutions.commands.authority import checked
from institutions.models import Institution, ListLine, MailDomain
from institutions.moves import digest
from portal import store
from tests.people import approved, sign_in

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "outsider",
    "colleague",
    "boss",
    "signatory",
    "foreign_boss",
    "officer",
    "agency_admin",
)
SIGNED_IN = set(EVERYBODY)
MEMBERS = {"colleague", "boss", "signatory"}
# name -> (method, who may). Everybody else gets a 404, visitors the sign-in page.
MATRIX: dict[str, tuple[str, set[str]]] = {
    "mine": ("get", SIGNED_IN),
    "join": ("get", SIGNED_IN),
    "register": ("get", SIGNED_IN),
    "registrations": ("get", {"agency_admin"}),
    "institution": ("get", MEMBERS | {"agency_admin"}),
    "invitation": ("get", {"outsider"}),
    "invite": ("get", {"boss"}),
    "revoke_invitation": ("post", {"boss"}),
    "name_manager": ("get", {"boss"}),
    "end_manager": ("post", {"boss"}),
    "last_day": ("get", {"boss"}),
    "authority_document": ("get", {"boss", "agency_admin", "colleague"}),
    "claim_authority": ("get", MEMBERS),
    "claim": ("get", {"colleague", "boss", "agency_admin"}),
    "details": ("get", {"boss", "agency_admin"}),
    "identity": ("get", {"agency_admin"}),
    "merge": ("get", {"agency_admin"}),
    "merge_into": ("get", {"agency_admin"}),
    "merge_proposal": ("get", {"agency_admin"}),
    "merge_drop": ("post", {"agency_admin"}),
    "ask": ("get", SIGNED_IN),
    "confirm": ("post", {"agency_admin"}),
    "decline": ("post", {"agency_admin"}),
    "add_domain": ("post", {"boss"}),
    "verify_domain": ("post", {"agency_admin"}),
    "edit_member": ("get", {"boss"}),
    "approve_member": ("post", {"boss"}),
    "decline_member": ("post", {"boss"}),
    "end_member": ("get", {"boss", "colleague"}),
    "lists": ("get", {"agency_admin"}),
    "list": ("get", {"agency_admin"}),
    "list_import": ("get", {"agency_admin"}),
    "list_match": ("post", {"agency_admin"}),
    "list_dropped": ("get", {"agency_admin"}),
    "approvals_start": ("get", {"agency_admin"}),
    "approvals": ("get", {"agency_admin"}),
    "approval": ("get", {"agency_admin"}),
    "proposal": ("get", {"agency_admin"}),
    "withdraw_approval": ("get", {"agency_admin"}),
}
PUBLIC = {"approved", "approved_file"}


def names() -> set[str]:
    patterns = get_resolver("institutions.urls").url_patterns
    return {p.name for p in patterns}


def test_every_address_stands_in_the_matrix() -> None:
    assert names() == set(MATRIX) | PUBLIC


def dropped_line(home) -> ListLine:
    day = date(2026, 1, 1)
    return ListLine.objects.create(
        agency="SSB", source="rcn", key="NO:~fjordheim", name="Fjordheim", folded="fjordheim",
        country="NO", valid_from=day, dropped=day, institution=home.at,
    )  # fmt: skip


def of_people(home, name: str) -> dict[str, list]:
    """What stands in the addresses about invitations, managers, last days and documents."""
    member = home.colleague_member
    if name in ("invitation", "revoke_invitation"):
        with mock.patch("institutions.commands.invitations.token_urlsafe", return_value="secret"):
            sent = commands.invite(home.at, home.boss, home.outsider.email, ["researcher"])
        return {"invitation": ["secret"], "revoke_invitation": [home.at.pk, sent.pk]}
    if name == "end_manager":
        with mock.patch("institutions.databases.of", return_value=[("26/1", "A database")]):
            for held in (home.signatory_member, member):
                manager = commands.name_manager(home.at, home.boss, held, "26/1")
        return {name: [home.at.pk, manager.pk]}
    if name == "authority_document":
        digest = store.put(b"%PDF-1.7 an authority")
        document = commands.add_document(member, home.boss, digest, "authority.pdf", 21)
        checked(document, {"status": "clean", "refusal": "", "scanner": "test"})
        return {name: [home.at.pk, member.pk, document.pk]}
    if name == "claim":
        said = commands.Claim("Rektor", "Stilling", date(2026, 1, 1), None, "a" * 64, "a.pdf", 1)
        claim = commands.claim_authority(member, home.colleague, said)
        return {name: [home.at.pk, claim.pk]}
    return {"last_day": [home.at.pk, member.pk]}


def address(home, name: str) -> str:
    domain = MailDomain.objects.create(
        institution=home.at, domain=f"{name.replace('_', '-')}.example", added_by=home.boss
    )
    member = home.colleague_member.pk
    if name in ("approve_member", "decline_member"):
        member = commands.ask(home.outsider, home.at, "").pk
    arguments = {
        **of_people(home, name),
        "mine": [],
        "join": [],
        "register": [],
        "registrations": [],
        "verify_domain": [home.at.pk, domain.pk],
        "edit_member": [home.at.pk, member],
        "end_member": [home.at.pk, member],
        "approve_member": [home.at.pk, member],
        "decline_member": [home.at.pk, member],
        "lists": [],
        "approvals_start": [],
        "approvals": ["SSB"],
        "merge_into": [home.at.pk, home.elsewhere.pk],
        "approval": [home.at.pk, "SSB"],
        "list": ["SSB", "rcn"],
        "list_import": ["SSB", "rcn"],
    }
    if name in ("proposal", "withdraw_approval"):
        made = approved(home.at, "SSB", "rcn", home.agency_admin, date(2026, 1, 1))
        arguments[name] = [made.proposal.pk if name == "proposal" else made.pk]
    if name in ("merge_proposal", "merge_drop"):
        seen = digest(home.at, home.elsewhere)
        made = commands.propose_merge(home.at, home.elsewhere, home.agency_admin, "Same", seen)
        arguments[name] = [made.pk]
    if name in ("list_match", "list_dropped"):
        arguments[name] = [dropped_line(home).pk]
    return reverse(f"institutions:{name}", args=arguments.get(name, [home.at.pk]))


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may_gets_an_answer_and_everybody_else_a_404(home, name: str) -> None:
    method, allowed = MATRIX[name]
    page = address(home, name)
    visitor = getattr(Client(), method)(page)
    assert visitor.status_code == 302
    assert visitor.url.startswith(reverse("account_login"))
    for who in EVERYBODY:
        client = sign_in(Client(), getattr(home, who), fresh=True)
        answer = getattr(client, method)(page)
        refused = {403} if name == "invitation" else {404}
        expected = {200, 302} if who in allowed else refused
        assert answer.status_code in expected, (name, who)


@pytest.mark.parametrize("name", sorted(n for n, (method, _) in MATRIX.items() if method == "post"))
def test_reading_writes_nothing(home, name: str) -> None:
    page = address(home, name)
    client = sign_in(Client(), home.boss, fresh=True)
    assert client.get(page).status_code == 405


def test_a_pending_institution_is_seen_by_who_registered_it_and_the_agency(home) -> None:
    made = commands.register(home.outsider, "Nytt", "NO", "research_institution", "899999126")
    page = reverse("institutions:institution", args=[made.pk])
    for who in EVERYBODY:
        expected = 200 if who in ("outsider", "agency_admin") else 404
        assert sign_in(Client(), getattr(home, who)).get(page).status_code == expected, who
    assert Institution.objects.get(pk=made.pk).status == "pending"


def test_mail_addresses_of_members_are_shown_to_who_manages_them_only(home) -> None:
    page = reverse("institutions:institution", args=[home.at.pk])
    seen = {
        who: "sigrid@fjordheim.example"
        in sign_in(Client(), getattr(home, who)).get(page).content.decode()
        for who in ("boss", "colleague", "agency_admin")
    }
    assert seen == {"boss": True, "colleague": False, "agency_admin": False}


@pytest.mark.parametrize("language", ["nn", "nb", "da", "sv", "en"])
@pytest.mark.parametrize("name", ["mine", "join", "register", "institution", "edit_member"])
def test_pages_render_in_every_language(home, name: str, language: str) -> None:
    client = sign_in(Client(), home.boss)
    client.cookies["django_language"] = language
    answer = client.get(address(home, name))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_members(
    home,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.people import member, person

    client = sign_in(Client(), home.boss)
    page = reverse("institutions:institution", args=[home.at.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(5):
        member(person(f"Person {number}", f"p{number}@example.no"), home.at)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
