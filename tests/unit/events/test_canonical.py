"""One value has one text, whoever writes it, whenever."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy

from portal.events.canonical import canonical, plain


def test_the_order_of_keys_does_not_matter():
    assert canonical({"b": 1, "a": [True, None]}) == canonical({"a": (True, None), "b": 1})
    assert canonical({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1}'


def test_a_letter_typed_in_two_ways_is_the_same_letter():
    composed, combined = "\u00e5", "a\u030a"
    assert canonical({combined: combined}) == canonical({composed: composed})
    assert canonical(composed) == b'"\xc3\xa5"'


def test_only_what_json_demands_is_escaped():
    assert canonical('</script> " \\ \n \x01 \u2028 æ') == (
        '"</script> \\" \\\\ \\n \\u0001 \u2028 æ"'.encode()
    )


def test_dates_and_ids_have_one_text():
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert canonical(moment) == b'"2026-03-01T08:30:00.000000Z"'
    assert canonical(moment) == canonical(moment.astimezone(UTC))
    assert canonical([date(2026, 3, 1), UUID(int=7)]) == (
        b'["2026-03-01","00000000-0000-0000-0000-000000000007"]'
    )


def test_an_enumeration_is_its_value():
    class Colour(StrEnum):
        RED = "red"

    assert plain({Colour.RED: Colour.RED}) == {"red": "red"}
    assert type(plain(Colour.RED)) is str


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        Decimal("1.5"),
        2**53,
        -(2**53),
        "\x00",
        "\ud83d",
        b"bytes",
        {1: "a key that is no text"},
        {"\u00e5": 1, "a\u030a": 2},
        {1, 2},
        datetime(2026, 3, 1),  # noqa: DTZ001
        gettext_lazy("a text that differs by reader"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_not_read_back_the_same_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        canonical({"deep": [value]})


def test_a_refusal_names_the_place_and_not_the_value():
    with pytest.raises(TypeError) as refusal:
        canonical({"persons": [{"weight": 81.25}]})
    assert "$.persons[0].weight" in str(refusal.value)
    assert "81" not in str(refusal.value)
