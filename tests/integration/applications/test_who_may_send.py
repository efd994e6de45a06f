"""Who sends an application is an active member of the institution that applies; a draft is free."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications import schemes, selectors, standing
from applications.commands import Actor, Incomplete, Invalid, NotFound, create, execute
from applications.models import Application, Submission
from applications.standing import Hindrance
from institutions.commands import end
from institutions.models import Institution, Membership
from portal import clock
from tests.integration.applications.people import secret_for
from tests.people import institution, member, person, sign_in

YES = {"declaration": "yes"}


def stops(user, case):
    case = Application.objects.select_related("institution").get(pk=case.pk)
    return standing.hindrance(user, case, selectors.scheme_of(case).type(case.type))


def send(user, case):
    return execute("submit", case.pk, Actor(user=user), YES)


def insert(case, user, **more):
    """Past all code: a row by itself."""
    with transaction.atomic():
        return Submission.objects.create(
            application=case,
            sequence=case.submissions.count() + 1,
            document={},
            digest="0" * 64,
            declaration="yes",
            submitted_by=user,
            submitted_at=clock.now(),
            **more,
        )


def test_somebody_invited_from_elsewhere_writes_and_does_not_send(world, client):
    case = world.complete()
    guest = person("Gry Gjest", "gry@elsewhere.example")
    institution("Elsewhere", org_number="974760673")
    member(guest, Institution.objects.get(name="Elsewhere"))
    invited = {"email": guest.email, "role": "submitter"}
    world.do("invite_by_mail", case, "applicant", invited)
    secret = secret_for(guest.email)
    execute("accept_invitation", case.pk, Actor(user=guest, secret=secret))
    assert stops(guest, case) == Hindrance.NO_MEMBER
    with pytest.raises(Invalid) as refused:
        send(guest, case)
    assert refused.value.errors == {"institution": ["no_member"]}
    client.cookies["django_language"] = "en"
    sign_in(client, guest)
    page = client.get(reverse("applications:review", args=[case.pk])).content.decode()
    assert f"Only an active member of {case.institution.name} can send" in page
    assert world["applicant"].name in page
    assert 'name="declaration"' not in page
    overview = client.get(reverse("applications:overview", args=[case.pk])).content.decode()
    assert "Nothing is missing. Read" not in overview
    sign_in(client, world["applicant"])
    page = client.get(reverse("applications:review", args=[case.pk])).content.decode()
    assert 'name="declaration"' in page
    assert "who-applies-heading" not in page
    send(world["applicant"], case)


def test_a_draft_is_begun_without_an_institution_and_sent_once_one_applies(world, client):
    home = world.draft().institution
    newcomer = person("Nina Ny", "nina@somewhere.example")
    case = create(Actor(user=newcomer), "SSB", "nb")
    assert case.institution is None
    assert stops(newcomer, case) == Hindrance.NONE_NAMED
    with pytest.raises(Incomplete) as refused:
        send(newcomer, case)
    assert "SSB-FLD-20" in {f.id for f in refused.value.findings}
    client.cookies["django_language"] = "en"
    sign_in(client, newcomer)
    overview = reverse("applications:overview", args=[case.pk])
    page = client.get(overview).content.decode()
    assert "not said yet which institution applies" in page
    assert reverse("institutions:join") in page
    address = reverse("applications:institution", args=[case.pk])
    assert address not in page
    client.post(address, {"institution": str(home.pk)})
    case.refresh_from_db()
    assert case.institution is None  # not one of hers
    held = Membership.objects.create(
        user=newcomer,
        institution=home,
        roles=["researcher"],
        status="active",
        basis="request",
        started_at=clock.now(),
        decided_by=world["institution_admin"],
        decided_at=clock.now(),
    )
    assert address in client.get(overview).content.decode()
    client.post(address, {"institution": str(home.pk)})
    case.refresh_from_db()
    assert case.institution == home
    assert selectors.document(case)["applicant"]["name"] == home.name
    assert stops(newcomer, case) is None
    end(held, world["institution_admin"])
    assert stops(newcomer, case) == Hindrance.NO_MEMBER


def test_an_institution_that_nobody_confirmed_or_of_another_kind_sends_nothing(world):
    case, owner = world.complete(), world["applicant"]
    at = Institution.objects.filter(pk=case.institution_id)
    at.update(status="pending", decided_at=None, decided_by=None)
    assert stops(owner, case) == Hindrance.UNCONFIRMED
    with pytest.raises(NotFound):  # a membership there gives no right
        send(owner, case)
    admin = world["agency_admin"]
    at.update(status="confirmed", decided_at=clock.now(), decided_by=admin, kind="private_company")
    assert stops(owner, case) == Hindrance.KIND
    with pytest.raises(Incomplete):
        send(owner, case)


def test_the_database_takes_no_submission_from_anybody_else(world):
    case, owner = world.complete(), world["applicant"]
    stranger = person("Stian Stranger")
    for wrong in (
        lambda: insert(case, stranger),
        lambda: insert(case, stranger, personal=True),
        lambda: insert(case, owner, personal=True),
    ):
        with pytest.raises(DatabaseError, match="active member of the institution"):
            wrong()
    held = Membership.objects.filter(user=owner, institution=case.institution)
    held.update(valid_until=clock.today("UTC").replace(year=2001))
    with pytest.raises(DatabaseError, match="active member of the institution"):
        insert(case, owner)
    held.update(valid_until=None)
    assert insert(case, owner).pk


def test_a_question_before_applying_is_sent_by_a_person_without_an_institution(world):
    asks = person("Petter Privat")
    case = create(Actor(user=asks), "SSB", "nb", type="guidance")
    values = {"project.title": "A question", "guidance.question": "Is there data on boats?"}
    execute("save_section", case.pk, Actor(user=asks), {"section": "", "values": values})
    send(asks, case)
    assert case.submissions.get().personal
    with pytest.raises(DatabaseError, match="active member of the institution"):
        insert(case, asks)


def test_what_follows_a_case_is_of_the_institution_of_that_case(world):
    case = world.submitted()
    draft = world.draft()
    Application.objects.filter(pk=draft.pk).update(follows=case)
    elsewhere = institution("Another institute", org_number="974760673")
    member(world["applicant"], elsewhere)
    with pytest.raises(Invalid):
        world.do("choose_institution", draft, "applicant", {"institution": elsewhere.pk})
    Application.objects.filter(pk=draft.pk).update(follows=None)
    world.do("choose_institution", draft, "applicant", {"institution": elsewhere.pk})
    assert draft.institution == elsewhere


@pytest.mark.parametrize("agency", ["SSB", "DST", "SOS"])
def test_every_type_that_an_institution_applies_for_says_which_kinds_may(agency):
    for kind in schemes.current(agency).types:
        if kind.here and kind.institution:
            assert kind.kinds, kind.id
            assert "private_person" not in kind.kinds
