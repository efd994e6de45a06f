"""A membership ends by its date, an authority to sign by its own; both bite by themselves."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test.utils import override_settings
from django.urls import reverse

from institutions import commands, people, selectors
from institutions.models import AuthorityDocument, DatabaseManager, Membership
from portal import clock, store
from portal.events.models import OutboxEntry
from portal.events.outbox import run_due
from tests.people import member, person, sign_in

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    found = OutboxEntry.objects.filter(kind="mail.send", payload__to=user.email).order_by("pk")
    return [mail.payload["subject"] for mail in found]


def test_the_last_day_is_shown_told_two_weeks_before_and_bites_by_itself(client, home) -> None:
    today = clock.today("UTC")
    last = today + timedelta(days=60)
    sign_in(client, home.boss, fresh=True)
    page = reverse("institutions:last_day", args=[home.at.pk, home.colleague_member.pk])
    assert client.post(page, {"last_day": "2020-01-01"}).status_code == 200
    assert client.post(page, {"last_day": last.isoformat()}).status_code == 302
    entry = OutboxEntry.objects.get(kind="membership.ending")
    assert entry.due_at == datetime.combine(last - timedelta(days=14), time(), UTC)
    assert selectors.is_member(home.colleague, home.at.pk)
    with clock.frozen(datetime.combine(last, time(23, 59, 59), UTC)):
        assert selectors.is_member(home.colleague, home.at.pk)
        sign_in(client, home.colleague)
        mine = client.get(reverse("institutions:mine")).content.decode()
        assert "ends soon" in mine
        assert "Your membership at" in client.get("/me/").content.decode()
    with clock.frozen(datetime.combine(last + timedelta(days=1), time(), UTC)):
        sign_in(client, home.colleague)
        at = reverse("institutions:institution", args=[home.at.pk])
        assert client.get(at).status_code == 404
        assert selectors.roles_at(home.colleague, home.at.pk) == frozenset()
        assert home.colleague not in selectors.members(home.at)
        asked = commands.ask(home.colleague, home.at, "Back again")
        commands.decide(asked, home.boss, approve=True)
        assert selectors.is_member(home.colleague, home.at.pk)


def test_the_mail_goes_to_the_member_and_the_administrators_if_the_day_still_stands(
    home, mailoutbox
) -> None:
    today = clock.today("UTC")
    commands.set_end(home.colleague_member, home.boss, today + timedelta(days=5))
    commands.set_end(home.colleague_member, home.boss, today + timedelta(days=9))
    run_due()
    run_due()
    ends = [m.to[0] for m in mailoutbox if m.subject == "A membership at Fjordheim institutt ends"]
    assert sorted(ends) == [home.boss.email, home.colleague.email], (
        "once each, for the day set last"
    )


def test_nobody_prolongs_their_own_membership(home) -> None:
    today = clock.today("UTC")
    commands.set_end(home.boss_member, home.boss, today + timedelta(days=5))
    for day in (None, today + timedelta(days=6)):
        with pytest.raises(commands.Refused):
            commands.set_end(home.boss_member, home.boss, day)
    with pytest.raises(commands.Forbidden):
        commands.set_end(home.boss_member, home.colleague, None)


def authority(home, first: int | None, last: int | None) -> None:
    """The days on which the signatory may sign, counted from today."""
    today = clock.today("UTC")
    days = [None if n is None else today + timedelta(days=n) for n in (first, last)]
    Membership.objects.filter(pk=home.signatory_member.pk).update(
        authority_from=days[0], authority_until=days[1]
    )


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(None, None, True), (0, 0, True), (-9, -1, False), (1, None, False), (None, -1, False)],
)
def test_an_authority_to_sign_counts_on_its_days_only(home, first, last, holds) -> None:
    authority(home, first, last)
    expected = {"signatory"} if holds else set()
    assert selectors.roles_at(home.signatory, home.at.pk) == expected
    assert (home.signatory in selectors.signatories(home.at)) is holds
    ids = selectors.institutions_with_role(home.signatory, "signatory")
    assert (home.at.pk in ids) is holds


def test_nobody_prolongs_or_documents_their_own_authority(home) -> None:
    both = ["administrator", "signatory"]
    commands.add_document(home.colleague_member, home.boss, "0" * 64, "a.pdf", 1)
    commands.change(home.colleague_member, home.boss, both, "Rector", "By law")
    today = clock.today("UTC")
    with pytest.raises(commands.Refused):
        commands.change(home.colleague_member, home.colleague, both, "Rector", "By law", today)
    with pytest.raises(commands.Forbidden):
        commands.add_document(home.colleague_member, home.colleague, "0" * 64, "a.pdf", 1)
    with pytest.raises(commands.Refused):
        commands.change(
            home.colleague_member, home.boss, both, "R", "L", today, today - timedelta(days=1)
        )


PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R>>
%%EOF"""


@pytest.mark.parametrize(
    ("content", "scanner", "status"),
    [
        (PDF, "demo", "clean"),
        (b"<html>not a PDF</html>", "demo", "refused"),
        (PDF, "none", "waiting"),
    ],
)
def test_a_document_is_handed_out_once_it_was_found_clean(
    client, home, content, scanner, status
) -> None:
    digest = store.put(content)
    made = commands.add_document(home.signatory_member, home.boss, digest, "a.pdf", len(content))
    sign_in(client, home.boss)
    where = [home.at.pk, home.signatory_member.pk, made.pk]
    page = reverse("institutions:authority_document", args=where)
    assert client.get(page).status_code == 404, "not before it was looked at"
    with override_settings(SCANNER=scanner):
        run_due()
    assert AuthorityDocument.objects.get().status == status
    assert client.get(page).status_code == (200 if status == "clean" else 404)
    if status == "clean":
        answer = client.get(page)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.fixture
def database(home, monkeypatch) -> str:
    monkeypatch.setattr("institutions.databases.of", lambda at: [("26/1", "Births")])
    return "26/1"


def test_a_project_database_has_one_to_three_managers(home, database) -> None:
    people_ = [member(person(f"M {n}", f"m{n}@example.no"), home.at) for n in range(3)]
    named = [commands.name_manager(home.at, home.boss, m, database) for m in people_]
    assert told(people_[0].user) == ["You manage the project database of case 26/1"]
    with pytest.raises(commands.Refused, match="three managers at most"):
        commands.name_manager(home.at, home.boss, home.colleague_member, database)
    for manager in named[:2]:
        commands.end_manager(manager, home.boss)
    with pytest.raises(commands.Refused, match="one manager at least"):
        commands.end_manager(named[2], home.boss)
    commands.name_manager(home.at, home.boss, home.colleague_member, database)
    assert len(people.managers(home.at)[0]["managers"]) == 2
    with pytest.raises(commands.Refused):
        commands.name_manager(home.at, home.boss, home.colleague_member, "26/2")
    with pytest.raises(commands.Forbidden):
        commands.name_manager(home.at, home.boss, home.foreign_member, database)


def test_the_database_refuses_a_fourth_manager(home) -> None:
    from django.db import IntegrityError, transaction

    facts = {"institution": home.at, "reference": "26/1", "named_by": home.boss}
    held = [member(person(f"M {n}", f"m{n}@example.no"), home.at) for n in range(4)]
    for slot in (1, 2, 3):
        DatabaseManager.objects.create(membership=held[slot - 1], slot=slot, **facts)
    for slot in (3, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            DatabaseManager.objects.create(membership=held[3], slot=slot, **facts)


def test_who_leaves_manages_no_database(home, database) -> None:
    commands.name_manager(home.at, home.boss, home.colleague_member, database)
    commands.end(home.colleague_member, home.colleague)
    assert not DatabaseManager.objects.filter(ended_at__isnull=True).exists()
    assert people.managers(home.at)[0]["managers"] == []
