"""What takes longer than a moment: asked for, shown to whoever asked, fetched, gone."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal import clock, store
from portal.events import outbox
from portal.events.models import OutboxEntry
from portal.jobs import commands, kinds, views
from portal.jobs.kinds import Failed, Made
from portal.jobs.models import Job
from tests.people import person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

MAY = {"may": True}
LOOKS = []


def work(work):
    """Writes what it was given; says how far it is, and fails when asked to."""
    wish = work.payload.get("wish", "")
    if wish == "no":
        raise Failed("too_long", most=5)
    if wish == "crash":
        raise RuntimeError("a secret")
    if wish == "not yet":
        raise outbox.NotYet("somebody is away", 60)
    work.progress(1, 2)
    look = (
        LOOKS.pop()
        if LOOKS and callable(LOOKS[-1])
        else lambda: commands.standing(Job.objects.get(pk=work.job.pk))
    )
    LOOKS.append(look())
    if wish == "no file":
        return Made(result={"answer": "yes"})
    return Made(b"made", "made.pdf", "application/pdf")


@pytest.fixture(autouse=True)
def a_kind():
    known, effects = dict(kinds.kinds()), dict(outbox.effects())
    kinds.job(
        "test.make",
        lane=outbox.Lane.LETTERS,
        title="Made for a test",
        allowed=lambda user, payload: MAY["may"],
        failures={"too_long": "Longer than %(most)d pages."},
    )(work)
    MAY["may"] = True
    LOOKS.clear()
    yield
    kinds._kinds.clear()
    kinds._kinds.update(known)
    outbox.effects().clear()
    outbox.effects().update(effects)


def begun(user=None, wish="", key=""):
    return commands.begin("test.make", {"wish": wish}, user, key=key)


def page(job, what="job"):
    return reverse(f"jobs:{what}", args=[job.pk])


def again():
    """As if the pause between two tries were over."""
    OutboxEntry.objects.filter(kind="test.make").update(due_at=clock.now())
    return outbox.run_due(kinds=["test.make"])


def test_it_waits_runs_says_how_far_it_is_and_then_the_file_is_there():
    user = person()
    client = sign_in(Client(), user)
    job = begun(user)
    waiting = client.get(page(job)).content.decode()
    assert "It waits for its turn." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "X-Background" in waiting, "looking by itself is no presence"
    assert "Look again" in waiting, "the way without JavaScript"
    assert client.get(page(job, "file")).status_code == 404
    again()
    assert LOOKS == [("running", False)]
    done = client.get(page(job, "state")).content.decode()
    assert "The file is ready." in done
    assert "hx-trigger" not in done
    file = client.get(page(job, "file"))
    assert b"".join(file.streaming_content) == b"made"
    assert 'filename="made.pdf"' in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]


def test_how_far_it_is_stands_on_the_page_while_it_runs():
    user = person()
    client = sign_in(Client(), user)
    job = begun(user)
    LOOKS.append(lambda: client.get(page(job)).content.decode())
    again()
    assert "It is being worked on: 1 of 2." in LOOKS[-1]


def test_nobody_else_finds_it_and_a_visitor_is_asked_to_sign_in():
    job = begun(person())
    again()
    stranger = sign_in(Client(), person("Ola Annen"))
    for what in ("job", "state", "file"):
        assert stranger.get(page(job, what)).status_code == 404
        assert Client().get(page(job, what))["Location"].startswith("/accounts/")
    nothing = reverse("jobs:job", args=["00000000-0000-4000-8000-000000000000"])
    assert Client().get(nothing)["Location"].startswith("/accounts/"), "told apart from absence"


def test_who_may_no_longer_have_it_gets_no_file():
    user = person()
    client = sign_in(Client(), user)
    job = begun(user)
    again()
    assert client.get(page(job, "file")).status_code == 200
    MAY["may"] = False
    for what in ("job", "state", "file"):
        assert client.get(page(job, what)).status_code == 404


def test_somebody_without_an_account_holds_a_secret_that_no_address_shows():
    job = begun()
    again()
    response = views.to_page(job)
    assert job.secret not in response["Location"]
    assert job.secret not in str(Job.objects.filter(pk=job.pk).values())
    cookie = response.cookies[views.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (page(job), True, "Lax")
    holder = Client()
    holder.cookies[views.COOKIE] = job.secret
    assert holder.get(page(job, "file")).status_code == 200
    other = Client()
    other.cookies[views.COOKIE] = begun().secret
    assert other.get(page(job, "file")).status_code == 404
    assert sign_in(Client(), person()).get(page(job, "file")).status_code == 404
    assert Client().get(page(job, "file")).status_code == 302


def test_what_cannot_be_made_says_why():
    user = person()
    client = sign_in(Client(), user)
    job = begun(user, "no")
    again()
    assert "Longer than 5 pages." in client.get(page(job)).content.decode()
    assert not OutboxEntry.objects.filter(dead_at__isnull=False).exists(), "it is an answer"


def test_what_breaks_is_tried_three_times_and_then_it_says_so():
    user = person()
    client = sign_in(Client(), user)
    job = begun(user, "crash")
    again()
    assert "It waits to be tried again." in client.get(page(job)).content.decode()
    again()
    again()
    told = client.get(page(job)).content.decode()
    assert "Something went wrong on our side." in told
    assert "secret" not in told
    assert OutboxEntry.objects.get(key=str(job.pk)).dead_at
    Job.objects.filter(pk=job.pk).update(payload={"wish": ""})
    outbox.retry(OutboxEntry.objects.get(key=str(job.pk)).pk, "user:x")
    again()
    assert client.get(page(job, "file")).status_code == 200, "an administrator's retry counts"


def test_a_job_whose_worker_was_killed_is_not_called_running():
    job = begun(person())
    past = clock.now() - timedelta(seconds=1)
    OutboxEntry.objects.filter(key=str(job.pk)).update(attempts=1, lease_until=past)
    job.change(state="running")
    assert commands.standing(job) == ("waiting", True)
    OutboxEntry.objects.filter(key=str(job.pk)).update(dead_at=clock.now())
    assert commands.standing(job)[0] == "failed"


def test_what_waits_for_something_outside_is_put_off_and_not_failed():
    job = begun(person(), "not yet")
    for _ in range(5):
        again()
    assert commands.standing(Job.objects.get(pk=job.pk)) == ("waiting", True)


def test_the_same_wish_of_the_same_person_is_one_job():
    user = person()
    first = begun(user, key="list:1")
    assert begun(user, key="list:1") == first
    again()
    assert begun(user, key="list:1") == first, "its file is there"
    assert begun(user, key="list:2") != first
    assert begun(person("Ola Annen"), key="list:1") != first
    broken = begun(user, "no", key="list:3")
    again()
    assert begun(user, key="list:3") != broken, "what failed may be asked for again"


def test_nobody_has_more_than_ten_under_way():
    user = person()
    for _ in range(commands.MOST_OPEN):
        begun(user)
    with pytest.raises(commands.TooMany):
        begun(user)
    begun(person("Ola Annen"))


def test_after_a_day_it_is_gone_with_its_file():
    user = person()
    client = sign_in(Client(), user)
    job = begun(user)
    again()
    digest = Job.objects.get(pk=job.pk).digest
    with clock.frozen(clock.now() + timedelta(days=1, seconds=5)):
        assert Job.objects.filter(pk=job.pk, expires_at__gt=clock.now()).exists() is False
        commands.clean()
    assert not Job.objects.exists()
    assert client.get(page(job)).status_code == 404
    assert store.read(digest), "objects are collected by the store's sweep"


def test_a_job_that_was_cleared_away_while_it_waited_is_not_done():
    job = begun(person(), "crash")
    Job.objects.all().delete()
    assert again() == 1
    assert OutboxEntry.objects.get(key=str(job.pk)).done_at


def test_what_has_no_file_shows_what_came_of_it():
    user = person()
    job = begun(user, "no file")
    again()
    kept = Job.objects.get(pk=job.pk)
    assert (kept.state, kept.result, kept.digest) == ("done", {"answer": "yes"}, "")


def test_what_is_undone_with_its_transaction_was_never_asked_for():
    with transaction.atomic():
        begun(person())
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert again() == 0
