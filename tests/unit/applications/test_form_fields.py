"""What a single answer must be like where no rule of the checks looks at it."""

import pytest
from django.core.exceptions import ValidationError

from applications import schemes
from applications.forms.fields import form_field


def given(agency: str, path: str, text: str) -> object:
    """What the form makes of `text`. Raises ValidationError."""
    field = schemes.current(agency).field(path)
    assert field is not None
    return form_field(field, "en").clean(text)


@pytest.mark.parametrize("text", ["notmail", "a@b", "a b@x.example", "one@x.example two@x.example"])
@pytest.mark.parametrize(
    ("agency", "path"),
    [("SSB", "responsible.person.email"), ("SOS", "principal.representative.email")],
)
def test_an_address_that_no_letter_reaches_is_told_beside_the_question(agency, path, text) -> None:
    with pytest.raises(ValidationError, match="one e-mail address"):
        given(agency, path, text)
    assert given(agency, path, "name@institution.example") == "name@institution.example"
    assert given(agency, path, "") is None


def test_an_address_that_a_rule_judges_is_stored_for_the_rule() -> None:
    assert given("SSB", "contact.email", "notmail") == "notmail"


@pytest.mark.parametrize("text", ["12", "123456789", "abc", "NO 123456789", "DE"])
def test_a_number_whose_check_digit_is_wrong_is_told(text) -> None:
    with pytest.raises(ValidationError, match="no organisation number"):
        given("SSB", "onwardTransfer.recipientOrgNumber", text)


@pytest.mark.parametrize(
    "text", ["123 456 785", "NO123456785MVA", "13748136", "212999-0012", "DE 811 907 980"]
)
def test_numbers_of_the_nordic_countries_and_of_others_with_their_letters_are_taken(text) -> None:
    assert given("SSB", "onwardTransfer.recipientOrgNumber", text) == text


def test_a_number_that_a_rule_judges_is_stored_for_the_rule() -> None:
    assert given("SOS", "invoice.orgNumber", "212999-0013") == "212999-0013"
