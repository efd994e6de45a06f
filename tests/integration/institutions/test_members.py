"""Members, their roles and their leaving. A membership that ends bites at the next request."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from institutions import commands, selectors
from institutions.models import Institution, Membership
from portal import clock
from portal.accounts import commands as accounts
from portal.events.models import OutboxEntry
from tests.people import member, sign_in

pytestmark = pytest.mark.django_db


def edit(home, held) -> str:
    return reverse("institutions:edit_member", args=[home.at.pk, held.pk])


def test_a_signatory_is_made_with_title_and_authority(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    page = edit(home, home.colleague_member)
    bare = client.post(page, {"roles": ["signatory"]})
    assert "A signatory needs this" in bare.content.decode()
    given = {"roles": ["signatory"], "title": "Direktør", "authority": "Prokura"}
    undocumented = client.post(page, given).content.decode()
    assert "A signatory needs this. Choose the file again." in undocumented
    assert "signatory" not in selectors.roles_at(home.colleague, home.at.pk)
    document = SimpleUploadedFile("prokura.pdf", b"%PDF-1.7 not looked at yet")
    days = {"authority_from": "2020-01-01", "document": document}
    assert client.post(page, given | days).status_code == 302
    assert selectors.roles_at(home.colleague, home.at.pk) == {"signatory"}
    assert home.colleague in selectors.signatories(home.at)
    held = selectors.membership(home.colleague, home.at.pk)
    assert (held.title, held.authority) == ("Direktør", "Prokura")


def test_nobody_gives_themselves_a_role(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    given = {"roles": ["administrator", "signatory"], "title": "Me", "authority": "Myself"}
    answer = client.post(edit(home, home.boss_member), given)
    assert "Nobody can give themselves a role" in answer.content.decode()
    assert "signatory" not in selectors.roles_at(home.boss, home.at.pk)


def test_the_last_administrator_cannot_leave_or_step_down(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    leave = reverse("institutions:end_member", args=[home.at.pk, home.boss_member.pk])
    assert client.get(leave).status_code == 200
    client.post(leave)
    client.post(edit(home, home.boss_member), {"roles": ["researcher"]})
    assert "administrator" in selectors.roles_at(home.boss, home.at.pk)
    commands.change(home.colleague_member, home.boss, ["administrator"])
    client.post(leave)
    assert not selectors.is_member(home.boss, home.at.pk)


def test_an_administrator_whose_account_is_closed_does_not_count_as_one(home) -> None:
    second = commands.change
    second(home.colleague_member, home.boss, ["administrator", "researcher"])
    accounts.set_active(home.boss, False, "system:test")
    held = Membership.objects.get(pk=home.colleague_member.pk)
    with pytest.raises(commands.Refused):
        commands.end(held, home.colleague)


def test_leaving_bites_at_once(client, home) -> None:
    sign_in(client, home.colleague)
    page = reverse("institutions:institution", args=[home.at.pk])
    assert client.get(page).status_code == 200
    commands.end(home.colleague_member, home.boss)
    assert client.get(page).status_code == 404
    assert not selectors.is_member(home.colleague, home.at.pk)
    assert list(selectors.active_institutions(home.colleague)) == []
    assert list(selectors.institutions_with_role(home.colleague, "researcher")) == []


def test_a_role_taken_away_bites_at_once(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    member(home.outsider, home.at, "administrator")
    commands.change(home.boss_member, home.outsider, ["researcher"])
    assert (
        client.post(edit(home, home.colleague_member), {"roles": ["researcher"]}).status_code == 404
    )


def test_an_administrator_elsewhere_changes_nobody_here(client, home) -> None:
    sign_in(client, home.foreign_boss, fresh=True)
    for pk in (home.at.pk, home.elsewhere.pk):
        page = reverse("institutions:edit_member", args=[pk, home.colleague_member.pk])
        assert client.post(page, {"roles": ["administrator"]}).status_code == 404
        end = reverse("institutions:end_member", args=[pk, home.colleague_member.pk])
        assert client.post(end).status_code == 404
    assert selectors.roles_at(home.colleague, home.at.pk) == {"researcher"}


def test_a_member_cannot_end_a_colleagues_membership(client, home) -> None:
    sign_in(client, home.colleague)
    end = reverse("institutions:end_member", args=[home.at.pk, home.signatory_member.pk])
    assert client.post(end).status_code == 404
    assert selectors.is_member(home.signatory, home.at.pk)


def test_who_left_can_come_back(home) -> None:
    commands.end(home.colleague_member, home.colleague)
    asked = commands.ask(home.colleague, home.at, "")
    commands.decide(asked, home.boss, approve=True)
    assert selectors.is_member(home.colleague, home.at.pk)
    assert Membership.objects.filter(user=home.colleague).count() == 2


def test_forms_set_nothing_but_what_they_ask(client, home) -> None:
    sign_in(client, home.boss, fresh=True)
    before = Membership.objects.get(pk=home.colleague_member.pk)
    client.post(
        edit(home, home.colleague_member),
        {
            "roles": ["researcher"],
            "institution": str(home.elsewhere.pk),
            "user": str(home.outsider.pk),
            "status": "ended",
            "basis": "domain",
            "decided_by": str(home.boss.pk),
            "agency": "SSB",
            "role": "agency_admin",
            "is_staff": "1",
        },
    )
    after = Membership.objects.get(pk=home.colleague_member.pk)
    same = ("institution_id", "user_id", "status", "basis", "decided_by_id", "started_at")
    assert [getattr(after, n) for n in same] == [getattr(before, n) for n in same]
    assert (
        client.post(edit(home, home.colleague_member), {"roles": ["agency_admin"]}).status_code
        == 200
    )
    assert not home.colleague.staff_roles.exists()


def test_a_request_sets_neither_role_nor_state(client, home) -> None:
    sign_in(client, home.outsider)
    data = {
        "message": "",
        "roles": ["administrator"],
        "status": "active",
        "basis": "domain",
        "institution": str(home.elsewhere.pk),
        "state": "active",
    }
    client.post(reverse("institutions:ask", args=[home.at.pk]), data)
    held = Membership.objects.get(user=home.outsider)
    assert (held.status, held.roles, held.institution_id) == ("pending", [], home.at.pk)


REFUSED = {
    "two open memberships": {"status": "pending", "roles": []},
    "active without anybody's yes": {"status": "active", "started_at": True, "other": True},
    "an unknown role": {"roles": ["owner"], "other": True},
    "a signatory without authority": {"roles": ["signatory"], "other": True},
    "ended by nobody": {"status": "ended", "ended_at": True, "other": True},
    "decided by themselves": {"decided_by": True, "decided_at": True, "other": True},
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(home, what: str) -> None:
    fields = dict(REFUSED[what])
    user = home.outsider if fields.pop("other", False) else home.colleague
    for name in ("started_at", "ended_at", "decided_at"):
        if name in fields:
            fields[name] = clock.now()
    if fields.pop("decided_by", False):
        fields["decided_by"] = user
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(institution=home.at, user=user, **fields)


def test_the_database_refuses_a_number_twice_and_ones_own_confirmation(home) -> None:
    Institution.objects.filter(pk=home.at.pk).update(org_number="899999118")
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.filter(pk=home.elsewhere.pk).update(org_number="899999118")
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.filter(pk=home.at.pk).update(decided_by=home.at.registered_by)


def subjects_to(user) -> list[str]:
    mails = OutboxEntry.objects.filter(kind="mail.send", payload__to=user.email).order_by("pk")
    return [mail.payload["subject"] for mail in mails]


def test_each_change_and_the_end_of_a_membership_are_told_once_each(home) -> None:
    held = home.colleague_member
    with clock.frozen(clock.now()):  # within one second, as a program would
        for roles in (["administrator"], ["researcher"], ["administrator"]):
            commands.change(held, home.boss, roles)
        commands.end(held, home.boss)
    assert subjects_to(home.colleague) == ["Your membership at Fjordheim institutt has changed"] * 4


def test_a_second_decision_on_the_same_membership_is_told_too(home) -> None:
    asked = commands.ask(home.outsider, home.at, "")
    commands.decide(asked, home.boss, approve=False)
    # The data may be put right by hand, or a later version may let people ask again.
    Membership.objects.filter(pk=asked.pk).update(
        status="pending", decided_by=None, decided_at=None
    )
    commands.decide(asked, home.boss, approve=True)
    assert subjects_to(home.outsider) == [
        "Fjordheim institutt has not approved your request",
        "You belong to Fjordheim institutt now",
    ]
