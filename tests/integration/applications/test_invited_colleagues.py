"""Colleagues invited by mail: anybody, once, for fourteen days; who may do what, and until when."""

import re
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.serializers import serialize
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications import policy, selectors, waiting
from applications.commands import Actor, Forbidden, Invalid, NotFound, execute
from applications.models import Colleague, ColleagueInvitation
from institutions import commands
from institutions.commands.invitations import digest_of
from portal import clock
from portal.events.models import Event
from portal.events.outbox import run_due
from tests.integration.applications.people import joins, mail_to, secret_for, sent_to
from tests.people import institution, member, person, sign_in

NEW = "nora@elsewhere.example"


def invited(world, case, email=NEW, role="editor") -> str:
    world.do("invite_by_mail", case, "applicant", {"email": email, "role": role})
    return secret_for(email)


def page(secret: str) -> str:
    return reverse("applications:invitation", args=[secret])


def colleagues(case) -> str:
    return reverse("applications:colleagues", args=[case.pk])


@pytest.fixture
def case(world):
    return world.draft()


@pytest.fixture
def nora(world):
    """Somebody at another institution."""
    return person("Nora Nordlys", NEW)


def accept(secret, user, case):
    return execute("accept_invitation", case.pk, Actor(user=user, secret=secret))


def test_somebody_from_elsewhere_is_invited_accepts_and_edits(world, case, client):
    sign_in(client, world["applicant"])
    sent = client.post(
        reverse("applications:invite_colleague", args=[case.pk]),
        {"invite-email": "Nora@Elsewhere.example", "invite-role": "editor"},
    )
    assert sent.status_code == 302
    assert NEW in client.get(colleagues(case)).content.decode()
    link = page(secret_for(NEW))
    nora = person("Nora Nordlys", NEW)
    member(nora, institution("Nordlys institutt"))
    other = sign_in(Client(), nora)
    seen = other.get(link).content.decode()
    assert world["applicant"].name in seen
    assert not policy.roles(nora, case), "opening the link is not accepting"
    answer = other.post(link, {"answer": "accept"})
    assert answer["Location"] == reverse("applications:overview", args=[case.pk])
    assert policy.roles(nora, case) == {"editor"}
    values = {"section": "project", "values": {"project.title": "Theirs and ours"}}
    execute("save_section", case.pk, Actor(user=nora), values)
    listed = client.get(colleagues(case)).content.decode()
    assert "Nordlys institutt" in listed
    assert listed.count('data-color="warning"') == 1, "who is from elsewhere is marked"
    assert other.get(link).status_code == 404, "once"
    run_due()
    assert str(case.pk) in sent_to(world["applicant"].email), "who invited is told"
    kept = ColleagueInvitation.objects.get()
    assert kept.accepted is True
    assert kept.answered_by == nora
    types = Event.objects.filter(stream=f"application:{case.pk}").values_list("type", flat=True)
    assert {"application.invite_by_mail", "application.accept_invitation"} <= set(types)


def test_the_link_holds_256_random_bits_and_only_a_digest_is_stored(world, case):
    secret = invited(world, case)
    assert len(urlsafe_b64decode(secret + "=")) == 32
    kept = ColleagueInvitation.objects.get()
    assert kept.link_digest == digest_of(secret)
    assert secret not in serialize("json", [kept])
    for event in Event.objects.all():
        assert secret not in str(event.data)
        assert "elsewhere" not in str(event.data)
    assert secret not in repr(Actor(user=world["applicant"], secret=secret))


def test_known_and_unknown_addresses_are_answered_alike_and_the_mail_tells_nothing(world, case):
    client = sign_in(Client(), world["applicant"])
    world.do(
        "save_section",
        case,
        "applicant",
        {"section": "project", "values": {"project.title": "A canary of a title"}},
    )
    answers, bodies = [], []
    for email in (world["case_officer"].email, "nobody@nowhere.example"):
        fields = {"invite-email": email, "invite-role": "viewer"}
        address = reverse("applications:invite_colleague", args=[case.pk])
        answer = client.post(address, fields, follow=True)
        answers.append([str(message) for message in answer.context["messages"]])
        bodies.append(re.sub(r"/invitations/[^/]+/", "", mail_to(email)["body"]))
    assert answers[0] == answers[1]
    assert bodies[0] == bodies[1]
    assert "canary" not in bodies[0]
    assert world["applicant"].name not in bodies[0]


def test_a_link_that_was_passed_on_opens_nothing_and_names_nothing(world, case, caplog):
    secret = invited(world, case)
    eve = person("Eve", "eve@stranger.example")
    client = sign_in(Client(), eve)
    for answer in (client.get(page(secret)), client.post(page(secret), {"answer": "accept"})):
        assert answer.status_code == 403
        assert world["applicant"].name not in answer.content.decode()
        assert NEW not in answer.content.decode()
    with pytest.raises(NotFound):
        accept(secret, eve, case)
    # A typed address is not a verified one.
    held = EmailAddress.objects.create(user=eve, email=NEW, verified=False)
    assert client.post(page(secret), {"answer": "accept"}).status_code == 403
    assert not policy.roles(eve, case)
    held.verified = True
    held.save()
    other = world.draft()
    with pytest.raises(NotFound):
        accept(secret, eve, other)
    assert client.post(page(secret), {"answer": "accept"}).status_code == 302
    assert secret not in caplog.text


def test_a_visitor_signs_in_first_whatever_the_link(world, case):
    answers = {Client().get(page(s)).url.split("?")[0] for s in (invited(world, case), "unknown")}
    assert answers == {reverse("account_login")}


def test_used_revoked_replaced_old_unknown_and_orphaned_links_are_answered_alike(world, case, nora):
    bodies = []

    def gone(secret: str) -> None:
        client = sign_in(Client(), nora)
        for answer in (client.get(page(secret)), client.post(page(secret), {"answer": "accept"})):
            assert answer.status_code == 404
            bodies.append(re.findall(r"(?s)<main.*</main>", answer.content.decode())[0])
        with pytest.raises(NotFound):
            accept(secret, nora, case)

    gone("unknown" * 6)
    first = invited(world, case)
    second = invited(world, case)
    gone(first)
    held = ColleagueInvitation.objects.get(link_digest=digest_of(second))
    world.do("revoke_invitation", case, "applicant", {"invitation": held.pk})
    gone(second)
    third = invited(world, case)
    with clock.frozen(clock.now() + timedelta(days=14)):
        gone(third)
    fourth = invited(world, case)
    execute("decline_invitation", case.pk, Actor(user=nora, secret=fourth))
    gone(fourth)
    fifth = invited(world, case)
    world.do("withdraw", case, "applicant")
    gone(fifth)
    assert len(set(bodies)) == 1
    assert not Colleague.objects.filter(user=nora).exists()


def test_an_invitation_of_somebody_who_left_opens_nothing(world, case, nora):
    secret = invited(world, case)
    owner = world["applicant"]
    mine = owner.memberships.get(institution=case.institution, status="active")
    commands.end(mine, owner)
    with pytest.raises(NotFound):
        accept(secret, nora, case)


def test_nobody_but_the_owner_invites_and_nothing_else_is_given_by_a_form(world, case, nora):
    accept(invited(world, case, role="submitter"), nora, case)
    client = sign_in(Client(), nora)
    address = reverse("applications:invite_colleague", args=[case.pk])
    refused = client.post(address, {"invite-email": "x@y.example", "invite-role": "viewer"})
    assert refused.status_code == 403
    with pytest.raises(Forbidden):
        execute("invite_by_mail", case.pk, Actor(user=nora), {"email": "x@y.z", "role": "viewer"})
    boss = sign_in(Client(), world["applicant"])
    for role in ("owner", "signatory", "case_officer", ""):
        fields = {"invite-email": "x@y.example", "invite-role": role, "owner": str(nora.pk)}
        again = boss.post(address, fields)
        assert again.status_code == 422
        assert "x@y.example" in again.content.decode(), "what was typed is kept"
        with pytest.raises(Invalid):
            world.do("invite_by_mail", case, "applicant", {"email": "x@y.example", "role": role})
    wrong = boss.post(address, {"invite-email": "no address", "invite-role": "viewer"})
    assert wrong.status_code == 422
    assert "no address" in wrong.content.decode()
    assert not ColleagueInvitation.objects.filter(email="x@y.example").exists()
    own = boss.post(address, {"invite-email": world["applicant"].email, "invite-role": "viewer"})
    assert own.status_code == 422
    case.refresh_from_db()
    assert case.owner == world["applicant"]


def test_a_stranger_reaches_none_of_it(world, case):
    secret = invited(world, case)
    held = ColleagueInvitation.objects.get(link_digest=digest_of(secret))
    client = sign_in(Client(), person("Eve", "eve@stranger.example"))
    for name, args in (
        ("colleagues", []),
        ("invite_colleague", []),
        ("invite_again", [held.pk]),
        ("revoke_invitation", [held.pk]),
        ("propose_handover", []),
        ("withdraw_handover", []),
        ("answer_handover", []),
        ("confirmations", []),
    ):
        address = reverse(f"applications:{name}", args=[case.pk, *args])
        assert client.post(address).status_code == 404
    mine = sign_in(Client(), world["applicant"])
    other = world.draft()
    address = reverse("applications:revoke_invitation", args=[other.pk, held.pk])
    assert mine.post(address).status_code == 404, "an invitation of another case"
    held.refresh_from_db()
    assert held.revoked_at is None


def test_who_may_submit_sends_and_sends_again_and_does_not_withdraw(world, nora):
    case = world.complete()
    accept(invited(world, case, role="editor"), nora, case)
    by, scheme = Actor(user=nora), selectors.scheme_of(case)
    payload = {"declaration": scheme.declaration_of(case.type)(case.language)}
    with pytest.raises(Forbidden):
        execute("submit", case.pk, by, payload)
    held = case.colleagues.get(user=nora, ended_at__isnull=True)
    world.do("change_colleague", case, "applicant", {"colleague": held.pk, "role": "submitter"})
    assert policy.roles(nora, case) == {"editor", "submitter"}
    review = reverse("applications:review", args=[case.pk])
    assert not sign_in(Client(), nora).get(review).context["may_send"]
    with pytest.raises(Invalid):  # she does not belong to the institution that applies
        execute("submit", case.pk, by, payload)
    joins(nora, case)
    assert sign_in(Client(), nora).get(review).context["may_send"]
    execute("submit", case.pk, by, payload)
    case.refresh_from_db()
    assert case.state == "submitted"
    assert case.submissions.get().submitted_by == nora
    for command in ("withdraw", "invite_by_mail", "propose_handover"):
        with pytest.raises(Forbidden):
            execute(command, case.pk, by, {})
    assert nora in policy.told(case)


def test_a_role_that_is_taken_away_bites_at_the_next_request(world, case, nora):
    accept(invited(world, case), nora, case)
    client = sign_in(Client(), nora)
    section = reverse("applications:section", args=[case.pk, "project"])
    assert client.get(section).status_code == 200
    held = case.colleagues.get(user=nora, ended_at__isnull=True)
    world.do("change_colleague", case, "applicant", {"colleague": held.pk, "role": "viewer"})
    with pytest.raises(Forbidden):
        execute("save_section", case.pk, Actor(user=nora), {"section": "project", "values": {}})
    shown = client.get(colleagues(case))
    assert shown.status_code == 200
    assert "<form" not in re.findall(r"(?s)<main.*</main>", shown.content.decode())[0]
    held = case.colleagues.get(user=nora, ended_at__isnull=True)
    owner = sign_in(Client(), world["applicant"])
    owner.post(reverse("applications:remove_colleague", args=[case.pk, held.pk]))
    assert client.get(section).status_code == 404
    assert client.get(colleagues(case)).status_code == 404
    run_due()
    assert str(case.pk) not in sent_to(NEW), "the mail leads to what they may open"


def test_who_was_invited_by_name_keeps_the_case_and_a_member_loses_it_with_the_membership(
    world, case, nora
):
    kari = person("Kari", "kari@left.example")
    mine = joins(kari, case)
    accept(invited(world, case, "kari@left.example"), kari, case)
    assert case.colleagues.get(user=kari, ended_at__isnull=True).basis == "member"
    commands.end(mine, kari)
    assert policy.roles(kari, case) == frozenset()
    accept(invited(world, case, "kari@left.example"), kari, case)
    assert policy.roles(kari, case) == {"editor"}, "invited by name after leaving"
    accept(invited(world, case), nora, case)
    assert not policy.is_left_alone(case)
    owner = world["applicant"]
    commands.end(owner.memberships.get(institution=case.institution, status="active"), owner)
    assert policy.is_left_alone(case), "the institution can give the case on"
    assert policy.roles(nora, case) == {"editor"}
    assert nora in policy.told(case)


def test_the_database_keeps_roles_and_invitations_plain(world, case, nora):
    invited(world, case)
    kept = ColleagueInvitation.objects.all()
    changes = (
        {"role": "owner"},
        {"email": NEW.upper()},
        {"answered_by": nora, "answered_at": clock.now() + timedelta(days=15), "accepted": True},
        {"answered_by": world["applicant"], "answered_at": clock.now(), "accepted": True},
        {"answered_by": nora, "answered_at": clock.now()},
        {"link_digest": "secret"},
    )
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.update(**change)
    for field, value in (("role", "owner"), ("basis", "luck")):
        made = {"role": "viewer", "basis": "member", field: value}
        with pytest.raises(IntegrityError), transaction.atomic():
            Colleague.objects.create(
                application=case, user=nora, added_by=case.owner, added_at=clock.now(), **made
            )


def test_the_page_asks_the_same_few_queries_however_many_people_there_are(
    world, case, django_assert_max_num_queries
):
    client = sign_in(Client(), world["applicant"])
    client.get(colleagues(case))
    for number in range(8):
        user = person(f"P {number}", f"p{number}@elsewhere.example")
        accept(invited(world, case, user.email), user, case)
        invited(world, case, f"q{number}@elsewhere.example")
    with django_assert_max_num_queries(16) as found:
        assert client.get(colleagues(case)).status_code == 200
    few = len(found)
    for number in range(8, 12):
        user = person(f"P {number}", f"p{number}@elsewhere.example")
        accept(invited(world, case, user.email), user, case)
    with django_assert_max_num_queries(few):
        client.get(colleagues(case))


def test_an_invitation_whose_mail_was_lost_is_answered_from_the_persons_own_page(world, case, nora):
    invited(world, case)
    mine, shown = sign_in(Client(), nora), re.compile(r'href="(/applications/invitations/[^"]+)"')
    [address] = shown.findall(mine.get(reverse("accounts:me")).content.decode())
    other = person("Odd", "odd@elsewhere.example")
    assert sign_in(Client(), other).post(address, {"answer": "accept"}).status_code == 403
    mine.post(address, {"answer": "accept"})
    assert policy.roles(nora, case) == {"editor"}
    assert shown.findall(mine.get(reverse("accounts:me")).content.decode()) == []
    assert mine.get(address).status_code == 404, "used up, as the link of the mail is"


def test_who_writes_for_somebody_sees_on_their_page_that_the_agency_waits(world, nora):
    case = world.submitted()
    accept(invited(world, case, role="editor"), nora, case)
    due, point = clock.today("Europe/Oslo") + timedelta(days=9), {"text": "Say more."}
    payload = {"text": "One thing.", "points": [point], "due_on": due}
    world.do("return", case, "case_officer", payload)
    page = sign_in(Client(), nora).get(reverse("accounts:me")).content.decode()
    assert reverse("applications:returned", args=[case.pk]) in page
    draft = world.draft()
    accept(invited(world, draft, role="editor"), nora, draft)
    waits = [item.url for item in waiting.own(nora)]
    assert len(waits) == 1, "a draft waits for who began it"


def test_an_invitation_takes_nothing_from_who_may_do_more_already(world, case, nora):
    accept(invited(world, case, role="submitter"), nora, case)
    accept(invited(world, case, role="viewer"), nora, case)
    assert Colleague.objects.get(user=nora, ended_at__isnull=True).role == "submitter"
