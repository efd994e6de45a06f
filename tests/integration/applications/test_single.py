"""What an institution may have once: the database keeps it, also when two send at once."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from applications.commands import Actor, Incomplete, Invalid, create, execute
from applications.commands.recorded import record_case
from applications.completeness.sample import complete_document
from applications.models import Application
from applications.models.guard import gate_open
from portal import clock
from portal.accounts.selectors import people_with_role
from tests.integration.applications.test_three_agencies import fill_from
from tests.people import approved, institution, member, person, sign_in, staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    made = institution("Sundhedsinstituttet", country="DK", org_number="13748136")
    admin = staff("agency_admin", "DST")
    day = date(clock.now().year, 1, 1)
    approved(made, "DST", "dst", admin, day, number="A-77")
    return made


@pytest.fixture
def owner(place):
    someone = person("Dorte Dansk", language="da")
    member(someone, place)
    return someone


def database(owner, place) -> Application:
    case = create(Actor(user=owner), "DST", "da", place.pk, "project_database")
    document = complete_document("DST", 1)
    year = clock.now().year
    document["scheme"] = "project_database"
    document["institution"] = {"kind": "university"}
    document["users"] = []
    document["database"] = {
        "start": f"{year + 1}-01-01",
        "end": f"{year + 2}-12-31",
        "overlapDescription": "De samme registre.",
        "continuousNewProjects": True,
        "researchOnDatabase": False,
        "managers": [{"name": "Dorte", "employedByInstitution": True, "experienced": True}],
        "activeProjects": [
            {"number": str(n), "title": f"Projekt {n}", "registers": ["Befolkningen"]}
            for n in range(5)
        ],
    }
    fill_from(case, Actor(user=owner), document)
    return case


def send(case, owner) -> None:
    execute("submit", case.pk, Actor(user=owner), {"declaration": "Ja."})
    case.refresh_from_db()


def test_of_two_sent_at_once_one_is_sent_and_the_other_is_told(owner, place):
    cases = [database(owner, place), database(owner, place)]
    barrier, told = Barrier(2), []

    def sends(case):
        barrier.wait()
        try:
            send(case, owner)
            told.append("sent")
        except Invalid as wrong:
            told.append(next(iter(wrong.errors)))
        finally:
            connection.close()

    threads = [Thread(target=sends, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["one_of_a_single_type", "sent"]
    assert Application.objects.filter(number__isnull=False).count() == 1


def test_the_database_itself_refuses_a_second_one(owner, place):
    first, second = database(owner, place), database(owner, place)
    send(first, owner)
    with pytest.raises(IntegrityError), transaction.atomic(), gate_open():
        Application.objects.filter(pk=second.pk).update(single_key=first.single_key)


def test_one_that_was_withdrawn_makes_room_for_another(owner, place, client):
    first, second = database(owner, place), database(owner, place)
    send(first, owner)
    sign_in(client, owner)
    review = reverse("applications:review", args=[second.pk])
    page = client.post(review, {"declaration": "1", "key": "k"})
    assert page.status_code == 422
    assert "har allerede" in page.content.decode()
    execute("withdraw", first.pk, Actor(user=owner), {})
    send(second, owner)
    assert second.number


def test_one_from_before_the_portal_counts_and_none_is_recorded_beside_one_of_the_portal(
    owner, place
):
    admin = Actor(user=people_with_role("DST", "agency_admin")[0])
    case = database(owner, place)
    held = record_case(admin, "DST", place, "project_database", "DB 1", "Databasen")
    with pytest.raises(Incomplete) as stopped:  # the check tells it before the database does
        send(case, owner)
    assert "DST-CHK-06" in {f.id for f in stopped.value.findings}
    type(held).objects.filter(pk=held.pk).delete()
    send(case, owner)
    with pytest.raises(Invalid) as wrong:
        record_case(admin, "DST", place, "project_database", "DB 2", "Databasen")
    assert set(wrong.value.errors) == {"type"}
