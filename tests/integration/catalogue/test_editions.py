"""A new edition changes what changed, retires what is gone, deletes nothing, and is told."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from catalogue import commands, reading
from catalogue.models import Catalogue, Register, Variable
from portal import clock
from portal.events.models import Event
from tests.integration.catalogue.conftest import DAY, ROWS, changed, lines, take
from tests.people import person, staff

LATER = date(2026, 3, 1)


def test_the_first_edition_makes_registers_and_variables(catalogue):
    assert catalogue.number == 1
    assert catalogue.counts["variables"]["new"] == len(ROWS)
    assert catalogue.counts["registers"]["new"] == 4
    sex = Variable.objects.get(code="KJONN")
    assert (sex.register.name, sex.first_year, sex.last_year) == ("Befolkning", 1964, 2025)


def test_the_same_file_again_changes_nothing_and_is_an_edition(catalogue):
    before = list(Variable.objects.order_by("pk").values())
    again = take(day=LATER)
    assert again.number == 2
    assert again.counts["variables"] == {"new": 0, "changed": 0, "back": 0, "gone": 0, "same": 7}
    assert list(Variable.objects.order_by("pk").values()) == before


def test_what_changed_is_changed_and_stays_the_same_variable(catalogue):
    before = Variable.objects.get(code="KJONN").pk
    counts = take(changed(0, first_year="1960"), day=LATER).counts
    assert counts["variables"]["changed"] == 1
    after = Variable.objects.get(code="KJONN")
    assert (after.pk, after.first_year) == (before, 1960)


def test_what_is_no_longer_in_the_file_is_retired_and_not_deleted(catalogue):
    counts = take([row for row in ROWS if row["register_code"] != "HELSE"], day=LATER).counts
    assert (counts["registers"]["gone"], counts["variables"]["gone"]) == (1, 1)
    assert Variable.objects.get(code="DIAG").retired == LATER
    assert Register.objects.get(code="HELSE").retired == LATER


def test_what_was_retired_earlier_keeps_its_day(catalogue):
    less = [row for row in ROWS if row["register_code"] != "HELSE"]
    take(less, day=LATER)
    take(less, day=LATER + timedelta(days=30))
    assert Variable.objects.get(code="DIAG").retired == LATER


def test_what_is_in_the_file_again_is_there_again(catalogue):
    take(ROWS[1:], day=LATER)
    counts = take(day=LATER).counts
    assert counts["variables"]["back"] == 1
    assert Variable.objects.get(code="KJONN").retired is None


def test_columns_that_the_file_does_not_have_stay_as_they_were(catalogue):
    counts = take(columns=("register_code", "register", "code", "name"), day=LATER).counts
    assert counts["variables"]["same"] == len(ROWS)
    assert Variable.objects.get(code="FODSELSDATO").identifying
    assert Register.objects.get(code="BEF").holder == "SSB"


def test_a_register_that_is_renamed_is_found_by_its_new_name_through_its_variables(catalogue):
    rows = [
        row | {"register": "Pasientoversikten"} if row["register_code"] == "HELSE" else row
        for row in ROWS
    ]
    counts = take(rows, day=LATER).counts
    assert counts["registers"]["changed"] == 1
    assert " pasientoversikten" in Variable.objects.get(code="DIAG").folded


def test_agencies_do_not_touch_each_other(catalogue):
    take(ROWS[:1], agency="DST")
    assert Variable.objects.filter(agency="SSB", retired__isnull=True).count() == len(ROWS)
    assert Variable.objects.filter(agency="DST").count() == 1


def test_an_edition_is_told_with_its_counts(db):
    admin = staff("agency_admin")
    made = take(by=admin)
    event = Event.objects.get(stream="catalogue:SSB")
    assert event.type == "catalogue.imported"
    assert event.actor == admin.reference
    assert event.data["edition"] == made.number
    assert event.data["counts"]["variables"]["new"] == len(ROWS)


def test_only_an_administrator_of_the_agency_takes_an_edition_in(db):
    for somebody in (person(), staff("case_officer"), staff("agency_admin", "DST")):
        with pytest.raises(commands.Forbidden):
            take(by=somebody)
    assert not Variable.objects.exists()


def test_nothing_is_taken_in_while_a_row_is_wrong(catalogue):
    with pytest.raises(commands.Faulty):
        take(changed(0, first_year="soon"), day=LATER)
    assert Catalogue.objects.count() == 1


def test_an_edition_made_against_an_older_one_is_refused(catalogue):
    take(changed(0, first_year="1960"), day=LATER, base=1)
    with pytest.raises(commands.Stale):
        take(day=LATER, base=1)
    assert Variable.objects.get(code="KJONN").first_year == 1960


def test_a_preview_changes_nothing(catalogue):
    preview = commands.preview("SSB", reading.read(lines(changed(0, first_year="1960"))))
    assert preview.base == 1
    (change,) = preview.difference.variables
    assert change.fields == {"first_year": (1964, 1960)}
    assert Variable.objects.get(code="KJONN").first_year == 1964


def test_no_edition_is_valid_from_a_day_to_come(catalogue):
    with pytest.raises(commands.WrongDay, match="future"):
        take(day=clock.now().date() + timedelta(days=3))


def test_no_edition_is_valid_from_before_the_one_that_is_there(catalogue):
    with pytest.raises(commands.WrongDay, match="before"):
        take(day=DAY - timedelta(days=1))


def test_a_variable_without_a_code_is_known_by_its_name(db):
    row = {"register": "Levekår", "name": "Trivsel", "first_year": "2001"}
    take([row])
    counts = take([row | {"first_year": "2002"}], day=LATER).counts
    assert counts["variables"]["changed"] == 1
    assert Variable.objects.get().first_year == 2002


def test_many_rows_are_compared_in_few_queries(db, django_assert_max_num_queries):
    rows = [ROWS[0] | {"code": f"C{at}", "name": f"Variabel {at}"} for at in range(1_500)]
    sheet = reading.read(lines(rows))
    with django_assert_max_num_queries(4):
        commands.preview("SSB", sheet)
    with django_assert_max_num_queries(30):
        take(rows)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_confirm_at_the_same_moment_one_looks_again():
    take()
    outcomes = []
    both = threading.Barrier(2)

    def confirm(year):
        both.wait(10)
        try:
            outcomes.append(take(changed(0, first_year=year), day=LATER, base=1).number)
        except commands.Stale:
            outcomes.append("stale")
        finally:
            connections.close_all()

    people = [threading.Thread(target=confirm, args=(year,)) for year in ("1960", "1961")]
    for one in people:
        one.start()
    for one in people:
        one.join(30)
    assert sorted(map(str, outcomes)) == ["2", "stale"]
    assert Catalogue.objects.count() == 2
