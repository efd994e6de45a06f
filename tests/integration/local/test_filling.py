"""The demo opens with its first cases; the rest is made while people look around already."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from applications.models import Application
from institutions.selectors import signatories
from portal import clock
from portal.events.models import OutboxEntry
from portal.local import filling, stories
from portal.local import seeding as walk
from portal.local.demo_people import EVERYBODY, by_user
from portal.local.stories import Cast, Made, Step


def test_every_case_has_a_name_of_its_own_and_the_first_page_has_something_to_do() -> None:
    planned = filling.steps()
    assert len({step.name for step in planned}) == len(planned) > 40
    first = [step for step in planned if step.first]
    assert planned[: len(first)] == first
    assert len(first) == len(stories.FIRST)


def stops_half_way(cast: Cast, made: Made) -> Application:
    walk.begin("SSB", cast.researchers[0], cast.places[0], 3)
    raise RuntimeError("the machine was switched off")


def one_more(cast: Cast, made: Made) -> Application:
    assert Application.objects.filter(pk=made["SSB-0"]).exists()
    return walk.begin("SSB", cast.researchers[1], cast.places[1], 3)


def test_first_everybody_then_case_after_case_and_a_stopped_demo_goes_on(
    transactional_db, client, settings, tmp_path
) -> None:
    settings.DEMO_PROGRESS = tmp_path / "demo-data.json"
    client.cookies["django_language"] = "en"

    def page() -> str:
        return client.get(reverse("demo:people")).content.decode().replace("&#x27;", "'")

    first = stories.steps()[0]
    assert filling.fill([first, Step("more", one_more)], only_first=True) == 1
    assert {person.key for person, _ in by_user()} == {person.key for person in EVERYBODY}
    assert "still being made: 1 of 2 are there" in page()
    oldest = max(days for *_, days in stories.STORIES)
    with clock.frozen(walk.moment(oldest)):
        for place in stories.cast().places.values():
            assert signatories(str(place.pk)), f"nobody could accept for {place}"
    waiting = OutboxEntry.objects.filter(done_at__isnull=True, attempts=0)
    assert not waiting.filter(kind__startswith="application").exists(), "the worker has none of it"

    with pytest.raises(RuntimeError):
        filling.fill([first, Step("more", stops_half_way)])
    assert Application.objects.count() == 1, "half a case is none"
    assert "Only 1 of the demo's 2 cases could be made" in page()
    before = json.loads(settings.DEMO_PROGRESS.read_text())["done"]

    assert filling.fill([first, Step("more", one_more)]) == 2
    assert "of the demo's" not in page()
    assert "still being made" not in page()
    after = json.loads(settings.DEMO_PROGRESS.read_text())["done"]
    assert before.items() < after.items(), "what was there is not made again"
    assert Application.objects.count() == 2


def test_the_command_makes_what_is_left_and_only_in_the_demo(db, settings, tmp_path) -> None:
    settings.DEMO_PROGRESS = tmp_path / "demo-data.json"
    done = {step.name: "made before" for step in filling.steps()}
    settings.DEMO_PROGRESS.write_text(json.dumps({"opened": True, "done": done}))
    out = StringIO()
    call_command("demo_data", first=True, stdout=out)
    assert out.getvalue() == f"{len(done)} cases made\n"
    settings.ALLOW_SEEDING = False
    with pytest.raises(CommandError, match="belong into the demo"):
        call_command("demo_data")
