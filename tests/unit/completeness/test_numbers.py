"""Organisation numbers, addresses, diagnosis codes and dates, in the words of rules.md 3.5."""

import pytest

from applications.completeness.numbers import (
    is_cvr,
    is_email,
    is_icd_code,
    is_norwegian_org_number,
    is_swedish_org_number,
    plus_years,
)

NO_TEXT = [None, True, 1.5, [], {}, ["123456785"], float("nan")]


@pytest.mark.parametrize("number", ["123456785", "123 456 785", " 974760673 ", 123456785])
def test_a_norwegian_number_with_the_right_check_digit_is_valid(number):
    assert is_norwegian_org_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "123456784",
        "12345678",
        "1234567855",
        "",
        "12345678X",
        "NO123456785",
        "123.456.785",
        "123-456-785",
        "１２３４５６７８５",
        "100000030",
        *NO_TEXT,
    ],
)
def test_any_other_norwegian_number_is_not(number):
    assert not is_norwegian_org_number(number)


def test_a_norwegian_number_whose_check_digit_would_be_ten_has_none():
    # 3*1 + 2*0 + 7*0 + 6*0 + 5*0 + 4*0 + 3*3 + 2*0 = 12, remainder 1: the check digit would be 10
    assert not any(is_norwegian_org_number(f"10000030{digit}") for digit in range(10))


@pytest.mark.parametrize(
    "number", ["13748136", "DK13748136", "DK 13 74 81 36", "1374-8136", " 13748136", 13748136]
)
def test_a_cvr_number_with_the_right_sum_is_valid(number):
    assert is_cvr(number)


@pytest.mark.parametrize(
    "number",
    [
        "13748137",
        "1374813",
        "137481366",
        "",
        "SE13748136",
        "dk13748136",
        "13.748.136",
        "00000000",
        "07481360",
        "DK",
        "DKDK13748136",
        *NO_TEXT,
    ],
)
def test_any_other_cvr_number_is_not(number):
    assert not is_cvr(number)


def test_a_cvr_number_may_not_begin_with_zero_even_when_the_sum_is_right():
    right = [f"0{n:07d}" for n in range(200) if sum(
        int(d) * w for d, w in zip(f"0{n:07d}", (2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0]  # fmt: skip
    assert right
    assert not any(is_cvr(number) for number in right)


@pytest.mark.parametrize(
    "number",
    ["212999-0012", "2129990012", "212999 0012", "16212999-0012", "162129990012", 2129990012],
)
def test_a_swedish_number_with_the_right_luhn_digit_is_valid(number):
    assert is_swedish_org_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "212999-0013",
        "21299900",
        "19212999-0012",
        "212999.0012",
        "",
        "811218-9876",
        "SE2129990012",
        "162129990012x",
        "16162129990012",
        *NO_TEXT,
    ],
)
def test_any_other_swedish_number_is_not(number):
    assert not is_swedish_org_number(number)


def test_a_person_is_no_swedish_organisation():
    assert not is_swedish_org_number("811228-9874")  # Luhn is right, the third digit is below 2


@pytest.mark.parametrize("address", ["a@b.no", "åse.næss@sub.example.museum", "a+b@c.d.se"])
def test_an_address_has_one_at_and_an_ending(address):
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a@b.c",
        "a b@c.no",
        "@b.no",
        "a@",
        "a@b.no ",
        "a@b.no\n",
        "a@b.n0",
        "a@@b.no",
        "",
        None,
        5,
        ["a@b.no"],
    ],
)
def test_anything_else_is_no_address(address):
    assert not is_email(address)


@pytest.mark.parametrize(
    ("code", "version"),
    [
        *(("J45", "ICD-10"), ("J45.9", "ICD-10"), ("J459", "ICD-10-SE"), ("C7A", "ICD-10")),
        *(("J45-J46", "ICD-10"), ("S72.00A1", "ICD-10-SE"), ("493", "ICD-9"), ("493A", "ICD-9")),
        *(("E930.0", "ICD-9"), ("V30", "ICD-9"), ("493.01", "ICD-9"), ("493", "ICD-8")),
        *(("493,0", "ICD-8"), ("493.01", "ICD-7"), ("490-493", "ICD-7"), ("asthma", "own")),
        *(("asthma", None), ("a-b-c", "")),
    ],
)
def test_a_code_of_the_classifications_shape_will_do(code, version):
    assert is_icd_code(code, version)


@pytest.mark.parametrize(
    ("code", "version"),
    [
        *(("j45", "ICD-10"), ("J4", "ICD-10"), ("J45.", "ICD-10"), ("J45-", "ICD-10")),
        *(("J45-asthma", "ICD-10"), ("J45-J46-J47", "ICD-10"), (" J45", "ICD-10")),
        *(("J45.123456", "ICD-10"), ("asthma", "ICD-9"), ("49", "ICD-9"), ("493.012", "ICD-9")),
        *(("J45", "ICD-8"), ("493A", "ICD-7"), ("", "ICD-10"), ("", None), (None, None)),
        *((493, "ICD-9"), (["J45"], "ICD-10"), ("493\n", "ICD-9")),
    ],
)
def test_a_code_of_another_shape_will_not(code, version):
    assert not is_icd_code(code, version)


def test_a_version_that_is_no_text_is_no_version():
    assert is_icd_code("asthma", ["ICD-10"])


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2026-03-01", "2028-03-01"),
        ("2024-02-29", "2026-02-28"),
        ("2026-02-28", "2028-02-28"),
        ("2026-03-01T12:00:00", "2028-03-01"),
        ("soon", None),
        ("2026-02-30", None),
        ("9999-01-01", None),
        (None, None),
        (2026, None),
        (["2026-03-01"], None),
    ],
)
def test_two_years_later_is_the_same_day(day, later):
    assert plus_years(day, 2) == later


def test_29_february_stays_when_there_is_one():
    assert plus_years("2024-02-29", 4) == "2028-02-29"
