"""What a big case makes the worker do goes to the heavy lane, so that no small one waits for it."""

import pytest

from applications.commands import gate
from applications.models import Row
from applications.selectors import scheme_of
from portal.events import effects as registry
from portal.events.lanes import Lane
from portal.events.models import OutboxEntry


def lanes() -> dict[str, str]:
    return dict(OutboxEntry.objects.values_list("kind", "lane"))


@pytest.mark.parametrize("big", [False, True])
def test_a_receipt_goes_to_the_lane_that_its_length_belongs_to(world, big, monkeypatch) -> None:
    case = world.complete()
    if big:
        most = Row.objects.filter(application=case).count() - 1
        monkeypatch.setattr(
            gate, "ROWS_OF_A_SMALL_CASE", dict.fromkeys(gate.ROWS_OF_A_SMALL_CASE, most)
        )
    OutboxEntry.objects.all().delete()
    declaration = scheme_of(case).declaration(case.language)
    world.do("submit", case, "applicant", {"declaration": declaration})
    found = lanes()
    if big:
        assert {found["submission.render"], found["checks.run"]} == {Lane.HEAVY}
    else:
        assert found["submission.render"] == Lane.LETTERS
        assert found["checks.run"] == Lane.CHECKS


def test_only_kinds_that_there_are_have_a_size() -> None:
    assert set(gate.ROWS_OF_A_SMALL_CASE) <= set(registry.effects())
