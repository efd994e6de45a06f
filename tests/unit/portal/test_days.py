"""Days: how they are read, and the bounds that hold everywhere."""

from argparse import ArgumentTypeError
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from applications.exchange.values import wrong
from applications.forms.fields import form_field
from applications.forms.handling import MonthField
from applications.imports.understanding import understand
from applications.schemes import current
from catalogue.reading import read as read_catalogue
from institutions.lists.reading import read as read_list
from portal import days

OUTSIDE = ("0027-01-01", "1899-12-31", "2151-01-01", "9999-12-31")
INSIDE = ("1900-01-01", "2026-11-30", "2150-12-31")


@pytest.mark.parametrize("text", INSIDE)
def test_a_day_within_the_bounds_is_taken(text):
    assert days.DayField().clean(text) == date.fromisoformat(text)
    assert days.IsoDayField().clean(text) == text
    assert days.argument(text) == date.fromisoformat(text)
    assert days.good_iso(text)


@pytest.mark.parametrize("text", OUTSIDE)
@pytest.mark.parametrize("field", [days.DayField, days.IsoDayField])
def test_a_day_outside_is_refused_and_the_field_says_between_which_years(field, text):
    with pytest.raises(ValidationError) as refused:
        field().clean(text)
    assert refused.value.messages == ["Give a day between the years 1900 and 2150."]
    assert not days.good_iso(text)


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_command_refuses_such_a_day_too(text):
    with pytest.raises(ArgumentTypeError):
        days.argument(text)


@pytest.mark.parametrize("text", ["31.12.2026", "31/12/2026", "31-12-2026", " 2026-12-31 "])
def test_a_day_is_read_as_people_write_it(text):
    assert days.DayField().clean(text) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "text", ["soon", "2026-02-30", "31.12.27", "27-01-01", "20261231", "１.1.2026", "2026-12-31T00"]
)
def test_what_is_no_day_is_said_to_be_none(text):
    with pytest.raises(ValidationError) as refused:
        days.DayField().clean(text)
    assert "year-month-day" in refused.value.messages[0]


def test_the_browser_is_told_the_bounds():
    attrs = days.DayField().widget.attrs
    assert (attrs["min"], attrs["max"]) == ("1900-01-01", "2150-12-31")


def test_a_day_left_open_is_no_day_outside():
    assert days.DayField(required=False).clean("") is None
    assert days.within(None, date(2026, 1, 1))


@pytest.mark.parametrize("agency", ["SSB", "DST"])  # Socialstyrelsen asks for none
@pytest.mark.parametrize("text", OUTSIDE)
def test_no_date_of_a_form_or_a_row_takes_it(agency, text):
    scheme = current(agency)
    fields = [f for form_type in scheme.forms for f in scheme.fields(form_type)]
    dated = [f for g in fields for f in (g, *g.columns) if f.type == "date"]
    assert dated
    for field in dated:
        assert wrong(field, text) == "bounds", field.path  # an imported application
        with pytest.raises(ValidationError):
            form_field(field, "en").clean(text)


@pytest.mark.parametrize("text", OUTSIDE)
def test_no_list_takes_it(text):
    persons = current("SSB").field("persons")
    columns = {0: "name", 1: "informedOn"}
    [row] = understand([["Kari Nordmann", text]], columns, persons, first_line=1)
    assert row.problems["informedOn"] == ("date", text)
    assert "informedOn" not in row.data
    lines = [["name", "country", "valid_until"], ["Fjordheim", "NO", text]]
    assert [fault.code for fault in read_list(lines, "NO").faults] == ["day"]


def test_a_year_of_the_catalogue_has_bounds_as_well():
    lines = [["register_code", "register", "name", "first_year"], ["R", "Reg", "V", "0027-01-01"]]
    assert [fault.code for fault in read_catalogue(lines).faults] == ["year"]


def test_a_month_has_the_same_bounds():
    assert MonthField().clean("2026-05") == date(2026, 5, 1)
    with pytest.raises(ValidationError) as refused:
        MonthField().clean("9999-05")
    assert refused.value.messages == ["Give a day between the years 1900 and 2150."]
