"""National identity numbers in text. All numbers here are made from the rules, of nobody."""

import pytest

from applications.completeness.identities import contains_national_id


def norwegian(first_nine: str) -> str | None:
    """The eleven digits that begin so, or None when there is no check digit."""
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        rest = sum(int(d) * w for d, w in zip(first_nine, weights, strict=True)) % 11
        control = (11 - rest) % 11
        if control == 10:
            return None
        first_nine += str(control)
    return first_nine


def of_day(ddmmyy: str) -> str:
    """A Norwegian number of that day."""
    return next(n for i in range(100, 999) if (n := norwegian(f"{ddmmyy}{i}")))


def swedish(yymmdd: str, serial: str = "123") -> str:
    """Ten digits with the Luhn digit."""
    digits = yymmdd + serial
    total = sum(
        sum(map(int, str(int(d) * w))) for d, w in zip(digits, (2, 1) * 4 + (2,), strict=True)
    )
    return digits + str(-total % 10)


@pytest.mark.parametrize(
    "ddmmyy",
    [
        "010170",
        "311299",
        "290200",
        "410170",
        "710199",
        "014170",
        "011299",
        "018170",
        "319299",
        "415299",
        "418170",
    ],
)
def test_a_norwegian_number_is_found(ddmmyy):
    # born, D-number (day + 40), test numbers (month + 40 or + 80), and both together
    number = of_day(ddmmyy)
    assert contains_national_id(number)
    assert contains_national_id(f"Fnr. {number}, as agreed")
    assert contains_national_id(f"fnr:{number}.")
    assert contains_national_id(f"line\n{number}\n")
    assert contains_national_id(f"list-{number}-2026")


@pytest.mark.parametrize(
    "ddmmyy",
    [
        "000170",
        "320170",
        "400170",
        "720170",
        "010070",
        "011370",
        "014070",
        "015370",
        "018070",
        "019370",
        "310470",
        "290201",
        "300200",
    ],
)
def test_eleven_digits_without_a_date_are_no_identity(ddmmyy):
    assert not contains_national_id(of_day(ddmmyy))


def test_eleven_digits_with_a_wrong_check_digit_are_no_identity():
    number = of_day("010170")
    first = str((int(number[9]) + 1) % 10)
    last = str((int(number[10]) + 1) % 10)
    assert not contains_national_id(number[:9] + first + number[10])
    assert not contains_national_id(number[:10] + last)


def test_eleven_digits_inside_a_longer_number_are_no_identity():
    number = of_day("010170")
    assert not contains_national_id(f"1{number}")
    assert not contains_national_id(f"{number}0")
    assert not contains_national_id(f"{number[:6]} {number[6:]}")


@pytest.mark.parametrize("text", ["010203-1234", "CPR 311299-0000 was", "(290201-1234)"])
def test_a_danish_number_is_found(text):
    assert contains_national_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "320203-1234",
        "011303-1234",
        "000103-1234",
        "010003-1234",
        "0102031234",
        "1010203-1234",
        "010203-12345",
        "010203 1234",
        "010203--1234",
        "10203-1234",
        "",
    ],
)
def test_other_numbers_are_no_danish_ones(text):
    assert not contains_national_id(text)


@pytest.mark.parametrize("yymmdd", ["811228", "991231", "000229"])
def test_a_swedish_number_is_found(yymmdd):
    digits = swedish(yymmdd)
    assert contains_national_id(f"{digits[:6]}-{digits[6:]}")
    assert contains_national_id(f"19{digits[:6]}-{digits[6:]}")
    assert contains_national_id(f"pnr {digits[:6]}-{digits[6:]}, Lund")


@pytest.mark.parametrize("yymmdd", ["811328", "811200", "811232", "810028"])
def test_a_swedish_number_without_a_date_is_none(yymmdd):
    digits = swedish(yymmdd)
    assert not contains_national_id(f"19{digits[:6]}-{digits[6:]}")
    assert not contains_national_id(f"{digits[:6]}-{digits[6:]}")


def test_a_swedish_number_with_a_wrong_luhn_digit_is_none():
    digits = swedish("811228")
    wrong = digits[:9] + str((int(digits[9]) + 1) % 10)
    assert not contains_national_id(f"{wrong[:6]}-{wrong[6:]}")
    assert not contains_national_id(f"19{wrong[:6]}-{wrong[6:]}")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-02",
        "2026-02-02T10:00:00.123456",
        "Tel. +47 22 00 00 00",
        "4722000000",
        "org. 123 456 785",
        "212999-0012",
        "doi 10.1234/567890",
        "1990-2020",
        "٠١٠٢٠٣-١٢٣٤",
    ],
)
def test_ordinary_numbers_in_a_text_are_no_identities(text):
    assert not contains_national_id(text)


def test_the_second_number_of_a_text_is_seen_too():
    assert contains_national_id("Not 999999-9999, but 010203-1234.")
