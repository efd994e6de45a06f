from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from decisions.letters.content import ContentError, LetterContent, Outcome, Theme
from decisions.letters.sample import content


def test_a_decision_read_back_from_its_json_is_the_same_decision(granted: LetterContent) -> None:
    assert LetterContent.from_json(granted.to_json()) == granted
    assert LetterContent.from_json(granted.to_json()).to_json() == granted.to_json()


def test_an_amount_keeps_its_last_digit(granted: LetterContent) -> None:
    quote = replace(granted.quote, total=Decimal("1234567890123456.10"))
    read = LetterContent.from_json(granted.replace(quote=quote).to_json())
    assert str(read.quote.total) == "1234567890123456.10"


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[]",
        b"{}",
        b'{"letter_id": 1}',
        b"\xff",
        b'{"a": ' * 5000,
    ],
)
def test_what_is_not_a_decision_is_refused_as_such(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        LetterContent.from_json(damaged)


def test_a_field_that_letters_do_not_have_is_refused(granted: LetterContent) -> None:
    extra = granted.to_json().replace(b'"case_number"', b'"secret_note": "x", "case_number"')
    with pytest.raises(ValueError, match="secret_note"):
        LetterContent.from_json(extra)


def test_all_that_is_wrong_is_told_at_once(granted: LetterContent) -> None:
    with pytest.raises(ContentError) as error:
        granted.replace(
            language="xx",
            decided_at=datetime(2026, 1, 14),  # noqa: DTZ001
            case_number="<b>",
            verify_url="javascript:alert(1)",
            agency=replace(granted.agency, theme=Theme(accent="red; }")),
        )
    for part in ("language", "time zone", "case_number", "accent", "neither http nor https"):
        assert part in str(error.value)


def test_a_refusal_cannot_carry_an_offer() -> None:
    granted = content("SSB", Outcome.GRANTED, "en", at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ContentError, match="nothing to accept"):
        granted.replace(outcome=Outcome.REFUSED)
