"""Approvals of institutions: two people agree, everybody concerned is told, nothing ends by itself."""

import importlib
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from institutions import commands, selectors, tasks
from institutions.models import ApprovalProposal, InstitutionApproval
from portal import clock
from portal.events.models import Event, OutboxEntry
from tests.integration.institutions.test_two_at_once import at_once
from tests.people import approved, give, institution, member, person, sign_in, staff

pytestmark = pytest.mark.django_db
ZONE = "Europe/Oslo"


def today() -> date:
    return clock.today(ZONE)


@pytest.fixture
def admins(home):
    other = person("Second Admin", "second@agency.example")
    give(other, "agency_admin")
    return home.agency_admin, other


def propose(home, by, **terms) -> ApprovalProposal:
    told = {
        "agency": "SSB",
        "source": "ssb",
        "valid_from": today(),
        "grounds": "Letter 7/2026",
        **terms,
    }
    return commands.propose_approval(home.at, by=by, **told)


def mails() -> list[str]:
    return sorted(e.payload["to"] for e in OutboxEntry.objects.filter(kind="mail.send"))


# -- two people ---------------------------------------------------------------------------------------
def test_nothing_holds_before_a_second_administrator_has_confirmed_it(home, admins) -> None:
    first, second = admins
    held = propose(home, first, valid_until=today() + timedelta(days=700), number="7")
    assert selectors.approval(home.at, "SSB", today()) is None
    assert mails() == ["second@agency.example"], "who can confirm is told, who proposed is not"
    commands.settle_approval(held.pk, second, confirm=True)
    made = selectors.approval(home.at, "SSB", today())
    assert (made.basis, made.recorded_by, made.confirmed_by) == ("people", first, second)
    assert made.grounds == "Letter 7/2026"
    told = Event.objects.filter(stream=f"institution:{home.at.pk}").order_by("pk")
    assert [each.type for each in told] == [
        "institution.approval_proposed",
        "institution.approved",
    ]
    assert "boss@fjordheim.example" in mails(), "the institution is told"


def test_nobody_confirms_their_own_proposal(home, admins) -> None:
    first, second = admins
    held = propose(home, first)
    with pytest.raises(commands.Refused):
        commands.settle_approval(held.pk, first, confirm=True)
    commands.settle_approval(held.pk, first, confirm=False)
    with pytest.raises(commands.Refused):
        commands.settle_approval(held.pk, second, confirm=True)
    assert not InstitutionApproval.objects.exists()


def test_the_database_holds_no_approval_by_one_person(home, admins) -> None:
    first, second = admins
    told = {
        "institution": home.at,
        "agency": "SSB",
        "source": "ssb",
        "valid_from": today(),
        "recorded_by": first,
        "basis": "people",
        "grounds": "Letter",
    }
    for wrong in ({}, {"confirmed_by": first}, {"confirmed_by": second, "grounds": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InstitutionApproval.objects.create(**(told | wrong))
    InstitutionApproval.objects.create(**(told | {"confirmed_by": second}))
    held = propose(home, first, source="rcn")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalProposal.objects.filter(pk=held.pk).update(
            ended_by=first, ended_at=clock.now(), approval=InstitutionApproval.objects.get()
        )


def test_only_administrators_of_that_agency_from_outside_the_institution_approve(
    home, admins
) -> None:
    first, second = admins
    elsewhere = staff("agency_admin", "DST")
    for who in (home.boss, home.officer, home.outsider, elsewhere):
        with pytest.raises(commands.Forbidden):
            propose(home, who)
    held = propose(home, first)
    member(second, home.at)
    with pytest.raises(commands.Forbidden):
        commands.settle_approval(held.pk, second, confirm=True)
    made = InstitutionApproval.objects.create(
        institution=home.at, agency="SSB", source="rcn", valid_from=today(), basis="list",
        recorded_by=first,
    )  # fmt: skip
    for who in (second, home.boss, home.officer, elsewhere):
        with pytest.raises(commands.Forbidden):
            commands.withdraw_approval(made.pk, who, "Because")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"source": "nobody"}, "does not know this source"),
        ({"grounds": " "}, "Write what"),
        ({"valid_from": date(2020, 1, 1), "valid_until": date(2020, 12, 31)}, "last day is over"),
        ({"valid_from": date(2099, 1, 1)}, "within a year"),
    ],
)
def test_what_does_not_do_is_refused_with_what_to_do(home, admins, wrong, told) -> None:
    with pytest.raises(commands.Refused, match=told):
        propose(home, admins[0], **wrong)


def test_an_institution_that_waits_for_confirmation_is_not_approved(home, admins) -> None:
    made = commands.register(home.outsider, "Nytt", "NO", "research_institution", "899999126")
    with pytest.raises(commands.Refused, match="Confirm it first"):
        commands.propose_approval(made, "SSB", "ssb", admins[0], today(), grounds="Letter")


def test_a_second_approval_from_the_same_source_waits_until_the_first_is_over(home, admins) -> None:
    last = today() + timedelta(days=30)
    approved(home.at, "SSB", "ssb", admins[0], today(), last)
    with pytest.raises(commands.Refused, match="holds on these days"):
        propose(home, admins[0], valid_from=last)
    held = propose(home, admins[0], valid_from=last + timedelta(days=1))
    commands.settle_approval(held.pk, admins[1], confirm=True)
    assert home.at.approvals.count() == 2


def test_an_authorisation_has_a_number_of_its_own(home) -> None:
    admin = staff("agency_admin", "DST")
    with pytest.raises(commands.Refused, match="number"):
        propose(home, admin, agency="DST", source="dst")
    approved(home.elsewhere, "DST", "dst", admin, today(), None, "A-017")
    with pytest.raises(commands.Refused, match="Annet institutt"):
        propose(home, admin, agency="DST", source="dst", number="A-017")
    approved(home.at, "DST", "dst", admin, today(), None, "A-018")
    assert selectors.facts(home.at, "DST", today())["approval_number"] == "A-018"


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_make_one_approval(home, admins) -> None:
    third = person("Third Admin", "third@agency.example")
    give(third, "agency_admin")
    held = propose(home, admins[0])
    acts = [
        lambda who=who: commands.settle_approval(held.pk, who, True) for who in (admins[1], third)
    ]
    assert at_once(*acts) == ["done", "refused"]
    assert InstitutionApproval.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_at_once_make_one_proposal(home, admins) -> None:
    assert at_once(*[lambda who=who: propose(home, who) for who in admins]) == ["done", "refused"]
    assert ApprovalProposal.objects.count() == 1


# -- the end ------------------------------------------------------------------------------------------
def test_an_approval_ends_with_a_reason_and_the_institution_is_told(home, admins) -> None:
    made = approved(home.at, "SSB", "rcn", admins[0], today())
    with pytest.raises(commands.Refused, match="Write why"):
        commands.withdraw_approval(made.pk, admins[0], "  ")
    OutboxEntry.objects.all().delete()
    commands.withdraw_approval(made.pk, admins[0], "The research department is closed")
    assert selectors.facts(home.at, "SSB", today())["approval_source"] == "none"
    assert mails() == ["boss@fjordheim.example"]
    assert OutboxEntry.objects.filter(kind="approval.withdrawn").count() == 1
    with pytest.raises(commands.Refused, match="already"):
        commands.withdraw_approval(made.pk, admins[1], "Again")
    with pytest.raises(IntegrityError), transaction.atomic():
        InstitutionApproval.objects.filter(pk=made.pk).update(withdrawal_reason="")


def test_an_end_that_comes_is_told_ninety_days_before(home, admins) -> None:
    last = today() + timedelta(days=400)
    made = approved(home.at, "SSB", "rcn", admins[0], today(), last)
    entry = OutboxEntry.objects.get(kind="approval.ending")
    assert entry.due_at.date() == last - timedelta(days=90)
    OutboxEntry.objects.filter(kind="mail.send").delete()
    tasks.tell_that_an_approval_ends(entry.payload)
    assert set(mails()) >= {"boss@fjordheim.example", "second@agency.example"}
    commands.approve_by_decision(home.at, "SSB", "ssb", admins[0], today(), None, "SSB-2026-00001")
    OutboxEntry.objects.filter(kind="mail.send").delete()
    tasks.tell_that_an_approval_ends(entry.payload)
    assert mails() == [], "a longer approval has come"
    assert made.valid_until == last


# -- the pages ----------------------------------------------------------------------------------------
def test_one_proposes_on_the_page_and_another_confirms(client, home, admins) -> None:
    first, second = admins
    page = reverse("institutions:approval", args=[home.at.pk, "SSB"])
    sign_in(client, first, fresh=True)
    form = {"source": "ssb", "valid_from": today().isoformat(), "grounds": "Letter 7/2026"}
    missing = client.post(page, form | {"grounds": ""}).content.decode()
    assert "This field is required" in missing
    assert today().isoformat() in missing, "what was typed is there"
    client.post(page, form)
    held = ApprovalProposal.objects.get()
    card = reverse("institutions:proposal", args=[held.pk])
    own = client.get(card).content.decode()
    assert 'value="confirm"' not in own
    sign_in(client, second)
    assert card in client.get("/me/").content.decode()
    asked = client.post(card, {"what": "confirm"})
    assert asked.url.startswith("/accounts/"), "an approval asks for a fresh sign-in"
    sign_in(client, second, fresh=True)
    assert "Letter 7/2026" in client.get(card).content.decode()
    client.post(card, {"what": "confirm"})
    assert selectors.approval(home.at, "SSB", today()) is not None
    assert "by two administrators" in client.get(page).content.decode()


def test_the_register_finds_and_pages_with_one_query(
    client, home, admins, django_assert_num_queries
) -> None:
    from institutions.approvals.selectors import Filters, register

    approved(home.at, "SSB", "rcn", admins[0], today(), today() + timedelta(days=50))
    for number in range(30):
        institution(f"Institutt {number:02}")
    with django_assert_num_queries(1):
        page = register("SSB", Filters())
    names = [each.name for each in page.places]
    assert len(names) == 25
    rest = register("SSB", Filters(after=page.next))
    assert names + [each.name for each in rest.places] == sorted(
        [*names, *[each.name for each in rest.places]], key=str.lower
    )
    assert len(rest.places) == 7
    assert [p.name for p in register("SSB", Filters(which="ending")).places] == [home.at.name]
    assert [p.name for p in register("SSB", Filters(which="approved")).places] == [home.at.name]
    assert home.at.name not in [p.name for p in register("SSB", Filters(which="none")).places]
    assert register("SSB", Filters(which="withdrawn")).places == []
    assert [p.name for p in register("SSB", Filters(text="fjordh")).places] == [home.at.name]
    sign_in(client, admins[0])
    for query in ("?after=nonsense", "?q=%00"):
        shown = client.get(reverse("institutions:approvals", args=["ssb"]) + query)
        assert shown.status_code == 400
    for query in ("?which=what", "?q=qqqq"):
        shown = client.get(reverse("institutions:approvals", args=["ssb"]) + query)
        assert shown.status_code == 200
    assert "No institution fits" in shown.content.decode()


def test_approvals_of_the_time_before_get_the_basis_that_can_be_known(home, admins) -> None:
    from institutions.models import ListLine

    def before(source: str, number: str = "") -> InstitutionApproval:
        return InstitutionApproval.objects.create(
            institution=home.at, agency="SSB", source=source, number=number, basis="earlier",
            valid_from=date(2026, 1, 1), recorded_by=admins[0],
        )  # fmt: skip

    case, hand, listed = before("ssb", "SSB-2026-00012"), before("eurostat"), before("rcn")
    ListLine.objects.create(
        agency="SSB", source="rcn", key="NO:~f", name="F", folded="f", country="NO",
        valid_from=date(2026, 1, 1), institution=home.at, approval=listed,
    )  # fmt: skip
    migration = importlib.import_module("institutions.migrations.0005_approvals_have_a_basis")
    migration.what_they_rest_on(apps, None)
    found = dict(InstitutionApproval.objects.values_list("pk", "basis"))
    assert found == {case.pk: "case", hand.pk: "earlier", listed.pk: "list"}
