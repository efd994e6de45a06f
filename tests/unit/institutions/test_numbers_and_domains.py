"""What is looked at before an institution is believed: check digits and mail domains."""

import pytest

from institutions import countries, domains, numbers


@pytest.mark.parametrize(
    ("country", "written", "stored"),
    [
        ("NO", "899 999 118", "899999118"),
        ("DK", "99 99 90 04", "99999004"),
        ("SE", "999999-0006", "9999990006"),
        ("DE", " HRB 1234 ", "HRB1234"),
        ("FI", "", ""),
    ],
)
def test_a_number_is_stored_without_spaces(country: str, written: str, stored: str) -> None:
    assert numbers.compact(country, written) == stored


@pytest.mark.parametrize(
    ("country", "written"),
    [("NO", "899999117"), ("NO", "12345"), ("DK", "99999005"), ("SE", "9999990007"), ("NO", "abc")],
)
def test_a_number_with_a_wrong_check_digit_is_refused(country: str, written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        numbers.compact(country, written)


def test_a_domain_is_compared_in_ascii_and_small_letters() -> None:
    assert domains.plain(" UiO.No. ") == "uio.no"
    assert domains.plain("blåbær.example") == "xn--blbr-roah.example"


def test_a_look_alike_letter_makes_another_domain() -> None:
    cyrillic = "fjоrdbyen.example"  # the third letter is a Cyrillic о
    assert domains.of_address(f"kari@{cyrillic}") != "fjordbyen.example"
    assert domains.of_address("kari@fjordbyen.example") == "fjordbyen.example"


def test_a_subdomain_is_another_domain() -> None:
    assert domains.of_address("kari@mail.fjordbyen.example") != "fjordbyen.example"


@pytest.mark.parametrize("written", ["", "localhost", "..", "a..b", ".no", "x" * 70 + ".no"])
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="domain"):
        domains.plain(written)


def test_countries_are_named_in_the_readers_language() -> None:
    assert countries.name("DE", "nb") == "Tyskland"
    assert countries.name("DE", "nn") == "Tyskland"
    assert countries.name("DE", "sv") == "Tyskland"
    assert countries.name("NO", "en") == "Norway"
    assert [code for code, _ in countries.choices("nb")[:3]] == ["NO", "DK", "SE"]
