"""Filling a database for measuring, and measuring: they run whatever columns a table has got."""

import io
import json

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.management import CommandError, call_command

from applications.enums import State
from applications.management.commands import seed_load
from applications.models import Application
from applications.models.guard import gate_open
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def seed(count: int, **options: str) -> str:
    out = io.StringIO()
    call_command("seed_load", applications=count, stdout=out, **options)
    return out.getvalue()


def test_a_database_is_filled_and_filled_further_at_any_size() -> None:
    assert seed(120) == "120 cases added for SSB\n"
    assert set(Application.objects.values_list("state", flat=True)) == {s for s, _ in seed_load.MIX}
    assert User.objects.filter(email__endswith="@load.invalid").count() == seed_load.PEOPLE
    assert Application.objects.filter(
        search_vector=SearchQuery("uførhet", config="norwegian")
    ).exists()
    # Where numbers had grown too large for the database's arithmetic.
    Application.objects.filter(number="L0000120").update(number="L0400000")
    seed(3, agency="ssb")
    assert Application.objects.filter(number__gt="L0400000").count() == 3
    seed(2, agency="DST")
    assert Application.objects.filter(agency="DST").count() == 2
    with pytest.raises(CommandError, match="no agency XYZ"):
        seed(1, agency="XYZ")


def test_the_state_of_what_was_filled_in_is_guarded_like_any_other() -> None:
    seed(1)
    with pytest.raises(Exception, match="state is written by"):
        Application.objects.update(state=State.DRAFT)
    with gate_open():
        assert Application.objects.update(state=State.SUBMITTED) == 1


def test_only_where_invented_cases_may_be(settings) -> None:
    settings.ALLOW_SEEDING = False
    with pytest.raises(CommandError, match="not with these settings"):
        seed(1)


def test_bench_tells_a_figure_of_everything_it_names() -> None:
    seed(5)
    out = io.StringIO()
    call_command("bench", rounds=0, small=True, json=True, stdout=out)
    figures = json.loads(out.getvalue())
    assert len(figures) > 5
    assert all(figure["milliseconds"] > 0 for figure in figures)
