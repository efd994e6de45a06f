"""Two institutions that are one: nothing is lost, nobody gains a right, two administrators agree."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from applications.models import Application, Project, RecordedCase
from institutions import commands, domains, moves, selectors
from institutions.models import (
    Institution,
    InstitutionApproval,
    InstitutionDetails,
    InstitutionMerge,
    Invitation,
    ListLine,
    MailDomain,
    Membership,
)
from portal import clock
from portal.events.models import Event, OutboxEntry
from tests.people import approved, institution, member, person, sign_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(db):
    return staff("agency_admin", "DST")


def propose(home, reason="Same number in the register") -> InstitutionMerge:
    kept, gone = home.at, home.elsewhere
    seen = moves.digest(kept, gone)
    return commands.propose_merge(kept, gone, home.agency_admin, reason, seen)


def confirm(held, by) -> Institution:
    held = InstitutionMerge.objects.get(pk=held.pk)
    return commands.confirm_merge(held, by, moves.digest(held.kept, held.gone))


def merge(home, second) -> None:
    confirm(propose(home), second)
    home.at.refresh_from_db()
    home.elsewhere.refresh_from_db()


def related():
    return {
        f"{r.related_model._meta.label}.{r.field.name}": r
        for r in Institution._meta.related_objects
    }


def test_every_table_that_names_an_institution_is_told_what_a_merge_does_with_it() -> None:
    moved = {move.relation for move in moves.all_moves()}
    assert moved.isdisjoint(moves.STAYS)
    assert set(related()) == moved | set(moves.STAYS)


def test_no_table_takes_anything_for_an_institution_that_is_merged() -> None:
    """A trigger on each of them: also for what was under way at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'institutions_nothing_more'"
        )
        held = {name for (name,) in cursor.fetchall()}
    names = {
        r.related_model._meta.db_table
        for name, r in related().items()
        if name not in moves.STAYS and r.related_model is not Institution
    }
    assert held == names


def test_nothing_is_lost(home, second, verified) -> None:
    now = clock.now()
    gone = home.elsewhere
    draft = Application.objects.create(
        agency="SSB", scheme_version="2026-1", language="nb", owner=home.foreign_boss,
        institution=gone, created_at=now, updated_at=now,
    )  # fmt: skip
    Project.objects.create(
        owner=home.foreign_boss, institution=gone, created_at=now, updated_at=now
    )
    RecordedCase.objects.create(
        agency="SSB", institution=gone, type="new", number="99/1", title="Old",
        recorded_by=home.agency_admin, recorded_at=now,
    )  # fmt: skip
    commands.invite(gone, home.foreign_boss, "new@annet.example", ["researcher"])
    domain = MailDomain.objects.create(
        institution=gone, domain="annet.example", added_by=home.foreign_boss
    )
    ListLine.objects.create(
        agency="SSB", source="rcn", key="1", name="Annet", folded="annet", country="NO",
        valid_from=date(2026, 1, 1), institution=gone,
    )  # fmt: skip
    InstitutionDetails.objects.create(
        institution=gone, postal_address="Postboks 2", changed_by=home.foreign_boss
    )
    merge(home, second)
    assert home.elsewhere.status == "merged"
    assert home.elsewhere.merged_into == home.at
    for name, relation in related().items():
        left = relation.related_model.objects.filter(**{relation.field.name: gone})
        if name not in moves.STAYS and name != "institutions.InstitutionDetails.institution":
            assert not left.exists(), name
    assert Application.objects.get(pk=draft.pk).institution == home.at
    domain.refresh_from_db()
    assert domain.institution == home.at
    assert InstitutionDetails.objects.get(institution=home.at).postal_address == "Postboks 2"
    assert selectors.roles_at(home.foreign_boss, home.at.pk) == {"administrator"}
    held = InstitutionMerge.objects.get()
    assert (held.done, held.ended_by) == (True, second)
    assert held.moved["applications.Application.institution"] == 1


def test_a_case_that_follows_says_so_and_keeps_its_state(home, second) -> None:
    now = clock.now()
    case = Application.objects.create(
        agency="SSB", scheme_version="2026-1", language="nb", owner=home.foreign_boss,
        institution=home.elsewhere, created_at=now, updated_at=now,
    )  # fmt: skip
    merge(home, second)
    event = Event.objects.get(stream=f"application:{case.pk}", type="application.follow_merge")
    assert event.data["institution"] == str(home.at.pk)
    assert event.data["before"] == str(home.elsewhere.pk)
    assert Application.objects.get(pk=case.pk).state == case.state


def test_who_belongs_to_both_has_the_roles_of_both_in_the_older_membership(home, second) -> None:
    older = Membership.objects.get(pk=home.colleague_member.pk)
    older.started_at -= timedelta(days=9)
    older.valid_until = clock.today("UTC") + timedelta(days=90)
    older.save()
    newer = member(home.colleague, home.elsewhere, "signatory", "administrator")
    merge(home, second)
    older.refresh_from_db()
    newer.refresh_from_db()
    assert older.roles == ["researcher", "administrator", "signatory"]
    assert (older.title, older.authority) == ("Director", "Power of attorney 1/2026")
    assert older.valid_until == clock.today("UTC") + timedelta(days=90), "no right grows longer"
    assert (newer.status, newer.institution) == ("ended", home.at)
    event = Event.objects.get(type="membership.united")
    assert event.data["before"] == ["researcher"]


def test_a_membership_that_is_over_does_not_end_one_that_holds(home, second) -> None:
    Membership.objects.filter(pk=home.colleague_member.pk).update(
        valid_until=clock.today("UTC") - timedelta(days=1)
    )
    member(home.colleague, home.elsewhere, "administrator")
    merge(home, second)
    assert selectors.roles_at(home.colleague, home.at.pk) == {"administrator"}


def test_who_waits_at_the_other_gets_no_role_by_a_merge(home, second) -> None:
    """Somebody registers a copy of an institution and says that they may sign for it."""
    made = commands.register(home.outsider, "Fjordheim institut", "NO", "research_institution")
    said = commands.Claim("Rektor", "Post", date(2026, 1, 1), None, "a" * 64, "a.pdf", 1)
    held = Membership.objects.get(user=home.outsider)
    claim = commands.claim_authority(held, home.outsider, said)
    seen = moves.digest(home.at, made)
    held = commands.propose_merge(home.at, made, home.agency_admin, "A copy", seen)
    confirm(held, second)
    mine = Membership.objects.get(user=home.outsider)
    assert (mine.institution, mine.status, mine.roles) == (home.at, "pending", [])
    claim.refresh_from_db()
    assert claim.ended_at is None, "it still waits, at the institution that is kept"
    commands.decide(mine, home.boss, approve=True)
    assert selectors.roles_at(home.outsider, home.at.pk) == {"researcher"}


def test_the_same_domain_stands_there_once_and_stays_verified(home, second) -> None:
    MailDomain.objects.create(institution=home.at, domain="both.example", added_by=home.boss)
    MailDomain.objects.create(
        institution=home.elsewhere, domain="both.example", added_by=home.foreign_boss,
        verified_by=second, verified_at=clock.now(),
    )  # fmt: skip
    merge(home, second)
    held = MailDomain.objects.get(domain="both.example")
    assert (held.institution, held.verified_by) == (home.at, second)
    assert domains.of_address("a@both.example") in selectors.verified_domains(home.at)


def test_of_two_invitations_of_one_address_the_later_counts(home, second) -> None:
    first = commands.invite(home.at, home.boss, "new@x.example", ["researcher"])
    Invitation.objects.filter(pk=first.pk).update(expires_at=first.expires_at - timedelta(days=3))
    later = commands.invite(home.elsewhere, home.foreign_boss, "new@x.example", ["researcher"])
    merge(home, second)
    counts = Invitation.objects.get(revoked_at__isnull=True)
    assert (counts.pk, counts.institution) == (later.pk, home.at)


def test_a_list_that_names_both_stops_the_merge(home) -> None:
    for number, at in enumerate((home.at, home.elsewhere)):
        ListLine.objects.create(
            agency="SSB", source="rcn", key=str(number), name=at.name, folded=at.name.lower(),
            country="NO", valid_from=date(2026, 1, 1), institution=at,
        )  # fmt: skip
    with pytest.raises(commands.Refused, match="two institutions"):
        propose(home)


def test_both_with_a_project_database_stops_the_merge_and_names_the_cases(home) -> None:
    now = clock.now()
    for at, number in ((home.at, "DST-1"), (home.elsewhere, "DST-2")):
        RecordedCase.objects.create(
            agency="DST", institution=at, type="project_database", number=number, title="Base",
            recorded_by=home.agency_admin, recorded_at=now,
        )  # fmt: skip
    with pytest.raises(commands.Refused, match="DST-1 and DST-2"):
        propose(home)


def test_what_cannot_be_is_told_before(home) -> None:
    Institution.objects.filter(pk=home.elsewhere.pk).update(org_number="899999118", country="SE")
    home.elsewhere.refresh_from_db()
    found = " ".join(moves.refusals(home.at, home.elsewhere))
    assert "two countries" in found
    assert "the other way round" in found


def test_nobody_confirms_a_merge_that_they_proposed(home, second) -> None:
    held = propose(home)
    with pytest.raises(commands.Refused, match="Another administrator"):
        confirm(held, home.agency_admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        InstitutionMerge.objects.filter(pk=held.pk).update(
            done=True, ended_by=home.agency_admin, ended_at=clock.now()
        )
    confirm(held, second)


def test_nobody_merges_an_institution_of_their_own(home, second) -> None:
    held = propose(home)
    member(second, home.at)
    with pytest.raises(commands.Forbidden):
        confirm(held, second)
    for who in (home.boss, home.foreign_boss, home.officer, home.outsider):
        with pytest.raises(commands.Forbidden):
            confirm(held, who)


def test_what_changed_since_the_page_was_opened_is_looked_at_again(home, second) -> None:
    held = propose(home)
    seen = moves.digest(home.at, home.elsewhere)
    member(person("New", "new@x.example"), home.elsewhere)
    with pytest.raises(commands.Refused, match="Look again"):
        commands.confirm_merge(held, second, seen)


def test_one_merge_at_a_time_of_each(home, second) -> None:
    held = propose(home)
    with pytest.raises(commands.Refused, match="proposed already"):
        commands.propose_merge(
            home.elsewhere, home.at, second, "x", moves.digest(home.elsewhere, home.at)
        )
    commands.drop_merge(held, second)
    assert Event.objects.filter(type="institution.merge_dropped").count() == 2
    propose(home)


def test_a_merged_one_takes_nothing_more(home, second) -> None:
    merge(home, second)
    with pytest.raises(IntegrityError, match="merged into another"), transaction.atomic():
        member(home.outsider, home.elsewhere)
    with pytest.raises(commands.Refused):
        commands.ask(home.outsider, home.elsewhere, "")
    assert InstitutionApproval.objects.filter(institution=home.elsewhere).count() == 0


def test_number_and_name_of_the_merged_one_lead_to_the_kept(client, home, second) -> None:
    Institution.objects.filter(pk=home.at.pk).update(org_number="899999126")
    Institution.objects.filter(pk=home.elsewhere.pk).update(org_number="899999118")
    home.at.refresh_from_db()
    home.elsewhere.refresh_from_db()
    merge(home, second)
    assert selectors.search("899999118", home.outsider) == [home.at]
    assert selectors.search("Annet", home.outsider) == [home.at]
    sign_in(client, home.foreign_boss)
    page = reverse("institutions:institution", args=[home.elsewhere.pk])
    kept = reverse("institutions:institution", args=[home.at.pk])
    assert client.get(page)["Location"] == kept
    assert "Annet institutt (899999118)" in client.get(kept).content.decode()
    sign_in(client, home.outsider)
    assert client.get(page).status_code == 404
    typed = {
        "name": "Noe helt nytt", "country": "NO", "kind": "other", "org_number": "899999118"
    }  # fmt: skip
    answer = client.post(reverse("institutions:register"), typed).content.decode()
    assert reverse("institutions:ask", args=[home.at.pk]) in answer


def test_what_was_merged_before_leads_on(home, second) -> None:
    third = institution("Tredje senter")
    seen = moves.digest(home.elsewhere, third)
    confirm(commands.propose_merge(home.elsewhere, third, home.agency_admin, "x", seen), second)
    merge(home, second)
    third.refresh_from_db()
    assert third.merged_into == home.at


def test_everybody_concerned_is_told_once(home, second) -> None:
    merge(home, second)
    payloads = OutboxEntry.objects.filter(kind="mail.send").values_list("payload", flat=True)
    told = [p["to"] for p in payloads if "is now" in p.get("subject", "")]
    assert sorted(told) == sorted([home.boss.email, home.foreign_boss.email])


def test_the_road_of_a_merge_through_its_pages(client, home, second) -> None:
    gone, kept = home.elsewhere, home.at
    sign_in(client, home.agency_admin, fresh=True)
    page = client.get(reverse("institutions:merge", args=[gone.pk]), {"q": "Fjordheim"})
    pair = reverse("institutions:merge_into", args=[gone.pk, kept.pk])
    assert pair in page.content.decode()
    page = client.get(pair)
    text = page.content.decode()
    assert "Boss" in text
    assert "Foreign" in text
    seen = page.context["form"].initial["seen"]
    answer = client.post(pair, {"seen": seen, "reason": ""})
    assert "This field is required" in answer.content.decode()
    answer = client.post(pair, {"seen": seen, "reason": "Same in the register"})
    held = InstitutionMerge.objects.get()
    proposal = reverse("institutions:merge_proposal", args=[held.pk])
    assert answer["Location"] == proposal
    assert "has to confirm it" in client.get(proposal).content.decode()
    sign_in(client, second)
    seen = client.get(proposal).context["seen"]
    answer = client.post(proposal, {"seen": seen})
    assert "/accounts/" in answer["Location"], "asks for a fresh sign-in"
    sign_in(client, second, fresh=True)
    answer = client.post(proposal, {"seen": seen})
    assert answer["Location"] == reverse("institutions:institution", args=[kept.pk])
    assert "They are one" in client.get(proposal).content.decode()


def test_the_pages_of_a_merge_are_absent_for_everybody_else(client, home) -> None:
    held = propose(home)
    pages = [
        reverse("institutions:merge", args=[home.at.pk]),
        reverse("institutions:merge_into", args=[home.elsewhere.pk, home.at.pk]),
        reverse("institutions:merge_proposal", args=[held.pk]),
    ]
    drop = reverse("institutions:merge_drop", args=[held.pk])
    for who in (home.boss, home.foreign_boss, home.officer, home.outsider):
        sign_in(client, who, fresh=True)
        for page in pages:
            assert client.get(page).status_code == 404
            assert client.post(page).status_code in (404, 405)
        assert client.post(drop).status_code == 404


def test_a_waiting_registration_stands_beside_what_it_may_be(client, home) -> None:
    made = commands.register(home.outsider, "Fjordheim institut", "NO", "other")
    sign_in(client, home.agency_admin)
    page = client.get(reverse("institutions:registrations")).content.decode()
    assert reverse("institutions:merge_into", args=[made.pk, home.at.pk]) in page


def test_the_other_administrator_finds_the_merge_on_their_page(client, home, second) -> None:
    held = propose(home)
    link = reverse("institutions:merge_proposal", args=[held.pk])
    for page in (reverse("institutions:registrations"), "/me/"):
        assert link in sign_in(client, second).get(page).content.decode()
    assert link not in sign_in(client, home.agency_admin).get("/me/").content.decode()


def test_an_application_with_a_number_keeps_its_single_place(home, second) -> None:
    """The place that the database keeps for one project database goes over with its case."""
    now = clock.now()
    case = Application.objects.create(
        agency="DST", scheme_version="2026-1", type="project_database", language="da",
        owner=home.foreign_boss, institution=home.elsewhere, created_at=now, updated_at=now,
        single_key=f"DST:project_database:{home.elsewhere.pk}",
    )  # fmt: skip
    merge(home, second)
    case.refresh_from_db()
    assert case.single_key == f"DST:project_database:{home.at.pk}"


def test_the_same_approval_twice_is_one_until_the_later_day(home, second) -> None:
    days = (date(2026, 12, 31), date(2027, 12, 31))
    for at, until in zip((home.at, home.elsewhere), days, strict=True):
        approved(at, "SSB", "rcn", home.agency_admin, date(2026, 1, 1), until)
    merge(home, second)
    holds = InstitutionApproval.objects.get(withdrawn_at__isnull=True)
    assert (holds.institution, holds.valid_until) == (home.at, days[1])
    assert InstitutionApproval.objects.filter(institution=home.at).count() == 2


def test_a_proposal_that_can_no_longer_be_done_can_be_dropped(client, home, second) -> None:
    made = commands.register(home.outsider, "Fjordheim institut", "NO", "other")
    seen = moves.digest(home.at, made)
    held = commands.propose_merge(home.at, made, home.agency_admin, "A copy", seen)
    commands.decide_institution(made, second, confirm=False)
    sign_in(client, second, fresh=True)
    page = client.get(reverse("institutions:merge_proposal", args=[held.pk])).content.decode()
    assert "does not wait either" in page
    assert "merge them</button>" not in page
    client.post(reverse("institutions:merge_drop", args=[held.pk]))
    held.refresh_from_db()
    assert (held.done, held.ended_by) == (False, second)


def test_who_left_the_one_and_belongs_to_the_other_belongs_to_the_merged_one(home, second) -> None:
    commands.end(home.colleague_member, home.colleague)
    member(home.colleague, home.elsewhere)
    merge(home, second)
    assert selectors.roles_at(home.colleague, home.at.pk) == {"researcher"}
    held = Membership.objects.filter(user=home.colleague, institution=home.at)
    assert sorted(held.values_list("status", flat=True)) == ["active", "ended"]


def test_what_somebody_had_open_does_not_go_round_the_rules_after_a_merge(home, second) -> None:
    """The last administrator leaves by a page of before: the kept one would have none."""
    Membership.objects.filter(pk=home.boss_member.pk).update(roles=["researcher"])
    held = home.foreign_member
    merge(home, second)
    with pytest.raises(commands.Refused, match="merged into another"):
        commands.end(held, home.foreign_boss)
    held.refresh_from_db()
    with pytest.raises(commands.Refused, match="needs an administrator"):
        commands.end(held, home.foreign_boss)
