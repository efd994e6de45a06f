"""Statutory days are those of the agency's calendar, to the second."""

from datetime import UTC, date, datetime, timedelta

import pytest

from applications.commands.submitting import end_of_day
from portal import clock

OSLO = "Europe/Oslo"
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("midnight", "ends", "begins"),
    [
        # The moment in UTC at which a day of Oslo begins, the day before it, and the day.
        (datetime(2026, 1, 14, 23, tzinfo=UTC), date(2026, 1, 14), date(2026, 1, 15)),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), date(2026, 3, 28), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), date(2026, 3, 29), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), date(2026, 10, 24), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), date(2026, 10, 25), date(2026, 10, 26)),
        (datetime(2028, 2, 28, 23, tzinfo=UTC), date(2028, 2, 28), date(2028, 2, 29)),
        (datetime(2028, 2, 29, 23, tzinfo=UTC), date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_a_day_ends_at_midnight_where_the_agency_sits_also_when_clocks_change(
    midnight: datetime, ends: date, begins: date
) -> None:
    with clock.frozen(midnight - SECOND):
        assert clock.today(OSLO) == ends
    with clock.frozen(midnight):
        assert clock.today(OSLO) == begins


@pytest.mark.parametrize(
    ("from_moment", "days", "last"),
    [
        # Over the change to summer time, the change back, and a leap day.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), 3, datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), 3, datetime(2026, 10, 26, 22, 59, 59, tzinfo=UTC)),
        (datetime(2028, 2, 28, 12, tzinfo=UTC), 1, datetime(2028, 2, 29, 22, 59, 59, tzinfo=UTC)),
        # One second before midnight in Oslo is still the day that ends.
        (
            datetime(2026, 1, 14, 22, 59, 59, tzinfo=UTC),
            1,
            datetime(2026, 1, 15, 22, 59, 59, tzinfo=UTC),
        ),
    ],
)
def test_a_deadline_in_days_ends_with_the_last_second_of_its_day(
    from_moment: datetime, days: int, last: datetime
) -> None:
    due = end_of_day(from_moment, OSLO, days)
    assert due.astimezone(UTC).replace(microsecond=0) == last
