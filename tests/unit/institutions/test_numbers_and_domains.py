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
        ("FI", "2077474-0", "20774740"),
        ("FI", "FI 20774740", "20774740"),
        ("NO", "NO 899 999 118 MVA", "899999118"),
        ("NO", "no\u00a0899\u00a0999\u00a0118", "899999118"),
        ("DK", "DK-99999004", "99999004"),
        ("SE", "SE999999000601", "9999990006"),
        ("SE", "16999999-0006", "9999990006"),
        ("DE", "DE 123456789", "123456789"),
        ("GB", "GBR 12", "GBR12"),
    ],
)
def test_a_number_has_one_spelling(country: str, written: str, stored: str) -> None:
    assert numbers.compact(country, written) == stored


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("NO", "899999117"),
        ("NO", "12345"),
        ("DK", "99999005"),
        ("SE", "9999990007"),
        ("NO", "abc"),
        ("FI", "20774741"),
    ],
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
